"""Migrations: from whatever shape the tables have to the newest, all or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

import ccengine
from ccengine.db.errors import MigrationFailedError, MigrationsMissingError

OnStep = Callable[[str], None]


def folder() -> Path:
    """Where the migrations are: in the package when they were packed into it, else beside it.

    Raises MigrationsMissingError.
    """
    package = Path(ccengine.__file__).resolve().parent
    places = (package / "migrations", package.parent / "migrations")
    for place in places:
        if (place / "env.py").is_file():
            return place
    raise MigrationsMissingError(
        f"The migrations are not at {' or '.join(str(place) for place in places)}.",
        "Run ccengine from its checkout (pip install -e .), or from the container image.",
    )


def config(url: URL, on_step: OnStep | None = None) -> Config:
    """Alembic's configuration; the URL travels as an object, so no password needs escaping."""
    made = Config()
    made.set_main_option("script_location", str(folder()).replace("%", "%%"))
    made.attributes["url"] = url
    made.attributes["on_step"] = on_step
    return made


def head() -> str:
    """The newest revision that this version of ccengine knows."""
    newest = ScriptDirectory(str(folder())).get_current_head()
    if newest is None:
        raise MigrationsMissingError("There is no migration.", "Install ccengine anew.")
    return newest


def revision(connection: Connection) -> str | None:
    """The revision this database is at; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(url: URL, on_step: OnStep | None = None) -> None:
    """To the newest shape. Blocks, and needs a thread without an event loop of its own."""
    _run(lambda: command.upgrade(config(url, on_step), "head"))


def downgrade(url: URL, revision: str, on_step: OnStep | None = None) -> None:
    """Back to an older shape (``base``: no tables). What does not fit there is gone."""
    _run(lambda: command.downgrade(config(url, on_step), revision))


_alone = threading.Lock()
"""Alembic keeps what it works on in module globals: one at a time in one process."""


def _run(work: Callable[[], None]) -> None:
    try:
        with _alone:
            work()
    except (CommandError, SQLAlchemyError, OSError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise MigrationFailedError(
            f"The database could not be migrated and is as it was: {why}.",
            "If it was made by a newer ccengine, install that one.",
        ) from error
