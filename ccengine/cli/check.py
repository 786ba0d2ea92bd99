"""``ccengine check``: everything that is wrong in the site file and the flows, at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ccengine.settings import Settings
from ccengine.site.load import SiteFile, read_site_file
from ccengine.site.waits_table import waits_table
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
    """0: both can go live; 1: standard error tells every problem with its line and cure.

    Then also what may go live and should be known, and how long callers wait under the load that
    the site file declares.
    """
    # Here, not above: the flow steps are many, and most commands need none of them.
    from ccengine.ivr.load import check_flows

    read, problems = _read(args.site, args.flows)
    flows, in_flows = check_flows(args.flows, read.site if read else None)
    problems += in_flows
    if problems:
        for problem in problems:
            print(problem, file=sys.stderr)
        count = len(problems)
        print(f"{count} {'problem' if count == 1 else 'problems'}", file=sys.stderr)
        return 1
    assert read is not None
    for warning in read.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    site = read.site
    print(
        f"ok: {len(site.queues)} queues, {len(site.agents)} agents, "
        f"{len(site.numbers)} numbers, {len(flows)} flows"
    )
    for line in waits_table(site):
        print(line)
    return 0


def _read(path: Path, flows: Path) -> tuple[SiteFile | None, list[Problem]]:
    # A flow that is broken is there all the same: its own problems are told with it.
    names = {file.stem for file in flows.glob("*.yaml")}
    try:
        return read_site_file(path, names), []
    except BadFileError as error:
        return None, list(error.problems)
