"""Callbacks: the place is kept, one agent is held at a time, and each has one end."""

from __future__ import annotations

import pytest

from ccengine.acd import callbacks
from ccengine.acd.commands import Ignored, Offer, Withdraw
from ccengine.acd.inputs import AskCallback, CallbackTried, CancelCallback
from ccengine.acd.rules import CallbackRules, QueueRules, Strategy
from ccengine.acd.state import CallState
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import (
    AgentState,
    CallAbandoned,
    CallAnswered,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallbackResult,
    CallQueued,
    OfferEnded,
    OfferResult,
    TalkEnded,
)
from tests.rules.acd.floor_driver import START, Centre, changed, queue

BACK = CallbackRules(attempts=3, retry_after_s=600, ring_s=30, expires_after_s=3_600)


def sales(**more: object) -> QueueRules:
    return changed(queue(callback=BACK), **more)


def asks(centre: Centre, call: str, at: float | None = None) -> str:
    """The caller hangs up to be called back; the callback's name."""
    callback = f"cb-{call}"
    centre.say(
        AskCallback(call_id=CallId(call), callback_id=CallId(callback), number="13800138000", at=at)
    )
    return callback


def fails(centre: Centre, callback: str, why: CallbackResult = CallbackResult.NO_ANSWER) -> None:
    centre.say(CallbackTried(callback_id=CallId(callback), result=why))


def ends(centre: Centre, words: object = None) -> list[tuple[str, CallbackEnd, int]]:
    found = centre.heard(CallbackEnded, words)  # type: ignore[arg-type]
    return [(end.call_id, end.result, end.attempts) for end in found]


def test_a_callback_stands_where_its_caller_stood() -> None:
    centre = Centre(sales())
    for name in ("first", "second", "third"):
        centre.call(name)
        centre.pass_time(10)
    asks(centre, "second")
    assert centre.waiting() == "first cb-second third"
    asked, queued = centre.one(CallbackAsked), centre.one(CallQueued)
    assert (asked.call_id, asked.callback_id, asked.waited_s) == ("second", "cb-second", 20.0)
    assert (queued.call_id, queued.callback, queued.position) == ("cb-second", True, 2)
    assert queued.queued_at == START + 10
    assert centre.heard(CallAbandoned) == []
    assert centre.acd.call_state(CallId("second")) is CallState.GONE


def test_a_vip_stays_one_and_what_the_flow_asked_for_is_asked_for_again() -> None:
    centre = Centre(sales(), skills={"ann": "english:5"})
    centre.at_work("ann", "bob")
    centre.not_ready("ann")
    centre.call("plain", requires="english:1")
    centre.call("vip", vip=60, requires="english:3")
    asks(centre, "vip")
    assert (centre.one(CallbackAsked).head_start_s, centre.one(CallbackAsked).requires) == (
        60.0,
        ("english:3",),
    )
    assert centre.waiting() == "cb-vip plain"
    assert centre.offered_to() == ()  # bob does not speak it
    centre.ready("ann")
    assert centre.one(Offer).call_id == "cb-vip"


def test_when_its_turn_comes_one_agent_is_held_and_the_customer_is_to_be_called() -> None:
    centre = Centre(sales(strategy=Strategy.RING_ALL))
    centre.call("c1")
    asks(centre, "c1")
    centre.at_work("ann")
    offer = centre.one(Offer)
    assert (offer.callback, offer.agents, offer.call_id) == (True, ("ann",), "cb-c1")
    assert centre.state("ann") is AgentState.OFFERED


def test_even_ring_all_holds_one_agent_only_for_a_callback() -> None:
    centre = Centre(sales(strategy=Strategy.RING_ALL))
    centre.at_work("ann", "bob", "cid")
    centre.call("c1")
    assert len(centre.offered_to()) == 3
    asks(centre, "c1")
    assert len(centre.offered_to()) == 1
    assert len(centre.heard(Withdraw)) == 1


def test_customer_and_agent_talk_and_the_callback_is_through() -> None:
    centre = Centre(sales())
    centre.call("c1")
    callback = asks(centre, "c1")
    centre.pass_time(100)
    centre.at_work("ann")
    centre.answers("ann")
    assert centre.one(CallAnswered).waited_s == 100.0
    assert ends(centre) == [(callback, CallbackEnd.CONNECTED, 1)]
    centre.talk_ends(callback)
    assert centre.one(TalkEnded).call_id == callback
    centre.pass_time(10_000)
    assert centre.timers == {}


