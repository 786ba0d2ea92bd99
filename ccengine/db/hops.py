"""Work on the database in one go: one trip there and back, however many statements it has.

An asynchronous session goes to the database's thread and back for each cursor, statement and
commit, which on SQLite costs more than the statements. So what is done for each call is a plain
function over a connection. On SQLite it runs in a thread of its own, writers and readers apart,
as SQLite itself keeps them; on PostgreSQL it runs over the engine's own connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")
Work = Callable[[Connection], T]


class Hops:
    """``plain``: a blocking engine on the same file; None where all goes over ``engine``."""

    def __init__(self, engine: AsyncEngine, plain: Engine | None) -> None:
        self._engine = engine
        self._plain = plain
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="database-read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="database-write")

    async def read(self, work: Work[T]) -> T:
        """What ``work`` finds. Has no deadline of its own. Raises SQLAlchemyError, OSError."""
        return await self._go(self._reader, work)

    async def write(self, work: Work[T]) -> T:
        """One writer at a time, in order; ``work`` begins and commits its own transaction.

        When it is given up (deadline, cancellation) its outcome is not known: it may yet commit.
        Raises SQLAlchemyError, OSError.
        """
        return await self._go(self._writer, work)

    async def _go(self, lane: ThreadPoolExecutor, work: Work[T]) -> T:
        if self._plain is None:
            async with self._engine.connect() as connection:
                return await connection.run_sync(work)
        return await asyncio.get_running_loop().run_in_executor(lane, _on, self._plain, work)

    async def close(self) -> None:
        """No more work; what runs comes to its end, bounded by SQLite's own wait for a lock."""
        for lane in (self._reader, self._writer):
            await asyncio.to_thread(lane.shutdown, cancel_futures=True)
        if self._plain is not None:
            await asyncio.to_thread(self._plain.dispose)


def _on(engine: Engine, work: Work[T]) -> T:
    with engine.connect() as connection:
        return work(connection)
