"""``ccengine report``: the queues of a period and what callers answered, from the journal."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from ccengine.cli.endings import could_not, wrong
from ccengine.clock import EngineClock, moment
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.ids import QueueId
from ccengine.journal.store import Journal
from ccengine.reports.body import report_body, survey_body
from ccengine.reports.period import BadReportError, period
from ccengine.reports.queues import QueueReport, only
from ccengine.reports.store import QueueReports
from ccengine.reports.surveys import SurveyReport, of_queue
from ccengine.reports.table import report_table, survey_table
from ccengine.settings import Settings
from ccengine.site.load import load_site
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    when = "YYYY-MM-DD or YYYY-MM-DDTHH:MM in the site's time zone"
    parser.add_argument("--from", dest="since", metavar="WHEN", help=f"{when}; default: today")
    parser.add_argument("--to", dest="until", metavar="WHEN", help=f"{when}; a day: all of it")
    parser.add_argument("--queue", help="this queue only")
    parser.add_argument(
        "--json", action="store_true", help="as /api/report/queues and /api/report/surveys answer"
    )
    parser.add_argument(
        "--language", choices=("zh-CN", "en"), help="default: Chinese in a Chinese locale"
    )


def run(args: argparse.Namespace) -> int:
    """0: printed; 1: the period, queue or site file is wrong; 2: the database cannot be read."""
    settings = Settings()
    clock = EngineClock()
    try:
        site = load_site(settings.site, [path.stem for path in settings.flows.glob("*.y*ml")])
        since, until = period(args.since, args.until, ZoneInfo(site.time_zone), moment(clock.now()))
        if args.queue and args.queue not in site.queues:
            raise BadReportError(f"no queue {args.queue!r}; there are {', '.join(site.queues)}")
        report, surveys = asyncio.run(_read(settings.database, site, clock, since, until))
    except (BadFileError, BadReportError) as error:
        return wrong(error)
    except (DatabaseError, SQLAlchemyError) as error:
        return could_not(error)
    if args.queue:
        report = only(report, QueueId(args.queue))
        surveys = of_queue(surveys, QueueId(args.queue))
    _print(report, surveys, args, site)
    return 0


def _print(
    report: QueueReport, surveys: SurveyReport, args: argparse.Namespace, site: Site
) -> None:
    language = args.language or spoken()
    if args.json:
        body = report_body(report, language) | {"surveys": survey_body(surveys)}
        print(json.dumps(body, ensure_ascii=False, indent=2))
        return
    zone = ZoneInfo(site.time_zone)
    start, end = (
        moment(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        for at in (report.period.start, report.period.end)
    )
    names = {str(spoken): text for spoken, text in site.name.items()}
    name = names.get(language) or next(iter(names.values()))
    print(f"{name}  {start} - {end} ({site.time_zone})\n\n{report_table(report, language)}")
    if answers := survey_table(surveys, language):
        print(f"\n{answers}")


async def _read(
    url: str, site: Site, clock: EngineClock, since: datetime, until: datetime
) -> tuple[QueueReport, SurveyReport]:
    database = Database(url)
    try:
        await database.check()
        reports = QueueReports(Journal(database.sessions), lambda: site, clock)
        return await reports.queues(since, until), await reports.surveys(since, until)
    finally:
        await database.dispose()


def spoken() -> str:
    """The language of this terminal."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "zh-CN" if locale.startswith("zh") else "en"