def test_a_customer_who_does_not_answer_frees_the_agent_for_the_next_call_at_once() -> None:
    centre = Centre(sales())
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    centre.call("next")
    fails(centre, callback)
    tried = centre.one(CallbackAttempted)
    assert (tried.attempt, tried.result) == (1, CallbackResult.NO_ANSWER)
    assert tried.next_at == START + 600
    assert centre.one(OfferEnded).result is OfferResult.WITHDRAWN
    assert centre.one(Offer).call_id == "next"
    assert centre.waiting() == "next"  # it sleeps, and counts for nobody's position


def test_after_its_pause_it_stands_again_where_it_stood_and_the_agent_is_not_held_against_it() -> (
    None
):
    centre = Centre(sales(ring_timeout_s=1_000.0, retry_pause_s=5_000.0))
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    fails(centre, callback)
    centre.call("later")
    assert centre.offered_to() == ("ann",)
    centre.call("latest")
    centre.pass_time(600)
    assert centre.waiting() == "cb-c1 later latest"
    centre.answers("ann")
    centre.talk_ends("later")
    assert centre.one(Offer).call_id == callback


def test_after_the_last_attempt_it_is_given_up() -> None:
    centre = Centre(sales())
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    for _ in range(2):
        fails(centre, callback)
        centre.pass_time(600)
    fails(centre, callback, CallbackResult.BUSY)
    assert centre.one(CallbackAttempted).next_at is None
    assert ends(centre) == [(callback, CallbackEnd.GAVE_UP, 3)]
    assert centre.state("ann") is AgentState.READY
    assert centre.timers == {}


def test_an_agent_who_does_not_take_it_is_no_attempt() -> None:
    centre = Centre(sales())
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    centre.misses("ann")
    centre.at_work("bob")
    assert centre.one(Offer).call_id == callback
    centre.refuses("bob")
    assert centre.ever(CallbackAttempted) == []
    assert centre.waiting() == callback


def test_an_offer_that_nobody_carries_out_is_an_attempt_that_failed() -> None:
    centre = Centre(sales())
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    came = centre.pass_time(15 + 30 + 15 + 4.9)
    assert centre.heard(CallbackAttempted, came) == []
    centre.pass_time(0.1)
    assert centre.one(CallbackAttempted).result is CallbackResult.FAILED
    assert centre.acd.call_state(CallId(callback)) is CallState.SLEEPING
    assert centre.state("ann") is AgentState.READY


def test_who_chose_a_time_is_called_then_with_the_wait_it_had() -> None:
    centre = Centre(sales())
    centre.call("c1")
    centre.pass_time(40)
    asks(centre, "c1", at=START + 1_000)
    assert centre.one(CallQueued).position == 0
    centre.at_work("ann")
    assert centre.offered_to() == ()
    centre.not_ready("ann")
    centre.pass_time(930)
    centre.call("earlier", queued_at=START + 950)
    centre.call("later", queued_at=START + 970)
    assert centre.waiting() == "earlier later"
    centre.pass_time(30)
    assert centre.waiting() == "earlier cb-c1 later"


def test_a_time_that_is_past_is_now() -> None:
    centre = Centre(sales())
    centre.call("c1")
    asks(centre, "c1", at=START - 5)
    assert centre.one(CallbackAsked).chosen_at is None
    assert centre.waiting() == "cb-c1"


def test_it_is_given_up_when_it_is_too_old() -> None:
    centre = Centre(sales())
    centre.call("c1")
    callback = asks(centre, "c1")
    assert ends(centre, centre.pass_time(3_599)) == []
    assert ends(centre, centre.pass_time(1)) == [(callback, CallbackEnd.EXPIRED, 0)]
    assert centre.waiting() == ""


def test_an_offer_that_rings_is_not_cut_when_it_expires() -> None:
    centre = Centre(sales())
    centre.call("c1")
    callback = asks(centre, "c1")
    centre.pass_time(3_595)
    centre.at_work("ann")
    assert ends(centre, centre.pass_time(10)) == []
    centre.misses("ann")
    assert ends(centre) == [(callback, CallbackEnd.EXPIRED, 0)]


