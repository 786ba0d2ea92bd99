"""One batch of facts into the database, with all that is summed from them, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from ccengine.db.hops import Hops
from ccengine.journal import store
from ccengine.journal.entry import Entry
from ccengine.journal.facts import Fact
from ccengine.journal.spool import Spool

log = structlog.get_logger(__name__)

WRITE_DEADLINE_S = 10.0
_REFUSING_SQLSTATES = ("22", "23")  # data exception, integrity constraint violation


class Projector(Protocol):
    """Keeps tables that are sums over facts, in the transaction that writes the facts."""

    def project(self, connection: Connection, facts: Sequence[Fact]) -> None: ...


class Batches:
    def __init__(
        self,
        hops: Hops,
        projector: Projector | None,
        spool: Spool,
        deadline_s: float,
    ) -> None:
        self._hops = hops
        self._projector = projector
        self._spool = spool
        self._deadline_s = deadline_s

    async def write(self, batch: Sequence[Entry]) -> None:
        """Write what is not yet written. A fact the database will never take is set aside.

        Raises SQLAlchemyError or OSError when the database is away: try again later.
        """
        try:
            await self._transaction(batch)
        except (SQLAlchemyError, OSError) as error:
            if not refuses(error):
                raise
            await self._search(batch, error)
        except Exception as error:  # noqa: BLE001 - our mistake in a projection; logged below
            await self._search(batch, error)

    async def _transaction(self, batch: Sequence[Entry]) -> None:
        async with asyncio.timeout(self._deadline_s):
            await self._hops.write(lambda connection: self._put(connection, batch))

    def _put(self, connection: Connection, batch: Sequence[Entry]) -> None:
        try:
            self._put_all(connection, batch, some_known=False)
        except store.SomeKnownError:  # a batch whose first writing had an unknown end
            self._put_all(connection, batch, some_known=True)

    def _put_all(self, connection: Connection, batch: Sequence[Entry], *, some_known: bool) -> None:
        with connection.begin():
            new = store.append(connection, batch, some_known=some_known)
            if self._projector is not None and new:
                self._projector.project(connection, [item.fact for item in new])

    async def _search(self, batch: Sequence[Entry], error: Exception) -> None:
        """Halve the batch until the fact that cannot be written stands alone."""
        if len(batch) > 1:
            middle = len(batch) // 2
            await self.write(batch[:middle])
            await self.write(batch[middle:])
            return
        log.error("journal.fact_refused", kind=batch[0].kind, exc_info=error)
        await asyncio.to_thread(self._spool.set_aside, batch[0])


def refuses(error: Exception) -> bool:
    """Whether it is the written value that is at fault: trying again would never help."""
    if isinstance(error, (IntegrityError, DataError)):
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, StatementError)  # a value that never left Python
    sqlstate: str = getattr(error.orig, "sqlstate", None) or ""
    unfit = error.orig is not None and isinstance(error.orig.__cause__, ValueError)
    return unfit or sqlstate[:2] in _REFUSING_SQLSTATES
