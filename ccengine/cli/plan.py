"""``ccengine plan``: what a changed site file would have made of past traffic."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from ccengine.cli.endings import could_not, wrong
from ccengine.cli.report import spoken
from ccengine.clock import EngineClock, moment
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.ids import AgentId
from ccengine.journal.codec import decode
from ccengine.journal.export import BadLineError, facts_in, rows
from ccengine.journal.facts import Fact
from ccengine.plan.body import plan_body
from ccengine.plan.picture import picture, picture_page
from ccengine.plan.plan import SEEDS, Plan, make_plan
from ccengine.plan.reading import PLAN_FACTS, NoTrafficError, traffic_of
from ccengine.plan.table import plan_table
from ccengine.plan.traffic import Traffic
from ccengine.reports.period import BadReportError, period
from ccengine.settings import Settings
from ccengine.site.load import load_site
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError

MARGIN = timedelta(hours=1)
"""Read before the period, to fill the floor, and after it, to let calls end."""
MOST_FACTS = 2_000_000
"""More would not fit into memory beside everything else."""
MOST_SEEDS = 1_000


class WrongArgumentError(ValueError):
    """The text says what is wrong and what is right."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    when = "YYYY-MM-DD or YYYY-MM-DDTHH:MM in the site's time zone"
    parser.add_argument("site", type=Path, metavar="FILE", help="the changed site file")
    parser.add_argument("--now", type=Path, metavar="FILE", help="default: the file in force")
    parser.add_argument(
        "--traffic",
        type=Path,
        metavar="FILE",
        help="of `ccengine journal export`; default: the database",
    )
    parser.add_argument("--from", dest="since", metavar="WHEN", help=f"{when}; default: yesterday")
    parser.add_argument("--to", dest="until", metavar="WHEN", help=f"{when}; a day: all of it")
    parser.add_argument(
        "--like", action="append", default=[], metavar="NEW=OLD", help="a new agent works as this"
    )
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"simulated days; {SEEDS}")
    parser.add_argument("--seed", type=int, default=1, help="the first of them; 1")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="at a time; one a processor"
    )
    parser.add_argument("--json", action="store_true", help="all figures, for other programs")
    parser.add_argument(
        "--picture", type=Path, metavar="FILE", help="FILE.svg, or FILE.html with the table"
    )
    parser.add_argument(
        "--lang", choices=("zh-CN", "en"), help="default: Chinese in a Chinese locale"
    )


def run(args: argparse.Namespace) -> int:
    """0: planned, trusted or not; 1: something given is wrong; 2: it could not be read or
    written."""
    try:
        plan = _plan(args)
        language = args.lang or spoken()
        if args.json:
            print(json.dumps(plan_body(plan, language), ensure_ascii=False, indent=2))
        else:
            print(plan_table(plan, language))
        if args.picture:
            page = picture_page if args.picture.suffix == ".html" else picture
            args.picture.write_text(page(plan, language), encoding="utf-8")
    except (
        BadFileError,
        BadReportError,
        BadLineError,
        NoTrafficError,
        WrongArgumentError,
    ) as error:
        return wrong(error)
    except (DatabaseError, SQLAlchemyError, OSError) as error:
        return could_not(error)
    return 0


def _plan(args: argparse.Namespace) -> Plan:
    settings = Settings()
    flows = [path.stem for path in settings.flows.glob("*.y*ml")]
    before = load_site(args.now or settings.site, flows)
    after = load_site(args.site, flows)
    _check(args)
    like = _like(args.like, before, after)
    return make_plan(
        _traffic(args, settings, before),
        before,
        after,
        seeds=args.seeds,
        first_seed=args.seed,
        like=like,
        processes=args.processes,
    )


def _check(args: argparse.Namespace) -> None:
    if not 1 <= args.seeds <= MOST_SEEDS:
        raise WrongArgumentError(f"--seeds must be 1 to {MOST_SEEDS}")
    if args.processes < 1:
        raise WrongArgumentError("--processes must be at least 1")
    if args.picture and args.picture.suffix not in (".svg", ".html"):
        raise WrongArgumentError("--picture must end in .svg or .html")


def _like(given: list[str], before: Site, after: Site) -> dict[AgentId, AgentId]:
    like = {}
    for pair in given:
        new, equals, old = pair.partition("=")
        if not equals or new not in after.agents or old not in before.agents:
            raise WrongArgumentError(
                f"--like {pair}: write NEW=OLD, an agent of the changed file and one of the "
                "file in force"
            )
        like[AgentId(new)] = AgentId(old)
    return like


def _traffic(args: argparse.Namespace, settings: Settings, site: Site) -> Traffic:
    zone = ZoneInfo(site.time_zone)
    now = moment(EngineClock().now())
    if args.traffic and not (args.since or args.until):
        return traffic_of(_bounded(facts_in(args.traffic)))
    yesterday = (now.astimezone(zone) - timedelta(days=1)).date().isoformat()
    until_when = args.until or (None if args.since else yesterday)
    since, until = period(args.since or yesterday, until_when, zone, now)
    bounds = since.timestamp(), until.timestamp()
    if args.traffic:
        return traffic_of(_bounded(facts_in(args.traffic)), *bounds)
    return traffic_of(asyncio.run(_read(settings.database, since, until)), *bounds)


async def _read(url: str, since: datetime, until: datetime) -> list[Fact]:
    database = Database(url)
    kinds = [fact_type.kind for fact_type in PLAN_FACTS]
    try:
        await database.check()
        found = []
        async for row in rows(database.sessions, since - MARGIN, until + MARGIN, kinds=kinds):
            found.append(decode(row.kind, row.body))
            _check_count(len(found))
        return found
    finally:
        await database.dispose()


def _bounded(facts: Iterable[Fact]) -> Iterator[Fact]:
    for count, fact in enumerate(facts, 1):
        _check_count(count)
        yield fact


def _check_count(count: int) -> None:
    if count > MOST_FACTS:
        raise WrongArgumentError(
            f"there are more than {MOST_FACTS} facts: plan with a shorter period"
        )
