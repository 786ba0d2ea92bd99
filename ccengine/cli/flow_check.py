"""``ccengine flow check``: everything that is wrong in flows, at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ccengine.ivr.load import check_flows
from ccengine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    settings = Settings()
    parser.add_argument(
        "paths", type=Path, nargs="*", default=[settings.flows], metavar="PATH", help="folders"
    )


def run(args: argparse.Namespace) -> int:
    """0: nothing is wrong; 1: standard error tells every problem with its line and cure."""
    wrong = False
    for folder in args.paths:
        _, problems = check_flows(folder, None)
        for problem in problems:
            print(problem, file=sys.stderr)
        wrong = wrong or bool(problems)
    return 1 if wrong else 0
