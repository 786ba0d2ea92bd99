"""``ccengine flow check``: everything that is wrong in flows, at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ccengine.cli.flow_site import flows_of
from ccengine.ivr.absent_recordings import absent_recordings
from ccengine.ivr.load import FlowsRead, read_flows
from ccengine.settings import Settings
from ccengine.site.load import read_site_file
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError, Problem
from ccengine.yamlsource.told import counted, told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    settings = Settings()
    parser.add_argument(
        "paths",
        type=Path,
        nargs="*",
        default=[settings.flows],
        metavar="PATH",
        help="flow files, and folders of them (the folder of flows)",
    )
    parser.add_argument(
        "--site",
        type=Path,
        metavar="FILE",
        help="the site file, for queues, hours and all other names (without it they are trusted)",
    )
    parser.add_argument("--strict", action="store_true", help="warnings are problems")
    parser.add_argument("--json", action="store_true", help="for editors and other programs")


def run(args: argparse.Namespace) -> int:
    """0: nothing is wrong; 1: all that is wrong is told, each with its place and cure."""
    site, problems = _site(args.site, args.paths)
    checked = 0
    for folder, files in _wanted(args.paths).items():
        read = read_flows(folder, site)
        found = [*read.problems, *read.warnings, *absent_recordings(read, Settings().prompts)]
        if files is not None:
            found += read.following  # of files that may not be told of themselves
        wanted = [it for it in found if files is None or Path(it.file) in files]
        problems += sorted(wanted, key=lambda it: (it.file, it.at))
        checked += _count(read, folder, files)
        problems += _not_there(folder, files)
    grave = [it for it in problems if args.strict or not it.warning]
    if args.json:
        print(json.dumps([_as_json(it) for it in problems], ensure_ascii=False, indent=1))
        return 1 if grave else 0
    for line in told(problems):
        print(line, file=sys.stderr)
    warnings = len(problems) - len([it for it in problems if not it.warning])
    if grave:
        print(counted(len(grave), "problem"), file=sys.stderr)
        return 1
    also = f", {counted(warnings, 'warning')}" if warnings else ""
    print(f"ok: {counted(checked, 'flow')}{also}")
    return 0


def _site(path: Path | None, paths: Sequence[Path]) -> tuple[Site | None, list[Problem]]:
    if path is None:
        return None, []
    known = [names for folder in _wanted(paths) if (names := flows_of(folder)) is not None]
    try:
        return read_site_file(path, known[0] if known else None).site, []
    except BadFileError as error:
        return None, list(error.problems)


def _wanted(paths: Sequence[Path]) -> dict[Path, set[Path] | None]:
    """Folder -> the files of it that were asked for; None: all. A flow is judged among those
    beside it, since it may lead to them."""
    wanted: dict[Path, set[Path] | None] = {}
    for path in paths:
        if path.suffix not in (".yaml", ".yml"):
            wanted[path] = None
            continue
        files = wanted.setdefault(path.parent, set())
        if files is not None:
            files.add(path)
    return wanted


def _count(read: FlowsRead, folder: Path, files: set[Path] | None) -> int:
    return sum(1 for flow in read.flows if files is None or folder / f"{flow}.yaml" in files)


def _not_there(folder: Path, files: set[Path] | None) -> list[Problem]:
    return [
        Problem.of_file(file, "there is no such file", "check the path")
        for file in sorted(files or ())
        if not file.exists()
    ]


def _as_json(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.at.line,
        "column": problem.at.column,
        "severity": "warning" if problem.warning else "error",
        "message": problem.message,
        "cure": problem.cure,
    }
