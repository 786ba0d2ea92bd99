"""``ccengine flow versions``: what was in force, when, and by whom."""

from __future__ import annotations

import argparse

from ccengine.cli.publications import with_publications
from ccengine.engine.publishing import Publishing
from ccengine.flows.model import Publication
from ccengine.ids import FlowId
from ccengine.reports.table import width
from ccengine.yamlsource.told import counted

MOST = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("flow", nargs="?", help="only publications that changed this flow")
    parser.add_argument("--all", action="store_true", help=f"more than the newest {MOST}")


def run(args: argparse.Namespace) -> int:
    """0: listed, the newest first; 2: the database cannot be read."""

    async def versions(publishing: Publishing) -> None:
        flow = FlowId(args.flow) if args.flow else None
        listed = await publishing.publications.listed(flow, 10_000 if args.all else MOST)
        if not listed:
            print(f"no publication has a flow {flow!r}" if flow else "nothing was published yet")
        rows = [_row(one, flow) for one in listed]
        wide = [max(map(width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [
                cell + " " * (most - width(cell)) for cell, most in zip(row, wide, strict=True)
            ]
            print("  ".join(cells).rstrip())

    return with_publications(versions)


def _row(one: Publication, flow: FlowId | None) -> list[str]:
    version = next((file.version for file in one.files if file.flow == flow), "gone")
    what = version if flow is not None else counted(len(one.files), "flow")
    like = f"= {one.equals}" if one.equals is not None else one.source.value
    at = one.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return [str(one.number), at, one.author, what, like, one.note]
