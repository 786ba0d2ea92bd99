"""From the engine to the database without ever holding a call up.

``put`` only takes a fact. A task of its own writes facts in batches and in order, each batch with
the call records it changes in one transaction. While the database is slow or away, facts go to the
spool on disk, and from there to the database later: in order, once each, because each fact has an
id that the journal takes only once. So order is always: database, then spool, then memory.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.clock import Clock
from ccengine.db.hops import Hops
from ccengine.journal.batches import WRITE_DEADLINE_S, Batches, Projector
from ccengine.journal.codec import UnwritableFactError
from ccengine.journal.entry import Entry, entry
from ccengine.journal.facts import Fact
from ccengine.journal.spool import Spool

log = structlog.get_logger(__name__)

BATCH = 500
GATHER_S = 0.1
"""Facts wait so long for company before they are written: a transaction costs as much as several
calls' facts in it."""
LOOK_EVERY_S = 0.05
"""So often a write that takes long is looked after."""
PATIENCE_S = 0.5
"""A write that takes longer has its facts kept in the spool meanwhile."""
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0)
CATCH_UP_S = 5.0
MEMORY_FACTS = 10_000
"""Beyond it facts go to the spool at once, whatever the database does."""
HARD_LIMIT = 4
"""Times that bound: neither database nor spool takes anything; what comes beyond is lost."""

Listener = Callable[[Sequence[Fact]], None]


