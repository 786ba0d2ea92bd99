"""The journal's writer: facts reach the database in order and once, whatever it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from ccengine.calls.store import CallRecordProjector, CallRecords
from ccengine.db.session import Database
from ccengine.ids import CallId
from ccengine.journal.batches import Projector
from ccengine.journal.facts import CallFact, Fact, Outcome, WrapUpEnded
from ccengine.journal.spool import Spool
from ccengine.journal.store import Journal
from ccengine.journal.tables import FactRow
from ccengine.journal.writer import JournalWriter
from tests.data.away import Away, Frozen, Locked, Stopped, TableGone
from tests.data.stories import SALES, START, WANG, arrived, first_call, wrapped_up
from tests.kit.clock import HandClock
from tests.kit.postgres import PostgresServer

SOON = 20.0


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@asynccontextmanager
async def writing(
    database: Database,
    spool: Spool,
    clock: HandClock,
    *,
    projector: Projector | None = None,
    boot_id: str = "boot",
    memory_facts: int = 10_000,
) -> AsyncIterator[JournalWriter]:
    writer = JournalWriter(
        database.hops,
        spool,
        projector=projector or CallRecordProjector(),
        clock=clock,
        boot_id=boot_id,
        back_off_s=(0.05,),
        write_deadline_s=0.5,
        patience_s=0.1,
        memory_facts=memory_facts,
    )
    await writer.start()
    yield writer
    await writer.stop()


async def fact_ids(database: Database) -> list[str]:
    async with database.sessions() as session:
        return list(await session.scalars(select(FactRow.fact_id).order_by(FactRow.seq)))


def numbered(first: int, last: int) -> list[Fact]:
    """Facts whose number can be read back from their wrap-up."""
    return [wrapped_up("call-1", START + n, float(n)) for n in range(first, last)]


async def numbers(database: Database) -> list[int]:
    facts = await Journal(database.sessions).of_call(CallId("call-1"))
    return [int(fact.wrap_up_s) for fact in facts if isinstance(fact, WrapUpEnded)]


async def test_a_call_is_in_the_journal_and_its_record_beside_it(
    database: Database, spool: Spool, clock: HandClock
) -> None:
    async with writing(database, spool, clock) as writer:
        for fact in first_call():
            writer.put([fact])
        assert await writer.drain(SOON)
        assert await Journal(database.sessions).of_call(CallId("call-1")) == first_call()
        record = await CallRecords(database.sessions).get(CallId("call-1"))
    assert record is not None
    assert (record.outcome, record.talk_s, record.wrap_up_s) == (Outcome.ANSWERED, 60.0, 10.0)
    assert spool.is_empty


async def test_a_burst_is_written_in_order(
    database: Database, spool: Spool, clock: HandClock
) -> None:
    async with writing(database, spool, clock) as writer:
        writer.put(numbered(0, 1_700))
        assert await writer.drain(SOON)
    assert await numbers(database) == list(range(1_700))


def spooled(folder: Path) -> list[Path]:
    return sorted(folder.glob("facts-*"))


def refused(folder: Path) -> bool:
    return (folder / "refused.jsonl").exists()


def ways(database: Database, server: PostgresServer) -> dict[str, Callable[[], Away]]:
    return {
        "stopped": lambda: Stopped(server),
        "frozen": lambda: Frozen(server),
        "locked": lambda: Locked(str(database.url)),
        "table gone": lambda: TableGone(database),
    }


@pytest.mark.parametrize(
    ("database_url", "way"),
    [
        ("sqlite", "locked"),
        ("sqlite", "table gone"),
        ("postgres", "stopped"),
        ("postgres", "frozen"),
        ("postgres", "table gone"),
    ],
    indirect=["database_url"],
)
async def test_facts_wait_on_disk_while_the_database_is_away(
    database: Database, spool: Spool, clock: HandClock, postgres: PostgresServer, way: str
) -> None:
    """Given a call is going on, when the database goes away in the middle of it,

    then nothing that calls it waits, its facts are on disk, and when the database is back they
    are there in order and once, and the record is the sum of all.
    """
    away = ways(database, postgres)[way]()
    async with writing(database, spool, clock) as writer:
        writer.put(numbered(0, 10))
        assert await writer.drain(SOON)
        await away.go()
        try:
            for n in range(10, 40, 10):
                writer.put(numbered(n, n + 10))
                assert await writer.settle(SOON)
            assert not spool.is_empty
            clock.move(12.0)
            assert writer.lag == pytest.approx(12.0)
            assert not await writer.drain(0.05)
        finally:
            await away.come_back()
        writer.put(numbered(40, 50))
        assert await writer.drain(SOON)
        assert writer.lag == 0.0
        assert spool.is_empty
    assert not refused(spool.folder)
    assert await numbers(database) == list(range(50))
    assert await fact_ids(database) == [f"boot-{n:09d}" for n in range(50)]
    record = await CallRecords(database.sessions).get(CallId("call-1"))
    assert record is not None
    assert record.wrap_up_s == sum(range(50))


async def test_the_next_engine_writes_first_what_the_last_one_left(
    database: Database, tmp_path: Path, clock: HandClock
) -> None:
    away = TableGone(database)
    await away.go()
    async with writing(database, Spool(tmp_path), clock, boot_id="first") as writer:
        writer.put(numbered(0, 5))
        assert await writer.settle(SOON)
        writer.put(numbered(5, 8))  # still in memory when the engine stops
    await away.come_back()
    async with writing(database, Spool(tmp_path), clock, boot_id="second") as writer:
        assert await numbers(database) == list(range(8))  # start waited for them
        writer.put(numbered(8, 10))
    assert await numbers(database) == list(range(10))
    assert spooled(tmp_path) == []


async def test_a_spool_that_was_written_but_not_deleted_is_not_written_again(
    database: Database, tmp_path: Path, clock: HandClock
) -> None:
    """As after a crash between the commit and the deletion of the file."""
    away = TableGone(database)
    await away.go()
    async with writing(database, Spool(tmp_path), clock, boot_id="first") as writer:
        writer.put(numbered(0, 5))
    await away.come_back()
    [file] = spooled(tmp_path)
    kept = file.read_bytes()
    async with writing(database, Spool(tmp_path), clock, boot_id="second"):
        assert not file.exists()
    file.write_bytes(kept)
    async with writing(database, Spool(tmp_path), clock, boot_id="third"):
        assert not file.exists()
    assert not refused(tmp_path)
    assert await numbers(database) == list(range(5))
    record = await CallRecords(database.sessions).get(CallId("call-1"))
    assert record is not None
    assert record.wrap_up_s == sum(range(5))


class Clumsy:
    """A projection with a mistake that shows with one call only."""

    def project(self, connection: Connection, facts: Sequence[Fact]) -> None:
        if any(isinstance(fact, CallFact) and fact.call_id == "odd" for fact in facts):
            raise ZeroDivisionError("our mistake")
        CallRecordProjector().project(connection, facts)


async def test_one_fact_that_cannot_be_written_does_not_hold_up_the_rest(
    database: Database, tmp_path: Path, clock: HandClock
) -> None:
    async with writing(database, Spool(tmp_path), clock, projector=Clumsy()) as writer:
        writer.put([*numbered(0, 20), arrived("odd"), *numbered(20, 40)])
        assert await writer.drain(SOON)
    assert await numbers(database) == list(range(40))
    assert await Journal(database.sessions).of_call(CallId("odd")) == []
    assert b'"odd"' in (tmp_path / "refused.jsonl").read_bytes()


async def test_a_fact_that_is_none_is_left_out_and_the_caller_does_not_notice(
    database: Database, spool: Spool, clock: HandClock
) -> None:
    broken = wrapped_up("call-1", START, float("nan"))
    async with writing(database, spool, clock) as writer:
        writer.put([*numbered(0, 1), broken, *numbered(1, 2)])
    assert await numbers(database) == [0, 1]


async def test_listeners_hear_facts_at_once_and_cannot_hurt(
    database: Database, spool: Spool, clock: HandClock
) -> None:
    heard: list[Fact] = []

    def breaks(facts: Sequence[Fact]) -> None:
        raise RuntimeError("a wallboard's mistake")

    async with writing(database, spool, clock) as writer:
        writer.listeners += [breaks, heard.extend]
        writer.put(first_call())
        assert heard == first_call()
    assert len(await fact_ids(database)) == len(first_call())


async def test_when_nothing_takes_facts_any_more_the_loss_is_bounded_and_counted(
    database: Database, tmp_path: Path, clock: HandClock
) -> None:
    """Given no database and a full disk, when facts go on coming, then calls go on, memory is

    bounded, what is lost is counted, and all else is written when the database is back.
    """
    away = TableGone(database)
    await away.go()
    full = Spool(tmp_path, max_bytes=100)
    async with writing(database, full, clock, memory_facts=10) as writer:
        writer.put(numbered(0, 50))
        assert not await writer.settle(0.3)
        assert writer.lost == 10
        await away.come_back()
        assert await writer.drain(SOON)
    assert await numbers(database) == list(range(40))


async def test_after_the_stop_facts_are_lost_but_nobody_fails(
    database: Database, spool: Spool, clock: HandClock
) -> None:
    async with writing(database, spool, clock) as writer:
        pass
    writer.put(
        [WrapUpEnded(at=START, call_id=CallId("c"), queue=SALES, agent_id=WANG, wrap_up_s=1.0)]
    )
    assert writer.lost == 1
