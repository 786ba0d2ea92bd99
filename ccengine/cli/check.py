"""``ccengine check``: everything that is wrong in the site file and the flows, at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ccengine.settings import Settings
from ccengine.site.load import load_site
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    settings = Settings()
    parser.add_argument(
        "--site", type=Path, default=settings.site, metavar="FILE", help="the site file"
    )
    parser.add_argument(
        "--flows", type=Path, default=settings.flows, metavar="DIR", help="the folder of flows"
    )


def run(args: argparse.Namespace) -> int:
    """0: both can go live; 1: standard error tells every problem with its line and cure."""
    # Here, not above: the flow steps are many, and most commands need none of them.
    from ccengine.ivr.load import check_flows

    site, problems = _site(args.site, args.flows)
    flows, in_flows = check_flows(args.flows, site)
    problems += in_flows
    if problems:
        for problem in problems:
            print(problem, file=sys.stderr)
        count = len(problems)
        print(f"{count} {'problem' if count == 1 else 'problems'}", file=sys.stderr)
        return 1
    assert site is not None
    print(
        f"ok: {len(site.queues)} queues, {len(site.agents)} agents, "
        f"{len(site.numbers)} numbers, {len(flows)} flows"
    )
    return 0


def _site(path: Path, flows: Path) -> tuple[Site | None, list[Problem]]:
    # A flow that is broken is there all the same: its own problems are told with it.
    names = {file.stem for file in flows.glob("*.yaml")}
    try:
        return load_site(path, names), []
    except BadFileError as error:
        return None, list(error.problems)
