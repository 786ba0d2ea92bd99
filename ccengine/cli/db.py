"""``ccengine db``: the database and its shape."""

from __future__ import annotations

import argparse
import asyncio
import time

from ccengine.cli.endings import could_not
from ccengine.clock import EngineClock
from ccengine.db import migrate
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.seeds.load import seed
from ccengine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    work = parser.add_subparsers(dest="work", required=True, metavar="WORK")
    work.add_parser("upgrade", help="bring the tables to the newest shape; safe to repeat")
    work.add_parser("examples", help="write the example customers and articles; safe to repeat")


def run(args: argparse.Namespace) -> int:
    """0: the database has the newest shape; 2: it does not, and why."""
    try:
        database = Database(Settings().database)
        print(f"database: {database.shown}", flush=True)
        asyncio.run(_examples(database) if args.work == "examples" else _upgrade(database))
    except (DatabaseError, OSError) as error:
        return could_not(error)
    return 0


async def _upgrade(database: Database) -> None:
    began = time.monotonic()
    steps = 0

    def told(step: str) -> None:
        nonlocal steps
        steps += 1
        print(f"  {step} ({time.monotonic() - began:.1f} s)", flush=True)

    try:
        await database.upgrade(told)
    finally:
        await database.dispose()
    done = f"{steps} migrations" if steps else "nothing to do"
    print(f"database is at {migrate.head()}: {done}, {time.monotonic() - began:.1f} s")


async def _examples(database: Database) -> None:
    try:
        await database.check_shape()
        await seed(database.sessions, EngineClock())
    finally:
        await database.dispose()
    print("example customers and articles are there; an engine that runs knows them when restarted")