@pytest.mark.parametrize("when", ["waits", "rings", "sleeps"])
def test_who_rings_again_is_not_called_back(when: str) -> None:
    centre = Centre(sales())
    centre.call("c1")
    callback = asks(centre, "c1", at=START + 100 if when == "sleeps" else None)
    if when == "rings":
        centre.at_work("ann")
    centre.say(CancelCallback(callback_id=CallId(callback)))
    assert [result for _, result, _ in ends(centre)] == [CallbackEnd.CANCELLED]
    assert len(centre.heard(Withdraw)) == (when == "rings")
    assert centre.acd.call_state(CallId(callback)) is CallState.GONE
    assert centre.timers == {}


def test_callbacks_and_callers_are_served_in_one_order_and_nobody_starves() -> None:
    centre = Centre(sales(agents=(AgentId("ann"),)))
    for number in range(6):
        centre.call(f"c{number}")
        centre.pass_time(1)
        if number % 2:
            asks(centre, f"c{number}")
    centre.at_work("ann")
    served = []
    while centre.state("ann") is AgentState.OFFERED:
        served.append(centre.ever(Offer)[-1].call_id)
        centre.answers("ann")
        centre.talk_ends(served[-1])
    assert served == ["c0", "cb-c1", "c2", "cb-c3", "c4", "cb-c5"]


def test_a_callback_that_nobody_answers_lets_all_others_pass() -> None:
    centre = Centre(sales(agents=(AgentId("ann"),)))
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    for number in range(3):
        fails(centre, callback)
        if number < 2:
            centre.talks("ann", f"other{number}")
            centre.pass_time(540)  # with the talk: its pause is over
    assert ends(centre) == [(callback, CallbackEnd.GAVE_UP, 3)]


def test_a_queue_has_only_so_many_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "MOST_OPEN", 2)
    centre = Centre(sales())
    for number in range(3):
        centre.call(f"c{number}")
        asks(centre, f"c{number}")
    assert "2 open callbacks" in centre.ignored()
    assert centre.waiting() == "cb-c0 cb-c1 c2"
    centre.say(CancelCallback(callback_id=CallId("cb-c0")))
    asks(centre, "c2")
    assert centre.waiting() == "cb-c1 cb-c2"


def test_callbacks_do_not_fill_the_queue_for_callers() -> None:
    centre = Centre(sales(max_calls=1))
    centre.call("c1")
    asks(centre, "c1")
    centre.call("c2")
    assert centre.waiting() == "cb-c1 c2"


def test_a_queue_without_callbacks_says_why_not_and_the_caller_waits_on() -> None:
    centre = Centre(queue())
    centre.call("c1")
    asks(centre, "c1")
    assert centre.ignored() == "ask_callback: sales takes no callbacks"
    assert centre.waiting() == "c1"


def test_one_without_a_number_waits_on() -> None:
    centre = Centre(sales())
    centre.call("c1")
    centre.say(AskCallback(call_id=CallId("c1"), callback_id=CallId("x"), number=""))
    assert centre.ignored() == "ask_callback: call c1 has no number to call"


def test_when_the_queue_takes_no_callbacks_any_more_those_it_has_are_finished() -> None:
    centre = Centre(sales())
    centre.call("c1")
    callback = asks(centre, "c1")
    centre.new_rules(queue())
    centre.at_work("ann")
    assert centre.one(Offer).callback
    fails(centre, callback)
    assert centre.one(CallbackAttempted).next_at == START + 600
    centre.pass_time(600)
    assert centre.one(Offer).call_id == callback


def test_when_its_queue_is_gone_it_is_cancelled_asleep_or_not() -> None:
    centre = Centre(sales())
    centre.call("c1")
    centre.call("c2")
    asks(centre, "c1")
    asks(centre, "c2", at=START + 100)
    centre.new_rules(queue("support"))
    assert [(name, result) for name, result, _ in ends(centre)] == [
        ("cb-c1", CallbackEnd.CANCELLED),
        ("cb-c2", CallbackEnd.CANCELLED),
    ]
    assert centre.timers == {}


def test_an_answer_that_comes_after_the_attempt_was_given_up_is_believed() -> None:
    centre = Centre(sales())
    centre.at_work("ann")
    centre.call("c1")
    callback = asks(centre, "c1")
    offer = centre.offer_of("ann")
    fails(centre, callback)
    centre.answers("ann", offer)
    assert ends(centre) == [(callback, CallbackEnd.CONNECTED, 2)]
    assert centre.state("ann") is AgentState.TALKING
    assert centre.heard(Ignored) == []
    centre.talk_ends(callback)
    assert centre.timers == {}
