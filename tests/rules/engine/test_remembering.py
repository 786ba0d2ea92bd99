"""What a restarted engine tells the ACD of agents, callbacks, calls in line, and opening hours."""

from __future__ import annotations

from typing import cast

from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import AdoptAgent, Input, QueueHours
from ccengine.acd.rules import SkillRequirement
from ccengine.calls.taken_up import stay_before
from ccengine.engine.adoption import agent_inputs, callback_inputs
from ccengine.engine.flows import InForce
from ccengine.engine.learned import past_waits
from ccengine.engine.opening import Opening
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    AgentWished,
    CallAbandoned,
    CallAnswered,
    CallbackAsked,
    CallOverflowed,
    CallQueued,
    OfferEnded,
    OfferResult,
    WaitExpected,
    WrapUpExtended,
)
from ccengine.journal.store import AgentMemory, OpenCallback
from ccengine.site.model import Queue, Site
from tests.kit.clock import HandClock

ANN, CALL, SALES, SUPPORT = AgentId("1001"), CallId("c1"), QueueId("sales"), QueueId("support")


def adopted(
    state: AgentState,
    wish: AgentWished | None = None,
    *,
    extended: WrapUpExtended | None = None,
    wrap_up_s: float | None = 20.0,
) -> AdoptAgent:
    last = AgentStateChanged(at=500.0, agent_id=ANN, state=state, call_id=CALL)
    memory = AgentMemory(agent_id=ANN, last=last, wish=wish, extended=extended, missed_in_a_row=2)
    (found,) = agent_inputs([memory], {CALL: (SALES, wrap_up_s)})
    return found


def wished(state: AgentState, reason: str = "") -> AgentWished:
    return AgentWished(at=510.0, agent_id=ANN, state=state, reason=reason)


def test_an_agent_who_asked_for_a_break_in_a_talk_comes_back_so() -> None:
    found = adopted(AgentState.TALKING, wished(AgentState.NOT_READY, "meal"))
    assert (found.signed_in, found.ready, found.reason) == (True, False, "meal")
    assert found.missed_in_a_row == 2


def test_an_agent_who_signed_out_in_a_talk_comes_back_so() -> None:
    assert not adopted(AgentState.TALKING, wished(AgentState.LOGGED_OUT)).signed_in


def test_a_break_that_was_taken_back_in_the_talk_is_no_break() -> None:
    found = adopted(AgentState.WRAP_UP, wished(AgentState.READY))
    assert (found.ready, found.reason, found.wrap_up_until) == (True, "", 520.0)


def test_a_longer_wrap_up_is_as_long_as_it_was_made() -> None:
    longer = WrapUpExtended(at=515.0, agent_id=ANN, queue=SALES, until=550.0, extended=1)
    found = adopted(AgentState.WRAP_UP, extended=longer)
    assert (found.wrap_up_until, found.wrap_up_extended) == (550.0, 1)


def test_a_wrap_up_until_done_has_a_beginning_and_no_end() -> None:
    found = adopted(AgentState.WRAP_UP, wrap_up_s=None)
    assert (found.wrap_up_since, found.wrap_up_until) == (500.0, None)


def asked(chosen_at: float | None = None) -> CallbackAsked:
    return CallbackAsked(
        at=1_000.0,
        call_id=CALL,
        queue=SALES,
        callback_id=CallId("cb"),
        number="13800138000",
        chosen_at=chosen_at,
        waited_s=40.0,
        queued_at=960.0,
        head_start_s=30.0,
        ageing=1.5,
        requires=("english:3",),
    )


def test_a_callback_comes_back_with_the_place_of_its_caller() -> None:
    (found,) = callback_inputs([OpenCallback(asked=asked(), attempts=0, next_at=None)])
    assert (found.queued_at, found.not_before, found.asked_at) == (960.0, 1_000.0, 1_000.0)
    assert (found.head_start_s, found.ageing) == (30.0, 1.5)
    assert found.requires == (SkillRequirement(skill="english", level=3),)


def test_a_callback_at_a_time_chosen_comes_back_with_the_wait_it_had() -> None:
    (found,) = callback_inputs([OpenCallback(asked=asked(5_000.0), attempts=0, next_at=None)])
    assert (found.queued_at, found.not_before, found.asked_at) == (4_960.0, 5_000.0, 5_000.0)


def test_a_callback_that_was_tried_comes_back_at_its_next_attempt() -> None:
    (found,) = callback_inputs([OpenCallback(asked=asked(), attempts=2, next_at=1_700.0)])
    assert (found.queued_at, found.not_before, found.attempts) == (960.0, 1_700.0, 2)


def entered(queue: QueueId, moved_from: QueueId | None = None) -> CallQueued:
    return CallQueued(
        at=100.0,
        call_id=CALL,
        queue=queue,
        head_start_s=0.0,
        queued_at=100.0,
        position=1,
        moved_from=moved_from,
    )


