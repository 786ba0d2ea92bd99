"""Ways in which a database goes away and comes back while the engine writes."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod

from sqlalchemy import make_url

from ccengine.db.session import Database
from tests.kit.postgres import PostgresServer


class Away(ABC):
    @abstractmethod
    async def go(self) -> None: ...

    @abstractmethod
    async def come_back(self) -> None: ...


class Stopped(Away):
    """The server dies at once: connections break, new ones are refused."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    async def go(self) -> None:
        await asyncio.to_thread(self._server.stop)

    async def come_back(self) -> None:
        self._server.launch()
        await asyncio.to_thread(self._server.wait_until_ready)


class Frozen(Away):
    """The server keeps its connections and says nothing: nobody knows what was committed."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    async def go(self) -> None:
        self._server.freeze()

    async def come_back(self) -> None:
        self._server.thaw()


class Locked(Away):
    """Another program holds the SQLite file."""

    def __init__(self, url: str) -> None:
        self._file = make_url(url).database or ""
        self._other: sqlite3.Connection | None = None

    async def go(self) -> None:
        self._other = sqlite3.connect(self._file, isolation_level=None)
        self._other.execute("BEGIN IMMEDIATE")

    async def come_back(self) -> None:
        assert self._other is not None
        self._other.execute("ROLLBACK")
        self._other.close()


class TableGone(Away):
    """It answers, but what we write to is not there (half a migration, a wrong database)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def go(self) -> None:
        await self._say("ALTER TABLE call_record RENAME TO call_record_elsewhere")

    async def come_back(self) -> None:
        await self._say("ALTER TABLE call_record_elsewhere RENAME TO call_record")

    async def _say(self, statement: str) -> None:
        async with self._database.engine.begin() as connection:
            await connection.exec_driver_sql(statement)
