"""What a restarted engine tells the ACD, and what goes on as if nothing had been."""

from __future__ import annotations

from dataclasses import replace

from ccengine.acd.commands import Offer
from ccengine.acd.inputs import AdoptAgent, AdoptCallback, AdoptQueue, AdoptTalk, Join
from ccengine.acd.rules import CallbackRules, QueueRules, Strategy, WrapUpMode
from ccengine.acd.state import CallState
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import (
    AgentState,
    AgentStateChanged,
    AgentWished,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallQueued,
    WrapUpEnded,
)
from tests.rules.acd.floor_driver import START, Centre, queue

SALES, ANN = QueueId("sales"), AgentId("ann")
BACK = AdoptCallback(
    callback_id=CallId("cb"),
    queue=SALES,
    number="1",
    queued_at=START - 500,
    head_start_s=0.0,
    ageing=1.0,
    requires=(),
    not_before=START - 100,
    attempts=2,
    asked_at=START - 400,
)
ANNS = AdoptAgent(
    agent_id=ANN,
    signed_in=True,
    ready=True,
    reason="",
    wrap_up_until=None,
    wrap_up_call=None,
    calls_answered={},
    last_call_ended_at={},
)
TALK = AdoptTalk(
    call_id=CallId("old"),
    queue=SALES,
    agent_id=ANN,
    offer_id=OfferId("before-1"),
    queued_at=START - 100,
    answered_at=START - 60,
)


def sales(**more: object) -> QueueRules:
    return queue(callback=CallbackRules(expires_after_s=3_600.0), **more)


def test_the_turn_of_a_queue_goes_on_where_it_was() -> None:
    centre = Centre(queue(strategy=Strategy.ROUND_ROBIN_MEMORY))
    centre.say(AdoptQueue(queue=SALES, rang_last=AgentId("bob"), answered_last=ANN))
    centre.at_work("ann", "bob", "cid")
    centre.call("c1")
    assert centre.offered_to() == ("cid",)


def test_the_turn_of_an_agent_whom_the_site_does_not_have_changes_nothing() -> None:
    centre = Centre(queue(strategy=Strategy.ROUND_ROBIN_MEMORY))
    centre.say(AdoptQueue(queue=SALES, rang_last=AgentId("zoe"), answered_last=None))
    centre.at_work("ann", "bob")
    centre.call("c1")
    assert centre.offered_to() == ("ann",)


def test_what_was_asked_for_in_a_talk_is_said_to_the_journal() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    assert centre.heard(AgentWished) == []
    centre.not_ready("ann", "meal")
    assert centre.one(AgentWished).state is AgentState.NOT_READY
    centre.talk_ends("c1")
    facts = centre.heard((AgentStateChanged, AgentWished))  # type: ignore[type-var]
    assert [type(fact) for fact in facts] == [AgentStateChanged, AgentWished]
    centre.ready("ann")
    assert centre.state("ann") is AgentState.READY


def test_a_break_asked_for_in_a_talk_comes_after_it_over_a_restart() -> None:
    centre = Centre(queue())
    centre.say(replace(ANNS, ready=False, reason="meal"))
    centre.say(TALK)
    assert centre.state("ann") is AgentState.TALKING
    centre.talk_ends("old")
    assert centre.acd.agent(ANN).reason == "meal"
    assert centre.state("ann") is AgentState.NOT_READY


def test_a_sign_out_asked_for_in_a_talk_comes_after_it_over_a_restart() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.say(replace(ANNS, signed_in=False, ready=False))
    centre.say(TALK)
    assert centre.one(AgentWished).state is AgentState.LOGGED_OUT
    centre.talk_ends("old")
    assert centre.state("ann") is AgentState.LOGGED_OUT


def test_missed_offers_in_a_row_count_on() -> None:
    centre = Centre(queue(agents="ann", missed=3))
    centre.at_work("ann")
    centre.say(replace(ANNS, missed_in_a_row=2))
    centre.call("c1")
    centre.misses("ann")
    assert centre.acd.agent(ANN).reason == "missed_offers"


def test_a_wrap_up_until_done_is_still_to_be_done() -> None:
    centre = Centre(queue(wrap_up_mode=WrapUpMode.UNTIL_DONE))
    centre.say(
        replace(ANNS, wrap_up_since=START - 50, wrap_up_call=CallId("old"), wrap_up_queue=SALES)
    )
    centre.pass_time(1_000)
    assert centre.state("ann") is AgentState.WRAP_UP
    centre.ready("ann")
    assert centre.one(WrapUpEnded).wrap_up_s == 1_050.0


def test_extensions_are_not_given_twice() -> None:
    centre = Centre(queue(wrap_up=20, wrap_up_extension_s=30.0, wrap_up_extensions=2))
    centre.say(
        replace(
            ANNS,
            wrap_up_since=START - 15,
            wrap_up_until=START + 35,
            wrap_up_extended=1,
            wrap_up_call=CallId("old"),
            wrap_up_queue=SALES,
        )
    )
    assert centre.acd.agent(ANN).extensions_left == 1


def test_an_adopted_call_is_not_offered_to_who_refused_it_before() -> None:
    centre = Centre(queue(agents="ann bob"))
    centre.at_work("ann")
    centre.say(
        Join(
            call_id=CallId("c1"), queue=SALES, queued_at=START, adopted=True, tried={ANN: START + 7}
        )
    )
    assert centre.offered_to() == ()
    came = centre.pass_time(7)
    assert centre.heard(Offer, came)[0].agents == ("ann",)


def test_a_callback_goes_on_with_its_place_and_its_attempts() -> None:
    centre = Centre(sales())
    centre.call("later")
    centre.say(BACK)
    assert centre.heard(CallQueued) == []
    assert centre.waiting() == "cb later"


def test_a_callback_that_slept_sleeps_on() -> None:
    centre = Centre(sales())
    centre.at_work("ann")
    centre.say(replace(BACK, not_before=START + 50))
    assert centre.acd.call_state(CallId("cb")) is CallState.SLEEPING
    came = centre.pass_time(50)
    assert [offer.call_id for offer in centre.heard(Offer, came)] == ["cb"]


def test_a_callback_that_expired_meanwhile_is_over() -> None:
    centre = Centre(sales())
    centre.say(replace(BACK, asked_at=START - 3_600))
    came = centre.pass_time(0)
    assert [end.result for end in centre.heard(CallbackEnded, came)] == [CallbackEnd.EXPIRED]


def test_a_callback_of_a_queue_that_is_gone_is_over() -> None:
    centre = Centre(queue("support"))
    centre.say(BACK)
    end = centre.one(CallbackEnded)
    assert (end.result, end.attempts) == (CallbackEnd.CANCELLED, 2)
    assert centre.ever(CallbackAttempted) == []
