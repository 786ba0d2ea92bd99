"""``ccengine doctor``: what is wrong with this machine's set-up, in plain words and with a cure.

It looks and asks, and changes nothing. The FastAGI port is never connected to.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator

from ccengine.cli import doctor_checks as checks
from ccengine.cli.findings import Finding, Health, bad
from ccengine.engine.flows import Loaded
from ccengine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="tell only what is wrong")


def run(args: argparse.Namespace) -> int:
    """0: nothing is wrong; 1: something is, and the text says what and how to put it right."""
    wrong = 0
    for finding in examine(Settings()):
        wrong += finding.health is Health.BAD
        if finding.health is Health.BAD or not args.quiet:
            print(finding, flush=True)
    print("nothing is wrong" if not wrong else f"{wrong} to put right")
    return 1 if wrong else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, one after the other, as they are made."""
    loaded = None
    for finding_or_site in checks.site_files(settings):
        if isinstance(finding_or_site, Loaded):
            loaded = finding_or_site
        else:
            yield finding_or_site
    yield from checks.asterisk_program(settings)
    yield from checks.speech(settings)
    yield from checks.secrets(settings, loaded)
    yield from checks.asterisk_files(settings, loaded)
    yield from checks.disk(settings)
    yield from checks.limits(settings)
    yield from checks.prompts(settings, loaded)
    running = list(checks.ports(settings))
    yield from running
    yield from asyncio.run(_ask(settings))


async def _ask(settings: Settings) -> list[Finding]:
    """What takes an answer from somebody else."""
    findings = await asyncio.gather(
        checks.ami(settings), checks.database(settings), return_exceptions=True
    )
    told: list[Finding] = []
    for finding in findings:
        if isinstance(finding, Exception):
            told.append(bad("doctor", f"a check broke: {finding!r}", "please report this"))
        elif isinstance(finding, BaseException):
            raise finding
        elif finding is not None:
            told.append(finding)
    return told
