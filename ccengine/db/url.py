"""The database's URL: which of the two kinds it is, and how it may be shown."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ccengine.db.errors import DatabaseUrlError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def database_url(text: str) -> URL:
    """The URL with the driver that ccengine uses.

    Raises DatabaseUrlError without repeating the text: it may hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseUrlError("The database URL cannot be read.", _CURE) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise DatabaseUrlError(f"ccengine has no driver for {url.drivername!r}.", _CURE)
    return url.set(drivername=driver)


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL and for one in memory."""
    if not is_sqlite(url) or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def shown(url: URL) -> str:
    """For people and logs: without the password."""
    return url.render_as_string(hide_password=True)


_CURE = (
    "Set CCENGINE_DATABASE_URL to postgresql+asyncpg://user:password@host/name, "
    "or leave it empty for SQLite in CCENGINE_HOME."
)
