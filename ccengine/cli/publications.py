"""What the commands about publications share: the database, and how they end."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from ccengine.cli.endings import WRONG, could_not, wrong
from ccengine.clock import EngineClock
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.engine.publishing import NothingPublishedError, Publishing
from ccengine.flows.model import NoSuchPublicationError, Publication, TooLargeError
from ccengine.flows.store import Publications
from ccengine.settings import Settings
from ccengine.yamlsource.model import BadFileError


class NotGivenError(Exception):
    """What was given names neither files nor a publication."""


def with_publications(work: Callable[[Publishing], Awaitable[None]]) -> int:
    """0: done; 1: what was given is wrong; 2: the database or the disk refused."""
    try:
        asyncio.run(_opened(Settings(), work))
    except BadFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        said = f"{count} {'problem' if count == 1 else 'problems'}; nothing was changed"
        print(said, file=sys.stderr)
        return WRONG
    except (NoSuchPublicationError, NothingPublishedError, TooLargeError) as error:
        return wrong(error)
    except NotGivenError as error:
        return wrong(error)
    except (DatabaseError, SQLAlchemyError, OSError) as error:
        return could_not(error)
    return 0


async def _opened(settings: Settings, work: Callable[[Publishing], Awaitable[None]]) -> None:
    database = Database(settings.database)
    try:
        await database.check_shape()
        await work(Publishing(settings, Publications(database.sessions, EngineClock())))
    finally:
        await database.dispose()


def told(made: Publication, publishing: Publishing) -> None:
    flows = f"{len(made.files)} {'flow' if len(made.files) == 1 else 'flows'}"
    like = f", equal to {made.equals}" if made.equals is not None else ""
    where = "the folder is written" if publishing.from_folder else "it is the newest"
    print(f"publication {made.number}: {flows}{like}; {where}, a running engine takes it up now")


def author() -> str:
    """Who is at this terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "terminal"
