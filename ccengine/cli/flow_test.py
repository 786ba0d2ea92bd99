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
from ccengine.flowtest.explore_report import Walked, walked, walked_as_json, walked_as_text
from ccengine.flowtest.flow_files import FlowFiles, read_flow_files
from ccengine.flowtest.report import as_json, as_text
from ccengine.flowtest.spoken_time import estimated
from ccengine.ivr.speech import PromptMissingError, PromptStore
from ccengine.ivr.waits import Prompt
from ccengine.settings import Settings
from ccengine.site.model import Site
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
    parser.add_argument(
        "--explore", action="store_true", help="walk every path, and tell what is wrong with them"
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
    walks = asyncio.run(_walk(one, files, site)) if args.explore else []
    if args.json:
        explored = [walked_as_json(walk, files) for walk in walks]
        told.append({**as_json(done, files), "explored": explored})
    else:
        for line in as_text(done, files, coverage=args.coverage or args.min_coverage is not None):
            print(line)
        for walk in walks:
            for line in walked_as_text(walk, files):
                print(line)
    if files.problems or done.problems or done.failed or any(walk.wrong for walk in walks):
        return WRONG
    if args.min_coverage is not None and done.coverage.percent < args.min_coverage:
        print(f"covered less than {args.min_coverage:g} %", file=sys.stderr)
        return WRONG
    return 0


async def _walk(one: Chosen, files: FlowFiles, site: Site | None) -> list[Walked]:
    """Each of the flows by itself, as far as calls can begin in it."""
    settings = Settings()
    rendered = PromptStore(settings.prompts, settings.tts_command)

    def spoken_time(prompt: Prompt) -> float:
        try:
            return rendered.duration(prompt)
        except PromptMissingError:
            return estimated(prompt)

    begun = [
        flow
        for name, flow in files.flows.items()
        if not flow.takes and (not one.flows or name in one.flows)
    ]
    return [await walked(flow, site, spoken_time) for flow in begun]
