"""``ccengine check``: everything that is wrong in the site file and the flows, at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ccengine.settings import Settings
from ccengine.site.load import SiteFile, read_site_file
from ccengine.site.waits_table import waits_table
from ccengine.yamlsource.model import BadFileError, Problem
from ccengine.yamlsource.told import counted, told


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
    from ccengine.ivr.absent_recordings import absent_recordings
    from ccengine.ivr.load import read_flows

    read, problems = _read(args.site, args.flows)
    in_flows = read_flows(args.flows, read.site if read else None)
    problems += in_flows.problems
    if problems or read is None:
        for line in told(problems):
            print(line, file=sys.stderr)
        print(counted(len(problems), "problem"), file=sys.stderr)
        return 1
    absent = absent_recordings(in_flows, Settings().prompts)
    for line in told([it.as_warning() for it in (*read.warnings, *in_flows.warnings, *absent)]):
        print(line, file=sys.stderr)
    site = read.site
    print(
        f"ok: {len(site.queues)} queues, {len(site.agents)} agents, "
        f"{len(site.numbers)} numbers, {len(in_flows.flows)} flows"
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
