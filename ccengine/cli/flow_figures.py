"""``ccengine flow figures``: what callers did in the flows, by flow, day and step."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from ccengine.cli.endings import could_not, wrong
from ccengine.cli.flow_figures_table import by_day, by_flow, by_step
from ccengine.cli.report import spoken
from ccengine.clock import EngineClock, moment
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.flows.days import MOST_DAYS, day_bounds
from ccengine.flows.figures import FlowFigures, flow_figures
from ccengine.ids import FlowId
from ccengine.journal.flow_sums import FlowSums
from ccengine.settings import Settings
from ccengine.site.load import load_site
from ccengine.yamlsource.model import BadFileError

Figures = Mapping[FlowId, FlowFigures]


def _days(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(f"from 1 to {MOST_DAYS} days")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("flow", nargs="?", metavar="FLOW", help="this flow, by day and step")
    parser.add_argument(
        "--days", type=_days, default=7, metavar="N", help="today and those before (7)"
    )
    parser.add_argument(
        "--language", choices=("zh-CN", "en"), help="default: Chinese in a Chinese locale"
    )


def run(args: argparse.Namespace) -> int:
    """0: printed; 1: the site file is wrong, or no such flow; 2: the database cannot be read."""
    settings = Settings()
    names = [path.stem for path in settings.flows.glob("*.y*ml")]
    try:
        site = load_site(settings.site, names)
        bounds = day_bounds(moment(EngineClock().now()), site.time_zone, args.days)
        whole, days = asyncio.run(_read(settings.database, bounds))
    except BadFileError as error:
        return wrong(error)
    except (DatabaseError, SQLAlchemyError) as error:
        return could_not(error)
    language = args.language or spoken()
    if args.flow is None:
        print(by_flow(whole, language))
        return 0
    flow = FlowId(args.flow)
    if flow not in whole and flow not in names:
        known = ", ".join(sorted({*whole, *names}))
        return wrong(ValueError(f"no flow {flow!r}; there are {known}"))
    dates = [midnight.date() for midnight in bounds[:-1]]
    print(by_day(dates, [day.get(flow) for day in days], language))
    if found := whole.get(flow):
        print(f"\n{by_step(found, language)}")
    return 0


async def _read(url: str, bounds: Sequence[datetime]) -> tuple[Figures, list[Figures]]:
    database = Database(url)
    try:
        await database.check_shape()
        sums = FlowSums(database.sessions)
        steps = await sums.steps(bounds[0], bounds[-1])
        days = await sums.calls_by_day(bounds)
    finally:
        await database.dispose()
    whole = flow_figures(steps, [call for day in days for call in day])
    return whole, [flow_figures((), day) for day in days]
