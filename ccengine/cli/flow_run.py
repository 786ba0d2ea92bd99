"""``ccengine flow run``: walk through a flow in the terminal as its caller, without a phone."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ccengine.cli.endings import WRONG
from ccengine.cli.flow_site import add_site_argument, site_for
from ccengine.flowtest.arrival import MORNING, Arrival, written_time
from ccengine.flowtest.flow_files import read_flow_files
from ccengine.flowtest.walk import Walk
from ccengine.ids import FlowId
from ccengine.yamlsource.model import BadFileError
from ccengine.yamlsource.read import load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    usual = Arrival()
    parser.add_argument("file", type=Path, metavar="FILE", help="the flow")
    add_site_argument(parser)
    parser.add_argument("--ani", default=usual.ani, metavar="NUMBER", help="who calls")
    parser.add_argument("--dnis", default=usual.dnis, metavar="NUMBER", help="what was dialled")
    parser.add_argument(
        "--at",
        type=_time,
        default=MORNING,
        metavar="TIME",
        help="when, such as 2026-10-01T10:00 (default: a Monday morning)",
    )
    parser.add_argument("--language", default=usual.language, choices=("zh-CN", "en"))
    parser.add_argument("--vip", default=usual.vip, metavar="LEVEL", help="the caller's VIP level")
    parser.add_argument("--customer", default="", metavar="NAME", help="who the caller is known as")
    parser.add_argument(
        "--answers", type=Path, metavar="FILE", help="YAML: what outside systems answer, by name"
    )


def _time(text: str) -> datetime:
    try:
        return written_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """0, and the call as a case on standard output; 1: the flow or a file is wrong."""
    try:
        walk = _walk(args)
    except BadFileError as error:
        print(error, file=sys.stderr)
        return WRONG
    terminal = sys.stdin.isatty()
    if terminal:
        import readline  # noqa: F401 - input() edits lines once it is loaded

        print("   /help says what can be typed")
    _show(walk.news())
    while not walk.over:
        try:
            line = input("> " if terminal else "")
        except (EOFError, KeyboardInterrupt):
            break
        if not terminal:
            print(f"> {line}")
        _show(asyncio.run(walk.take(line)))
        _show(walk.news())
    case = asyncio.run(walk.case())
    print(f"\n# This call as a case, for tests/{args.file.stem}.yaml:\n{case}", end="")
    return 0


def _walk(args: argparse.Namespace) -> Walk:
    """Raises BadFileError."""
    folder = args.file.parent
    site = site_for(args.site, folder)
    files = read_flow_files(folder, site)
    flow = files.flows.get(FlowId(args.file.stem))
    if flow is None:
        load(args.file)  # says so when it cannot even be read
        raise BadFileError(tuple(files.problems))
    answers = load(args.answers).value if args.answers else {}
    arrival = Arrival(
        ani=args.ani, dnis=args.dnis, at=args.at, language=args.language, vip=args.vip
    )
    if args.customer:
        arrival = replace(arrival, customer={"name": args.customer, "id": "1"})
    return Walk(flow, arrival, site, answers if isinstance(answers, dict) else {})


def _show(lines: list[str]) -> None:
    for line in lines:
        print(line, flush=True)
