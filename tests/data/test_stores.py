"""Call records and the journal, read back from either database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from ccengine.calls.record import record_of
from ccengine.calls.store import CallRecordProjector, CallRecords
from ccengine.clock import moment
from ccengine.db.session import Database
from ccengine.desk.pop import PastCall
from ccengine.ids import AgentId, CallId, CustomerId, OfferId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    AgentWished,
    CallAnswered,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallbackResult,
    CallFact,
    CallQueued,
    Fact,
    OfferEnded,
    OfferMade,
    OfferResult,
    Outcome,
    WrapUpExtended,
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


async def test_a_callback_is_no_open_call_and_has_one_outcome_when_it_is_given_up(
    database: Database, writer: JournalWriter
) -> None:
    callback, sales = CallId("callback"), QueueId("sales")
    waits = CallQueued(
        at=START,
        call_id=callback,
        queue=sales,
        head_start_s=0.0,
        queued_at=START,
        position=1,
        callback=True,
    )
    tried = CallbackAttempted(
        at=START + 9,
        call_id=callback,
        queue=sales,
        attempt=1,
        result=CallbackResult.BUSY,
        next_at=None,
    )
    records = CallRecords(database.sessions)
    await write(writer, [waits])
    await write(writer, [tried])
    assert await records.get(callback) is None
    gave_up = CallbackEnded(
        at=START + 9,
        call_id=callback,
        queue=sales,
        result=CallbackEnd.GAVE_UP,
        attempts=1,
        number="13800000009",
    )
    await write(writer, [gave_up])
    record = await records.get(callback)
    assert record is not None
    assert (record.outcome, record.ani) == (Outcome.NOT_REACHED, "13800000009")
    assert await records.open_calls() == []


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


async def test_what_an_agent_asked_for_in_a_talk_is_remembered_until_it_comes_true(
    database: Database, writer: JournalWriter
) -> None:
    def state(at: float, name: AgentState) -> AgentStateChanged:
        return AgentStateChanged(at=at, agent_id=WANG, state=name)

    wish = AgentWished(at=START + 5, agent_id=WANG, state=AgentState.NOT_READY, reason="meal")
    longer = WrapUpExtended(at=START + 20, agent_id=WANG, queue=SALES, until=START + 70, extended=1)
    journal = Journal(database.sessions)

    await write(writer, [state(START, AgentState.TALKING), wish])
    assert (await journal.last_agent_facts(since=START))[WANG].wish == wish
    again = replace(wish, at=START + 10)
    await write(writer, [state(START + 10, AgentState.WRAP_UP), again, longer])
    memory = (await journal.last_agent_facts(since=START))[WANG]
    assert (memory.wish, memory.extended) == (again, longer)
    await write(writer, [state(START + 70, AgentState.NOT_READY)])
    memory = (await journal.last_agent_facts(since=START))[WANG]
    assert (memory.wish, memory.extended) == (None, None)


async def test_missed_offers_in_a_row_are_counted_since_the_agent_was_last_there(
    database: Database, writer: JournalWriter
) -> None:
    def ended(at: float, result: OfferResult) -> OfferEnded:
        return OfferEnded(
            at=at,
            call_id=CallId(f"c{at}"),
            queue=SALES,
            offer_id=OfferId(f"o{at}"),
            agent_id=WANG,
            result=result,
            rang_s=15.0,
        )

    missed, refused = OfferResult.MISSED, OfferResult.REFUSED
    ready = AgentStateChanged(at=START, agent_id=WANG, state=AgentState.READY)
    away = AgentStateChanged(at=START + 4, agent_id=WANG, state=AgentState.NOT_READY)
    journal = Journal(database.sessions)
    for facts, count in (
        ([ready, ended(START + 1, missed), ended(START + 2, missed)], 2),
        ([ended(START + 3, missed), away], 0),
        ([ended(START + 5, missed), replace(ready, at=START + 6), ended(START + 7, missed)], 2),
        ([ended(START + 8, refused), ended(START + 9, missed)], 1),
        ([answered("c", START + 10, 5.0)], 0),
    ):
        await write(writer, facts)
        assert (await journal.last_agent_facts(since=START))[WANG].missed_in_a_row == count


async def test_whose_turn_it_was_is_remembered_by_queue(
    database: Database, writer: JournalWriter
) -> None:
    def made(at: float, *agents: AgentId, queue: QueueId = SALES) -> OfferMade:
        return OfferMade(
            at=at,
            call_id=CallId(f"c{at}"),
            queue=queue,
            offer_id=OfferId(f"o{at}"),
            agents=agents,
            strategy="round_robin_memory",
            waited_s=0.0,
        )

    await write(writer, [made(START, WANG), answered(f"c{START}", START + 3, 3.0)])
    await write(writer, [made(START + 10, CHEN), made(START + 20, WANG, CHEN, queue=SUPPORT)])
    turns = await Journal(database.sessions).last_turns(since=START)
    assert turns == {SALES: (WANG, CHEN), SUPPORT: (None, CHEN)}


async def test_the_newest_facts_of_some_kinds_come_the_oldest_of_them_first(
    database: Database, writer: JournalWriter
) -> None:
    told = [answered(f"c{number}", START + number, float(number)) for number in range(5)]
    await write(writer, told)
    found = await Journal(database.sessions).newest(START, kinds=[CallAnswered.kind], limit=3)
    assert found == told[2:]
    assert await Journal(database.sessions).newest(START, kinds=["talk.ended"], limit=3) == []


async def test_callbacks_that_are_still_to_be_made_are_found(
    database: Database, writer: JournalWriter
) -> None:
    def asked(name: str) -> CallbackAsked:
        return CallbackAsked(
            at=START,
            call_id=CallId(name),
            queue=SALES,
            callback_id=CallId(f"cb-{name}"),
            number="1",
            chosen_at=None,
            waited_s=40.0,
            queued_at=START - 40,
            head_start_s=0.0,
            ageing=1.0,
            requires=("english:3",),
        )

    def attempted(name: str, attempt: int, next_at: float | None) -> CallbackAttempted:
        return CallbackAttempted(
            at=START + attempt,
            call_id=CallId(f"cb-{name}"),
            queue=SALES,
            attempt=attempt,
            result=CallbackResult.BUSY,
            next_at=next_at,
        )

    over = CallbackEnded(
        at=START + 9,
        call_id=CallId("cb-over"),
        queue=SALES,
        result=CallbackEnd.GAVE_UP,
        attempts=1,
    )
    await write(writer, [asked("new"), asked("tried"), asked("over")])
    await write(writer, [attempted("tried", 1, 600.0), attempted("tried", 2, START + 600), over])
    found = await Journal(database.sessions).open_callbacks(since=START - 10)
    assert [(f.asked.callback_id, f.attempts, f.next_at) for f in found] == [
        ("cb-new", 0, None),
        ("cb-tried", 2, START + 600),
    ]


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
