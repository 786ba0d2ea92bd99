"""The database as the engine holds it: its sessions, whether it answers, its newest shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from ccengine.db import migrate
from ccengine.db.errors import DatabaseUnreachableError, MigrationsNeededError
from ccengine.db.hops import Hops
from ccengine.db.url import database_url, is_sqlite, shown, sqlite_file

CHECK_DEADLINE_S = 5.0
CONNECT_DEADLINE_S = 5.0
STATEMENT_DEADLINE_S = 15.0
"""No statement of the engine may run longer; reports are the longest."""
LOCK_WAIT_S = 5.0
"""How long one writer waits for another before it is told that the database is locked."""
CONNECTIONS = 10

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={int(LOCK_WAIT_S * 1000)}",
    "PRAGMA synchronous=NORMAL",
)


class Database:
    """One per engine, built at start; nothing is opened before the first use.

    Raises DatabaseUrlError when the URL is not one of SQLite or PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = is_sqlite(self.url)
        self.engine: AsyncEngine = _sqlite(self) if self.is_sqlite else _postgresql(self)
        self.sessions: async_sessionmaker[AsyncSession] = async_sessionmaker(
            self.engine, expire_on_commit=False
        )
        self.hops = Hops(self.engine, _plain_sqlite(self))

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return shown(self.url)

    async def check(self, deadline_s: float = CHECK_DEADLINE_S) -> None:
        """Whether it answers and takes writes. Raises DatabaseUnreachableError."""
        try:
            self._make_folder()
            async with asyncio.timeout(deadline_s), self.engine.connect() as connection:
                if self.is_sqlite:  # a SELECT succeeds on a locked or read-only file
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    await connection.exec_driver_sql("SELECT 1")
                await connection.rollback()
        except (SQLAlchemyError, OSError) as error:  # TimeoutError is an OSError
            raise self._unreachable(error, deadline_s) from error

    async def check_shape(self) -> None:
        """Whether the tables are those of this version. Raises MigrationsNeededError.

        Raises DatabaseUnreachableError too. Without this check an engine on an old database would
        take calls and pile their facts up in the spool.
        """
        from ccengine.db import migrate  # as in ``upgrade``

        await self.check()
        async with asyncio.timeout(CHECK_DEADLINE_S), self.engine.connect() as connection:
            found = await connection.run_sync(migrate.revision)
        wanted = migrate.head()
        if found != wanted:
            raise MigrationsNeededError(
                f"The database {self.shown} is at {found or 'nothing'}, "
                f"this ccengine works with {wanted}.",
                "Run `ccengine db upgrade`.",
            )

    async def upgrade(self, on_step: Callable[[str], None] | None = None) -> None:
        """Bring the tables to the newest shape; ``on_step`` is told of each migration.

        Raises DatabaseUnreachableError, MigrationsMissingError, MigrationFailedError.
        """
        await self.check()
        await asyncio.to_thread(migrate.upgrade, self.url, on_step)

    async def dispose(self) -> None:
        await self.hops.close()
        await self.engine.dispose()

    def _make_folder(self) -> None:
        file = sqlite_file(self.url)
        if file is not None:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _unreachable(self, error: Exception, deadline_s: float) -> DatabaseUnreachableError:
        cure = (
            "Look whether the folder exists, can be written by this user and has space, "
            "and that no other program holds the file."
            if self.is_sqlite
            else "Start PostgreSQL, or correct CCENGINE_DATABASE_URL; `ccengine doctor` tells more."
        )
        why = (
            f"no answer within {deadline_s:g} s"
            if isinstance(error, TimeoutError)
            else str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        )
        return DatabaseUnreachableError(f"The database {self.shown} cannot be used: {why}.", cure)


def _sqlite(database: Database) -> AsyncEngine:
    engine = create_async_engine(
        database.url,
        connect_args={"timeout": LOCK_WAIT_S},
        json_serializer=_json,
    )

    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


def _plain_sqlite(database: Database) -> Engine | None:
    """A blocking engine for ``Hops``; None for PostgreSQL and for a database in memory."""
    if sqlite_file(database.url) is None:
        return None
    engine = create_engine(
        database.url.set(drivername="sqlite"),
        connect_args={"timeout": LOCK_WAIT_S},
        json_serializer=_json,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _postgresql(database: Database) -> AsyncEngine:
    statement_ms = str(int(STATEMENT_DEADLINE_S * 1000))
    return create_async_engine(
        database.url,
        json_serializer=_json,
        pool_size=CONNECTIONS // 2,
        max_overflow=CONNECTIONS - CONNECTIONS // 2,
        pool_timeout=CONNECT_DEADLINE_S,
        pool_recycle=1_800,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_DEADLINE_S,
            # The client's own deadline holds when the server is frozen and cannot keep its own.
            "command_timeout": STATEMENT_DEADLINE_S + 1.0,
            "server_settings": {
                "application_name": "ccengine",
                "statement_timeout": statement_ms,
                "lock_timeout": str(int(LOCK_WAIT_S * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
            },
        },
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