class JournalWriter:
    """One per engine, and one engine per database's calls. ``start`` before the first call."""

    def __init__(
        self,
        hops: Hops,
        spool: Spool,
        *,
        projector: Projector | None,
        clock: Clock,
        boot_id: str | None = None,
        back_off_s: Sequence[float] = BACK_OFF_S,
        write_deadline_s: float = WRITE_DEADLINE_S,
        patience_s: float = PATIENCE_S,
        memory_facts: int = MEMORY_FACTS,
    ) -> None:
        self._spool = spool
        self._batches = Batches(hops, projector, spool, write_deadline_s)
        self._clock = clock
        self._boot_id = boot_id or uuid.uuid4().hex[:12]
        self._back_off_s = back_off_s
        self._patience_s = patience_s
        self._memory_facts = memory_facts
        self._memory: deque[Entry] = deque()
        self._in_flight: list[Entry] = []  # taken out of memory, neither in database nor spool
        self._spool_since: float | None = None  # when the spool's oldest fact was put
        self._put = 0
        self._failures = 0
        self._wake = asyncio.Event()
        self._moved = asyncio.Event()  # something became durable or was written
        self._stopping = False
        self._closed = False
        self._task: asyncio.Task[None] | None = None
        self.listeners: list[Listener] = []
        """Plain callables, told of facts when they are put; they must be quick."""
        self.lost = 0
        """Facts that could be kept nowhere since this engine started."""

    def put(self, facts: Iterable[Fact]) -> None:
        """Take facts over. Never waits, never fails; after ``stop`` facts are lost."""
        taken = list(facts)
        now = self._clock.now()
        for fact in taken:
            if self._closed or len(self._memory) >= self._memory_facts * HARD_LIMIT:
                self._lose(fact)
                continue
            try:
                item = entry(f"{self._boot_id}-{self._put:09d}", now, fact)
            except UnwritableFactError as error:  # our mistake in one fact; the others go on
                log.error("journal.fact_unwritable", kind=fact.kind, why=str(error))
                continue
            self._put += 1
            self._memory.append(item)
        self._wake.set()
        for listener in self.listeners:
            try:
                listener(taken)
            except Exception:  # a wallboard's mistake must not reach the call
                log.exception("journal.listener_failed", listener=repr(listener))

    @property
    def lag(self) -> float:
        """Seconds that the database is behind: the age of the oldest fact not yet in it."""
        since = self._spool_since
        if since is None and self._in_flight:
            since = self._in_flight[0].put_at
        if since is None and self._memory:
            since = self._memory[0].put_at
        return 0.0 if since is None else max(0.0, self._clock.now() - since)

    @property
    def durable(self) -> int:
        """How many of the facts put so far would survive a crash of this process now."""
        return self._put - len(self._memory) - len(self._in_flight)

    async def start(self, catch_up_s: float = CATCH_UP_S) -> None:
        """Open the spool and begin to write, what an earlier engine left first.

        Waits for that, at most ``catch_up_s`` seconds: whoever reads the journal next, to know how
        things were left, is to find all of it. Raises OSError when the spool cannot be used.
        """
        await asyncio.to_thread(self._spool.open)
        if not self._spool.is_empty:
            self._spool_since = self._clock.now()
            log.warning("journal.spool_found", bytes=self._spool.size)
        self._task = asyncio.create_task(self._run(), name="journal writer")
        if not await self.drain(catch_up_s):
            log.warning("journal.behind_at_start", lag_s=round(self.lag, 1))

    async def drain(self, deadline_s: float) -> bool:
        """Wait until all facts are in the database; False when the deadline passes before."""
        return await self._until(lambda: self._all_written, deadline_s)

    async def settle(self, deadline_s: float) -> bool:
        """Wait until all facts put so far are durable: in the database or in the spool."""
        mark = self._put
        return await self._until(lambda: self.durable >= mark, deadline_s)

    async def stop(self, deadline_s: float = CATCH_UP_S) -> None:
        """Write what is left, if the database takes it in time; the rest goes to the spool."""
        if self._task is not None:
            await self._until(lambda: self._all_written or self._failures > 0, deadline_s)
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
            self._task = None

    @property
    def _all_written(self) -> bool:
        return not self._memory and not self._in_flight and self._spool.is_empty

    async def _until(self, reached: Callable[[], bool], deadline_s: float) -> bool:
        try:
            async with asyncio.timeout(deadline_s):
                while not reached():
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    async def _run(self) -> None:
        while not self._stopping:
            if self._spool.is_empty:
                await self._gather()
                await self._write_memory()
            else:
                await self._write_spool()
        while self._memory:
            if not await self._keep():
                for item in self._memory:
                    self._lose(item.fact)
                break
        self._closed = True

    async def _gather(self) -> None:
        """Wait for facts, and a moment more for their company."""
        await self._wake.wait()
        if len(self._memory) < BATCH and not self._stopping:
            await asyncio.sleep(GATHER_S)
        self._wake.clear()

    async def _write_memory(self) -> None:
        self._in_flight = [self._memory.popleft() for _ in range(min(BATCH, len(self._memory)))]
        if not self._in_flight:
            return
        if await self._write(list(self._in_flight)):
            self._in_flight = []
        else:
            await self._keep()
            self._memory.extendleft(reversed(self._in_flight))  # the spool takes nothing either
            self._in_flight = []
            await self._back_off()
        if self._memory:
            self._wake.set()
        self._moved.set()

    async def _write_spool(self) -> None:
        try:
            batch = await asyncio.to_thread(self._spool.read, BATCH)
        except OSError as error:
            log.error("spool.unreadable", why=str(error))
            await self._back_off()
            return
        if not batch:
            self._spool_since = None
            self._moved.set()
            return
        self._spool_since = batch[0].put_at
        if await self._write(batch):
            try:
                await asyncio.to_thread(self._spool.done)
            except OSError as error:  # read again: the ids keep it from being written twice
                log.error("spool.undeletable", why=str(error))
                await self._back_off()
        else:
            await self._back_off()
        if self._spool.is_empty:
            self._spool_since = None
            log.info("journal.caught_up")
        self._moved.set()

    async def _write(self, batch: Sequence[Entry]) -> bool:
        """Write a batch while new facts are kept; False when the database is away."""
        writing = asyncio.create_task(self._batches.write(batch), name="journal write")
        try:
            patient_until = _elapsed() + self._patience_s
            while not (await asyncio.wait({writing}, timeout=LOOK_EVERY_S))[0]:
                crowded = len(self._memory) > self._memory_facts
                if crowded or self._stopping or _elapsed() > patient_until:
                    await self._keep()
                if self._stopping:
                    return False
            await writing
        except (SQLAlchemyError, OSError) as error:
            self._failed(error)
            return False
        finally:
            if not writing.done():
                writing.cancel()
                await asyncio.wait({writing})
        if self._failures:
            log.info("journal.database_back", failures=self._failures)
        self._failures = 0
        return True

    async def _keep(self) -> bool:
        """Move all that is only in memory to the spool's end; False when the disk refuses."""
        held = [*self._in_flight, *self._memory]
        if not held:
            return True
        try:
            await asyncio.to_thread(self._spool.append, held)
        except OSError as error:  # stays in memory, up to the hard limit
            log.error("spool.unwritable", why=str(error), facts_in_memory=len(held))
            return False
        if self._spool_since is None:
            self._spool_since = held[0].put_at
        for _ in range(len(held) - len(self._in_flight)):
            self._memory.popleft()
        self._in_flight = []
        self._moved.set()
        return True

    async def _back_off(self) -> None:
        """Wait before the next attempt, keeping what comes meanwhile."""
        wait_s = self._back_off_s[min(self._failures, len(self._back_off_s)) - 1]
        ends = _elapsed() + wait_s
        while not self._stopping and (left := ends - _elapsed()) > 0:
            await self._keep()
            await asyncio.sleep(min(LOOK_EVERY_S, left))

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._moved.set()
        level = log.error if self._failures == 1 else log.warning
        level(
            "journal.database_away",
            why=str(getattr(error, "orig", None) or error) or type(error).__name__,
            attempt=self._failures,
            spool_bytes=self._spool.size,
        )

    def _lose(self, fact: Fact) -> None:
        self.lost += 1
        if self.lost == 1 or self.lost % 1_000 == 0:
            log.critical("journal.fact_lost", kind=fact.kind, lost=self.lost)


def _elapsed() -> float:
    return asyncio.get_running_loop().time()
