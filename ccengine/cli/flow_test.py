"""``ccengine flow test``: the case files beside the flows, coverage, and every path walked."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from ccengine.cli.endings import WRONG
from ccengine.cli.flow_site import add_site_argument, site_for
from ccengine.flowtest.all_cases import run_cases
from ccengine.flowtest.chosen import Chosen, all_chosen
from ccengine.flowtest.flow_files import read_flow_files
from ccengine.flowtest.report import as_json, as_text
from ccengine.settings import Settings
from ccengine.yamlsource.model import BadFileError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        type=Path,
        nargs="*",
        default=[],
        metavar="PATH",
        help="folders of flows, flows, or case files (default: the folder of flows)",
    )
    add_site_argument(parser)
    parser.add_argument("--coverage", action="store_true", help="name what no case goes through")
    parser.add_argument(
        "--min-coverage", type=float, metavar="PERCENT", help="less than this is a failure"
    )
    parser.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace) -> int:
    """0: all is as written; 1: a case fails, a file is wrong, or too little is covered."""
    told: list[dict[str, object]] = []
    code = 0
    for one in all_chosen(args.paths or [Settings().flows]):
        try:
            code |= _test(one, args, told)
        except BadFileError as error:
            print(error, file=sys.stderr)
            code = WRONG
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return code


def _test(one: Chosen, args: argparse.Namespace, told: list[dict[str, object]]) -> int:
    """Raises BadFileError for the site file."""
    site = site_for(args.site, one.folder)
    files = read_flow_files(one.folder, site)
    done = asyncio.run(run_cases(one.cases, files, site, only=one.flows))
    if args.json:
        told.append(as_json(done, files))
    else:
        wanted = args.coverage or args.min_coverage is not None
        for line in as_text(done, files, coverage=wanted):
            print(line)
    if files.problems or done.problems or done.failed:
        return WRONG
    if args.min_coverage is not None and done.coverage.percent < args.min_coverage:
        print(f"covered less than {args.min_coverage:g} %", file=sys.stderr)
        return WRONG
    return 0
