"""A call's record is the sum of its facts, in whatever order late ones arrive."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ccengine.calls.record import CallRecord, apply, begins_no_record, record_of
from ccengine.ids import AgentId, CallId, CustomerId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    CallArrived,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallbackResult,
    CallEnded,
    CallFact,
    CallQueued,
    DispositionSet,
    FlowEntered,
    Outcome,
    RecordingStored,
    TalkEnded,
    WrapUpEnded,
)
from tests.data.any_fact import FACTS_OF_ONE_CALL
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
    wrapped_up,
)

SUMMED = (TalkEnded, WrapUpEnded)


def told(facts: Sequence[CallFact]) -> CallRecord:
    record = record_of(facts)
    assert record is not None
    return record


def test_the_first_call() -> None:
    assert told(first_call()) == CallRecord(
        call_id=CallId("call-1"),
        arrived_at=START,
        ani="13800000001",
        dnis="4001",
        trunk="carrier",
        ani_verified=True,
        customer_id=CustomerId(7),
        vip_level="gold",
        language="zh-CN",
        flow="main",
        last_step="menu",
        queue=SALES,
        queued_at=START + 5,
        waited_s=8.0,
        agent_id=WANG,
        answered_at=START + 13,
        pop_latency_ms=40.0,
        talk_s=60.0,
        hold_s=0.0,
        wrap_up_s=10.0,
        ended_at=START + 73,
        outcome=Outcome.ANSWERED,
        disposition="solved",
        note="已解决：重装驱动",
        recording_path="2026/11/call-1.wav",
        recording_sha256="ab" * 32,
        recording_s=60.0,
    )


def test_what_comes_after_the_end_may_come_in_any_order() -> None:
    """Recording, disposition and wrap-up are told by three different parts of the engine."""
    story = first_call()
    before, late = story[:-3], story[-3:]
    records = {told([*before, *order]) for order in permutations(late)}
    assert records == {told(story)}


def test_a_call_timed_out_of_one_queue_and_answered_in_the_next() -> None:
    record = told(
        [
            arrived("c"),
            queued("c", START + 5),
            left("c", START + 65, 60.0, AbandonReason.TIMED_OUT),
            queued("c", START + 66, SUPPORT),
            answered("c", START + 70, 4.0, SUPPORT),
        ]
    )
    assert (record.queue, record.queued_at, record.waited_s) == (SUPPORT, START + 66, 4.0)


def test_a_call_passed_on_to_a_second_agent_sums_both_talks() -> None:
    record = told(
        [
            arrived("c"),
            queued("c", START),
            answered("c", START + 5, 5.0),
            talked("c", START + 35, 30.0, 4.0),
            queued("c", START + 36, SUPPORT),
            answered("c", START + 40, 4.0, SUPPORT, AgentId("1004")),
            talked("c", START + 60, 20.0, 1.0, SUPPORT, AgentId("1004")),
            wrapped_up("c", START + 45, 10.0),
            wrapped_up("c", START + 65, 5.0, SUPPORT),
        ]
    )
    assert (record.talk_s, record.hold_s, record.wrap_up_s) == (50.0, 5.0, 15.0)
    assert (record.agent_id, record.answered_at) == ("1004", START + 5)


def test_the_same_stay_told_again_after_a_restart_changes_nothing() -> None:
    """Through the database a moment loses what is finer than a microsecond."""
    story = [arrived("c"), queued("c", START + 5), left("c", START + 9, 4.0)]
    again = queued("c", START + 60, since=START + 5 + 4e-7)
    assert told([*story, again]) == told(story)


def test_the_first_outcome_stands() -> None:
    lost = ended("c", START + 500, Outcome.LOST)
    assert told([arrived("c"), ended("c", START + 9), lost]).outcome is Outcome.ANSWERED


def test_a_story_whose_beginning_comes_late_is_whole_in_the_end() -> None:
    arrival, *rest = first_call()
    assert told([*rest, arrival]) == told(first_call())


def test_facts_of_another_call_are_refused() -> None:
    with pytest.raises(ValueError, match="call-2"):
        apply(told(first_call("call-1")), arrived("call-2"))


@given(facts=FACTS_OF_ONE_CALL)
def test_any_facts_in_any_order_make_a_record(facts: list[CallFact]) -> None:
    record = record_of(facts)
    assert (record is None) == all(map(begins_no_record, facts))
    if record is None:
        return
    assert record.talk_s == sum(f.talk_s for f in facts if isinstance(f, TalkEnded))
    assert record.wrap_up_s == sum(f.wrap_up_s for f in facts if isinstance(f, WrapUpEnded))
    outcomes = [fact.outcome for fact in facts if isinstance(fact, CallEnded)]
    if isinstance(next(fact for fact in facts if not begins_no_record(fact)), CallbackEnded):
        outcomes = [Outcome.NOT_REACHED]
    assert record.outcome == (outcomes[0] if outcomes else None)


@given(facts=FACTS_OF_ONE_CALL)
def test_a_fact_told_twice_in_a_row_counts_once_unless_it_is_summed(facts: list[CallFact]) -> None:
    once = record_of(facts)
    twice: CallRecord | None = None
    for fact in facts:
        if twice is None and begins_no_record(fact):
            continue
        twice = apply(twice, fact)
        if not isinstance(fact, SUMMED):
            twice = apply(twice, fact)
    assert twice == once


def test_a_callback_has_no_record_before_its_customer_is_reached() -> None:
    waits = CallQueued(
        at=1.0,
        call_id=CallId("cb"),
        queue=QueueId("sales"),
        head_start_s=0.0,
        queued_at=0.0,
        position=1,
        callback=True,
    )
    tried = CallbackAttempted(
        at=2.0,
        call_id=CallId("cb"),
        queue=QueueId("sales"),
        attempt=1,
        result=CallbackResult.BUSY,
        next_at=600.0,
    )
    assert record_of([waits, tried]) is None
    gave_up = _callback_ended(CallbackEnd.GAVE_UP)
    assert record_of([waits, tried, gave_up]) == CallRecord(
        call_id=CallId("cb"),
        arrived_at=3.0,
        ani="13800000009",
        queue=QueueId("sales"),
        ended_at=3.0,
        outcome=Outcome.NOT_REACHED,
    )


def test_a_callback_that_is_given_up_with_its_customer_on_the_line_ends_as_that_call_does() -> None:
    expired = _callback_ended(CallbackEnd.EXPIRED)
    story = [arrived("cb"), expired, ended("cb", START + 9, Outcome.ABANDONED)]
    assert told(story).outcome is Outcome.ABANDONED
    assert record_of([_callback_ended(CallbackEnd.CONNECTED)]) is None


def _callback_ended(result: CallbackEnd) -> CallbackEnded:
    return CallbackEnded(
        at=3.0,
        call_id=CallId("cb"),
        queue=QueueId("sales"),
        result=result,
        attempts=1,
        number="13800000009",
    )


def test_a_caller_who_is_to_be_called_back_has_waited_until_then() -> None:
    asked = CallbackAsked(
        at=50.0,
        call_id=CallId("c"),
        queue=QueueId("sales"),
        callback_id=CallId("cb"),
        number="1",
        chosen_at=None,
        waited_s=40.0,
        queued_at=10.0,
        head_start_s=0.0,
        ageing=1.0,
        requires=(),
    )
    record = record_of([asked])
    assert record is not None
    assert (record.queue, record.waited_s) == ("sales", 40.0)


LATE = (CallArrived, FlowEntered, DispositionSet, RecordingStored, WrapUpEnded, CallQueued)


@given(data=st.data())
def test_facts_of_different_kinds_that_say_different_things_commute(data: st.DataObject) -> None:
    """Arrival, flow, disposition, recording, wrap-up and outcome touch different fields."""
    story = [fact for fact in first_call() if isinstance(fact, (*LATE, CallEnded))]
    shuffled = data.draw(st.permutations(story))
    last_step = told(story).last_step
    assert replace(told(shuffled), last_step=last_step) == told(story)