def rule(name: str, queue: QueueId, to: QueueId | None = None) -> CallOverflowed:
    return CallOverflowed(
        at=120.0, call_id=CALL, queue=queue, rule=name, action="x", to_queue=to, waited_s=20.0
    )


def refused(agent: AgentId, at: float) -> OfferEnded:
    return OfferEnded(
        at=at,
        call_id=CALL,
        queue=SALES,
        offer_id=OfferId("o"),
        agent_id=agent,
        result=OfferResult.REFUSED,
        rang_s=2.0,
    )


def test_a_call_in_line_comes_back_with_what_it_has_been_through() -> None:
    story = [
        entered(SALES),
        refused(ANN, 110.0),
        rule("told", SALES),
        rule("moved", SALES, SUPPORT),
        entered(SUPPORT, SALES),
        rule("widened", SUPPORT),
    ]
    before = stay_before(story, SUPPORT, 10.0)
    assert before.tried == {ANN: 120.0}
    assert (before.spent, before.been_in) == (("widened",), (SALES,))


def test_what_happened_in_an_earlier_visit_does_not_count() -> None:
    story = [entered(SALES), refused(ANN, 110.0), rule("told", SALES), entered(SALES)]
    before = stay_before(story, SALES, 10.0)
    assert (dict(before.tried), before.spent, before.been_in) == ({}, (), ())


class Hours:
    """Stands for the files in force: one queue with hours, opened and closed by hand."""

    def __init__(self) -> None:
        self.now_open = True
        titles = {"zh-CN": "销售", "en": "Sales"}
        always = Queue.model_validate({"title": titles, "strategy": "random"})
        daily = always.model_copy(update={"hours": "office"})
        self.site = Site.model_construct(queues={"sales": daily, "support": always})

    def is_open(self, hours: str, now: float) -> bool:
        assert hours == "office"
        return self.now_open


def test_the_acd_is_told_once_of_each_opening_and_closing() -> None:
    files, told = Hours(), list[Input]()
    opening = Opening(cast(InForce, files), HandClock(), told.append)
    opening.look()
    assert told == []  # open is what it takes for granted
    files.now_open = False
    opening.look()
    opening.look()
    assert told == [QueueHours(queue=SALES, open=False)]
    files.now_open = True
    opening.look()
    assert told[1:] == [QueueHours(queue=SALES, open=True)]


def test_a_queue_whose_hours_are_taken_away_is_open() -> None:
    files, told = Hours(), list[Input]()
    files.now_open = False
    opening = Opening(cast(InForce, files), HandClock(), told.append)
    opening.look()
    files.site = Site.model_construct(queues={"sales": files.site.queues["support"]})
    opening.look()
    assert told[1:] == [QueueHours(queue=SALES, open=True)]


def test_a_queue_that_comes_back_while_closed_is_told_again() -> None:
    files, told = Hours(), list[Input]()
    files.now_open = False
    opening = Opening(cast(InForce, files), HandClock(), told.append)
    opening.look()
    whole, files.site = files.site, Site.model_construct(queues={})
    opening.look()
    files.site = whole
    opening.look()
    assert told == [QueueHours(queue=SALES, open=False)] * 2


def test_past_waits_teach_by_how_they_ended() -> None:
    """Given an answered call, one that hung up late, one that timed out, and one still waiting."""
    facts = [
        expected("answered", at=100.0, low=30.0, high=90.0),
        CallAnswered(
            at=160.0,
            call_id=CallId("answered"),
            queue=SALES,
            offer_id=OfferId("o"),
            agent_id=ANN,
            waited_s=60.0,
        ),
        expected("hung_up", at=200.0, low=30.0, high=90.0),
        abandoned("hung_up", at=400.0, reason=AbandonReason.HUNG_UP),
        expected("timed_out", at=300.0, low=None, high=None),
        abandoned("timed_out", at=500.0, reason=AbandonReason.TIMED_OUT),
        expected("waits", at=600.0, low=None, high=None),
    ]
    (learned,) = past_waits(facts)
    assert learned.queue == SALES
    assert [(past.answered, past.waited_s) for past in learned.waits] == [
        (True, 60.0),
        (False, 200.0),
    ]
    assert learned.waits[0].interval == Expected(low_s=30.0, high_s=90.0)


def expected(call: str, *, at: float, low: float | None, high: float | None) -> WaitExpected:
    return WaitExpected(
        at=at,
        call_id=CallId(call),
        queue=SALES,
        plain_s=50.0,
        low_s=low,
        high_s=high,
        vip=False,
        told=low is not None,
    )


def abandoned(call: str, *, at: float, reason: AbandonReason) -> CallAbandoned:
    return CallAbandoned(at=at, call_id=CallId(call), queue=SALES, reason=reason, waited_s=200.0)
