"""Call records and the journal, read back from either database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from ccengine.calls.record import record_of
from ccengine.calls.store import CallRecordProjector, CallRecords
from ccengine.clock import moment
from ccengine.db.session import Database
from ccengine.desk.pop import PastCall
from ccengine.ids import AgentId, CallId, CustomerId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    CallAnswered,
    CallFact,
    CallQueued,
    Fact,
    Outcome,
)
from ccengine.journal.spool import Spool
from ccengine.journal.store import AgentMemory, Journal
from ccengine.journal.writer import JournalWriter
from tests.data.stories import (
    SALES,
    START,
    SUPPORT,
    WANG,
    answered,
    arrived,
    ended,
    first_call,
    left,
    queued,
    talked,
)
from tests.kit.clock import HandClock

CHEN = AgentId("1004")


@pytest.fixture
async def writer(
    database: Database, tmp_path: Path, clock: HandClock
) -> AsyncIterator[JournalWriter]:
    made = JournalWriter(
        database.hops, Spool(tmp_path / "spool"), projector=CallRecordProjector(), clock=clock
    )
    await made.start()
    yield made
    await made.stop()


async def write(writer: JournalWriter, facts: Iterable[Fact]) -> None:
    writer.put(facts)
    assert await writer.drain(20.0)


async def test_the_record_is_the_same_whether_summed_at_once_or_fact_by_fact(
    database: Database, writer: JournalWriter
) -> None:
    for fact in first_call("slow"):
        await write(writer, [fact])
    await write(writer, first_call("quick"))
    records = CallRecords(database.sessions)
    for call in ("slow", "quick"):
        assert await records.get(CallId(call)) == record_of(first_call(call))
    assert await records.get(CallId("nobody")) is None


async def test_a_call_whose_arrival_was_never_told_has_a_record_too(
    database: Database, writer: JournalWriter
) -> None:
    story: list[CallFact] = [
        queued("odd", START + 5),
        left("odd", START + 9, 4.0),
        ended("odd", START + 9, Outcome.ABANDONED),
    ]
    await write(writer, story)
    assert await CallRecords(database.sessions).get(CallId("odd")) == record_of(story)


async def test_the_newest_calls_come_first_and_an_agent_sees_its_own(
    database: Database, writer: JournalWriter
) -> None:
    for n in range(4):
        await write(writer, first_call(f"call-{n}", START + 1_000 * n))
    await write(
        writer, [arrived("call-9", START + 9_000), answered("call-9", START, 1, agent=CHEN)]
    )
    records = CallRecords(database.sessions)
    assert [r.call_id for r in await records.recent(3)] == ["call-9", "call-3", "call-2"]
    assert [r.call_id for r in await records.recent(9, CHEN)] == ["call-9"]


async def test_calls_without_an_end_are_found_by_the_next_engine(
    database: Database, writer: JournalWriter
) -> None:
    await write(
        writer, [*first_call("done"), arrived("menu", START + 9), queued("menu", START + 9)]
    )
    await write(writer, [arrived("older", START + 3)])
    found = await CallRecords(database.sessions).open_calls()
    assert [record.call_id for record in found] == ["older", "menu"]


async def test_the_history_of_a_customer_and_of_a_number(
    database: Database, writer: JournalWriter
) -> None:
    await write(writer, first_call("known"))
    await write(writer, first_call("later", START + 5_000))
    await write(writer, [arrived("now", START + 6_000)])
    records = CallRecords(database.sessions)
    known = await records.history(CustomerId(7), "", 5, agent_names={WANG: "王芳"})
    assert [past.call_id for past in known] == ["later", "known"]
    assert known[1] == PastCall(
        call_id=CallId("known"),
        at=START,
        queue="sales",
        agent_name="王芳",
        outcome="answered",
        disposition="solved",
        note="已解决：重装驱动",
        agent_id=WANG,
    )
    by_number = await records.history(None, "13800000001", 1, agent_names={})
    assert [(past.call_id, past.agent_name) for past in by_number] == [("later", "1001")]
    assert await records.history(None, "", 5, agent_names={}) == []
    assert await records.history(CustomerId(8), "13800000001", 5, agent_names={}) == []


async def test_the_journal_is_read_by_time_and_kind(
    database: Database, writer: JournalWriter
) -> None:
    await write(writer, [*first_call("a"), *first_call("b", START + 1_000)])
    journal = Journal(database.sessions)
    start, end = moment(START), moment(START + 1_000)
    assert await journal.between(start, end) == first_call("a")
    some = await journal.between(
        start, moment(START + 2_000), kinds=[CallQueued.kind, CallAnswered.kind]
    )
    assert [fact.kind for fact in some] == [CallQueued.kind, CallAnswered.kind] * 2


async def test_an_engine_that_starts_again_remembers_its_agents(
    database: Database, writer: JournalWriter
) -> None:
    """Given Wang answered three calls today and one yesterday and is now not ready, and Chen

    has been ready since yesterday, then both are known, with today's counts alone.
    """
    yesterday, today = START - 50_000, START
    ready = AgentStateChanged(at=yesterday, agent_id=CHEN, state=AgentState.READY)
    talking = AgentStateChanged(at=today, agent_id=WANG, state=AgentState.TALKING)
    away = AgentStateChanged(
        at=today + 900, agent_id=WANG, state=AgentState.NOT_READY, reason="meal"
    )
    await write(writer, [ready, answered("old", yesterday, 5.0), talked("old", yesterday, 9.0)])
    await write(writer, [talking])
    for n, queue in enumerate([SALES, SALES, SUPPORT]):
        at = today + 100 * n
        await write(
            writer, [answered(f"c{n}", at, 5.0, queue), talked(f"c{n}", at + 60, 60, 0, queue)]
        )
    await write(writer, [away])
    known = await Journal(database.sessions).last_agent_facts(since=today - 10)
    assert known == {
        CHEN: AgentMemory(agent_id=CHEN, last=ready),
        WANG: AgentMemory(
            agent_id=WANG,
            last=away,
            calls_answered={SALES: 2, SUPPORT: 1},
            last_call_ended_at={SALES: today + 160, SUPPORT: today + 260},
        ),
    }


async def test_calls_queued_in_a_period_come_with_their_end_beyond_it(
    database: Database, writer: JournalWriter
) -> None:
    await write(writer, [queued("in", START + 50), queued("out", START + 150)])
    await write(writer, [left("in", START + 160, 110.0, AbandonReason.TIMED_OUT)])
    await write(writer, [left("out", START + 170, 20.0)])
    found = await Journal(database.sessions).of_calls_queued(
        moment(START), moment(START + 100), kinds=[CallQueued.kind, "call.abandoned"]
    )
    assert found == [
        queued("in", START + 50),
        left("in", START + 160, 110.0, AbandonReason.TIMED_OUT),
    ]
