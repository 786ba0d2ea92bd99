"""Queries of the site file, run read-only: the database itself lets nothing be written."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ccengine.db.url import database_url, sqlite_file
from ccengine.ivr.waits import Value
from ccengine.outside.errors import NoAnswerError
from ccengine.site.outside import OWN_DATABASE, Query

MOST_ROWS = 50
AT_ONCE = 4
"""Queries of one database that may run."""
_STEPS_BETWEEN_LOOKS = 2_000
"""Of SQLite's machine: some microseconds."""
_MAY = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)

_DATABASE_ERRORS = (
    sqlite3.Error,
    SQLAlchemyError,
    OSError,
    # what comes up as rows are fetched is not always wrapped
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)

Row = Mapping[str, object]


class Queries:
    """``own_url``: of the engine's own database, password and all. To be closed."""

    def __init__(self, own_url: str, secrets: Path) -> None:
        self._own_url = own_url
        self._secrets = secrets
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="query")
        self._engines: dict[URL, AsyncEngine] = {}
        self._given_up: set[asyncio.Future[Any]] = set()

    async def ask(self, query: Query, values: Mapping[str, Value], deadline_s: float) -> object:
        """Columns of the first row, or ``rows`` and ``count``; None without a row.

        Raises NoAnswerError.
        """
        try:
            async with asyncio.timeout(deadline_s):
                url = await self._url(query)
                file = sqlite_file(url)
                if file is not None:
                    until = time.monotonic() + deadline_s
                    loop = asyncio.get_running_loop()
                    work: asyncio.Future[Sequence[Row]] = loop.run_in_executor(
                        self._threads, _sqlite_rows, file, query.sql, dict(values), until
                    )
                else:
                    work = asyncio.ensure_future(self._postgres_rows(url, query.sql, values))
                rows = await self._in_time(work)
        except TimeoutError:
            raise NoAnswerError("late", "no answer in time") from None
        except _DATABASE_ERRORS as error:
            raise _failure(error) from None
        if not rows:
            return None
        plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
        return plain[0] if query.one_row else {"rows": plain, "count": len(plain)}

    async def _in_time(self, work: asyncio.Future[Sequence[Row]]) -> Sequence[Row]:
        """Nobody waits for a query that is given up to be cleared away; it ends by itself, within
        the database's own limit."""
        try:
            await asyncio.wait({work})
            return work.result()
        finally:
            if not work.done():
                self._given_up.add(work)
                work.add_done_callback(self._cleared_away)
                work.cancel()

    def _cleared_away(self, work: asyncio.Future[Any]) -> None:
        self._given_up.discard(work)
        if not work.cancelled():
            work.exception()  # nobody asks for it any more

    async def _url(self, query: Query) -> URL:
        if query.database == OWN_DATABASE:
            return database_url(self._own_url)
        url = database_url(query.database)
        if query.password_file is None:
            return url
        file = self._secrets / query.password_file
        try:
            return url.set(password=(await asyncio.to_thread(file.read_text, "utf-8")).strip())
        except (OSError, UnicodeDecodeError):
            raise NoAnswerError("refused", f"no password in {file.name}", fault=None) from None

    async def _postgres_rows(
        self, url: URL, sql: str, values: Mapping[str, Value]
    ) -> Sequence[Row]:
        engine = self._engines.get(url)
        if engine is None:
            engine = self._engines[url] = _postgres(url)
        async with engine.connect() as connection:
            result = await connection.stream(text(sql), dict(values))
            rows = await result.mappings().fetchmany(MOST_ROWS)
            await result.close()
            return [dict(row) for row in rows]

    async def close(self) -> None:
        """What still runs ends within its own limit."""
        for work in list(self._given_up):
            work.cancel()
        for engine in self._engines.values():
            await engine.dispose()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _postgres(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=AT_ONCE,
        max_overflow=0,
        pool_timeout=10.0,
        pool_pre_ping=True,
        pool_recycle=1_800,
        connect_args={
            "timeout": 5.0,
            "command_timeout": 11.0,
            "server_settings": {
                "application_name": "ccengine query",
                "default_transaction_read_only": "on",
                "statement_timeout": "10000",
                "idle_in_transaction_session_timeout": "20000",
                "timezone": "UTC",
            },
        },
    )


def _sqlite_rows(file: Path, sql: str, values: dict[str, Value], until: float) -> Sequence[Row]:
    """In a thread of its own, which is free again at ``until`` whatever the query does."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=left)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_only_reads)
        connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
        connection.row_factory = sqlite3.Row
        rows = connection.execute(sql, values).fetchmany(MOST_ROWS)
        return [dict(row) for row in rows]
    finally:
        connection.close()


def _only_reads(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _MAY else sqlite3.SQLITE_DENY


def _failure(error: Exception) -> NoAnswerError:
    """Never with the error's own text: it may repeat the values."""
    kind = type(getattr(error, "orig", None) or error).__name__
    if isinstance(error, sqlite3.Error):
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            return NoAnswerError("late", "no answer in time")
        missing = getattr(error, "sqlite_errorname", "") == "SQLITE_CANTOPEN"
        return NoAnswerError("unreachable" if missing else "refused", kind, fault=missing)
    if isinstance(error, asyncpg.QueryCanceledError):
        return NoAnswerError("late", "no answer in time")
    if isinstance(error, asyncpg.PostgresError) or (
        isinstance(error, DBAPIError) and not error.connection_invalidated
    ):
        return NoAnswerError("refused", kind, fault=False)
    return NoAnswerError("unreachable", kind)


def _plain(value: object) -> object:
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date() | clock_time():
            return value.isoformat()
        case bytes() | memoryview():
            return None
        case _:
            return str(value)
