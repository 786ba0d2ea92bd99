"""``ccengine journal``: the journal of facts as files."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from ccengine.cli.endings import COULD_NOT, could_not, wrong
from ccengine.clock import EngineClock, moment
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.journal.export import export
from ccengine.reports.period import BadReportError, period
from ccengine.settings import Settings
from ccengine.site.load import load_site
from ccengine.yamlsource.model import BadFileError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    work = parser.add_subparsers(dest="work", required=True, metavar="WORK")
    out = work.add_parser("export", help="write a period as JSON lines, for `plan --traffic`")
    when = "YYYY-MM-DD or YYYY-MM-DDTHH:MM in the site's time zone"
    out.add_argument("--from", dest="since", metavar="WHEN", help=f"{when}; default: today")
    out.add_argument("--to", dest="until", metavar="WHEN", help=f"{when}; a day: all of it")
    out.add_argument("file", type=Path, metavar="FILE", help="a new file")


def run(args: argparse.Namespace) -> int:
    """0: written; 1: the period or the site file is wrong; 2: the journal or the file cannot be
    read or written."""
    settings = Settings()
    try:
        site = load_site(settings.site, [path.stem for path in settings.flows.glob("*.y*ml")])
        now = moment(EngineClock().now())
        since, until = period(args.since, args.until, ZoneInfo(site.time_zone), now)
        count = asyncio.run(_export(settings.database, since, until, args.file))
    except (BadFileError, BadReportError) as error:
        return wrong(error)
    except FileExistsError:
        print(f"error: {args.file} is there already\n cure: name a new file", file=sys.stderr)
        return COULD_NOT
    except (DatabaseError, SQLAlchemyError, OSError) as error:
        return could_not(error)
    print(f"{args.file}: {count} facts")
    return 0


async def _export(url: str, since: datetime, until: datetime, path: Path) -> int:
    database = Database(url)
    try:
        await database.check()
        return await export(database.sessions, since, until, path)
    finally:
        await database.dispose()
