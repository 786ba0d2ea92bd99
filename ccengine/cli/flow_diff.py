"""``ccengine flow diff``: what changed, in terms of steps, ways and texts."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from ccengine.cli.publications import NotGivenError, with_publications
from ccengine.cli.report import spoken
from ccengine.engine.publishing import Publishing, flows_of
from ccengine.flows.difference import changes, text_changes
from ccengine.flows.folder import read_texts
from ccengine.flows.model import Texts
from ccengine.ids import FlowId
from ccengine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = "a folder, a flow's file, or a publication's number"
    parser.add_argument("before", nargs="?", metavar="A", help=f"{what}; default: the newest")
    parser.add_argument("after", nargs="?", metavar="B", help=f"{what}; default: the folder")
    parser.add_argument("--text", action="store_true", help="the files' lines too")
    parser.add_argument(
        "--language", choices=("zh-CN", "en"), help="default: Chinese in a Chinese locale"
    )


def run(args: argparse.Namespace) -> int:
    """0: said, if anything changed; 1: no such publication or file; 2: no database or disk."""

    async def diff(publishing: Publishing) -> None:
        given = [one for one in (args.before, args.after) if one is not None]
        if len(given) == 2:
            before, after = [await _texts(one, publishing) for one in given]
        else:
            before = await _newest(publishing)
            after = await _texts(given[0] if given else str(Settings().flows), publishing)
        _say(before, after, _only(given), args.text, args.language or spoken())

    return with_publications(diff)


async def _newest(publishing: Publishing) -> Texts:
    number = await publishing.publications.newest_number()
    return await publishing.publications.texts(number) if number else {}


async def _texts(given: str, publishing: Publishing) -> Texts:
    there = await asyncio.to_thread(_on_disk, Path(given))
    if there is not None:
        return there
    if given.isdecimal():
        return await publishing.publications.texts(int(given))
    raise NotGivenError(f"{given} is neither a folder, nor a file, nor a publication's number")


def _on_disk(path: Path) -> Texts | None:
    if path.is_dir():
        return read_texts(path)
    # A file comes with the flows that it leads to.
    return read_texts(path.parent) if path.is_file() else None


def _only(given: Sequence[str]) -> set[FlowId]:
    """The flows that were named by their file; none: all."""
    return {FlowId(Path(one).stem) for one in given if Path(one).is_file()}


def _say(before: Texts, after: Texts, only: set[FlowId], with_text: bool, language: str) -> None:
    old, new = flows_of(before), flows_of(after)
    if only:
        before = {flow: text for flow, text in before.items() if flow in only}
        after = {flow: text for flow, text in after.items() if flow in only}
        old = {flow: one for flow, one in old.items() if flow in only}
        new = {flow: one for flow, one in new.items() if flow in only}
    broken = (set(before) - set(old)) | (set(after) - set(new))
    for which, texts, flows in (("A", before, old), ("B", after, new)):
        for flow in sorted(set(texts) - set(flows)):
            said = f"{flow}: has mistakes in {which}; `ccengine flow check` tells them"
            print(said, file=sys.stderr)
    found = changes(
        {flow: one for flow, one in old.items() if flow not in broken},
        {flow: one for flow, one in new.items() if flow not in broken},
    )
    for change in found:
        print(change.told(language))
    if not found and before == after:
        print("no difference")
    elif not found and not broken:
        print("no difference but in comments and the order of keys")
    if with_text:
        sys.stdout.write(text_changes(before, after))
