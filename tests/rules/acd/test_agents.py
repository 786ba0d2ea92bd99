"""What agents and their phones say, and when it takes effect."""

from __future__ import annotations

import pytest

from ccengine.acd.commands import Offer, Withdraw
from ccengine.acd.core import Acd
from ccengine.acd.inputs import PhoneState
from ccengine.acd.rules import Strategy
from ccengine.ids import AgentId
from ccengine.journal.facts import (
    AgentState,
    AgentStateChanged,
    AgentWished,
    HangupBy,
    OfferEnded,
    OfferResult,
    TalkEnded,
    WrapUpEnded,
)
from tests.rules.acd.floor_driver import START, Centre, queue, rules


def states(centre: Centre) -> list[tuple[str, str]]:
    return [(w.state.value, w.reason) for w in centre.heard(AgentStateChanged)]


def test_an_agent_signs_in_not_ready_and_says_ready() -> None:
    centre = Centre()
    centre.sign_in("ann")
    assert states(centre) == [("not_ready", "signed_in")]
    centre.ready("ann")
    assert states(centre) == [("ready", "")]
    centre.sign_in("ann")
    assert centre.ignored() == "sign_in: agent ann is signed in already"


@pytest.mark.parametrize("phone", [PhoneState.UNREACHABLE, PhoneState.BUSY, PhoneState.RINGING])
def test_a_ready_agent_whose_phone_is_not_idle_is_not_rung(phone: PhoneState) -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.phone("ann", phone)
    centre.call("c1")
    assert centre.offered_to() == ()
    assert (centre.state("ann"), centre.acd.agent(AgentId("ann")).phone) == (
        AgentState.READY,
        phone,
    )
    centre.phone("ann", PhoneState.IDLE)
    assert centre.offered_to() == ("ann",)


def test_a_phone_never_heard_of_is_unreachable() -> None:
    centre = Centre()
    centre.sign_in("ann")
    centre.ready("ann")
    centre.call("c1")
    assert centre.offered_to() == ()
    assert centre.acd.agent(AgentId("ann")).phone is PhoneState.UNREACHABLE


def test_a_phone_may_be_heard_of_before_its_agent() -> None:
    centre = Centre()
    centre.call("c1")
    centre.phone("ann", PhoneState.IDLE)
    assert centre.last == []
    centre.sign_in("ann")
    centre.ready("ann")
    assert centre.offered_to() == ("ann",)


def test_not_ready_while_it_rings_takes_effect_after_the_offer() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.not_ready("ann", "meal")
    assert centre.last == [centre.one(AgentWished)]
    assert centre.acd.agent(AgentId("ann")).reason == "meal"
    centre.misses("ann")
    assert states(centre) == [("not_ready", "meal")]


def test_not_ready_in_a_talk_takes_effect_after_the_wrap_up() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.not_ready("ann", "meal")
    centre.talk_ends("c1")
    assert states(centre) == [("wrap_up", "meal")]
    came = centre.pass_time(20)
    assert [type(w) for w in came] == [WrapUpEnded, AgentStateChanged]
    assert states(centre) == [("not_ready", "meal")]


def test_not_ready_in_wrap_up_takes_effect_after_it() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.talks("ann", "c1")
    centre.not_ready("ann", "meal")
    assert centre.state("ann") is AgentState.WRAP_UP
    centre.pass_time(20)
    assert centre.state("ann") is AgentState.NOT_READY


def test_ready_takes_a_not_ready_back_that_has_not_taken_effect() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.not_ready("ann", "meal")
    centre.ready("ann")
    centre.answers("ann")
    centre.talk_ends("c1")
    assert centre.state("ann") is AgentState.READY


def test_wrap_up_ends_by_time() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.pass_time(100)
    centre.talk_ends("c1", HangupBy.AGENT, hold=30)
    talk = centre.one(TalkEnded)
    assert (talk.talk_s, talk.hold_s, talk.by) == (70.0, 30.0, HangupBy.AGENT)
    view = centre.acd.agent(AgentId("ann"))
    assert (view.state, view.call_id, view.wrap_up_until) == (
        AgentState.WRAP_UP,
        "c1",
        START + 120,
    )
    centre.call("c2")
    assert centre.offered_to() == ()
    came = centre.pass_time(20)
    assert [w.wrap_up_s for w in centre.heard(WrapUpEnded, came)] == [20.0]
    assert [o.call_id for o in centre.heard(Offer, came)] == ["c2"]


def test_ready_ends_the_wrap_up() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.talks("ann", "c1")
    centre.pass_time(7)
    centre.ready("ann")
    ended = centre.one(WrapUpEnded)
    assert (ended.call_id, ended.wrap_up_s) == ("c1", 7.0)
    assert centre.state("ann") is AgentState.READY
    assert centre.timers == {}


def test_a_queue_without_wrap_up_has_the_agent_ready_at_once() -> None:
    centre = Centre(queue(wrap_up=0))
    centre.at_work("ann")
    centre.talks("ann", "c1")
    assert states(centre) == [("ready", "")]


def test_sign_out_while_it_rings_stops_the_phone_and_the_call_goes_on() -> None:
    centre = Centre()
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.sign_out("ann")
    assert centre.one(Withdraw).call_id == "c1"
    assert centre.one(OfferEnded).result is OfferResult.WITHDRAWN
    assert centre.state("ann") is AgentState.LOGGED_OUT
    assert centre.offered_to() == ("bob",)


def test_sign_out_of_one_of_many_leaves_the_others_ringing() -> None:
    centre = Centre(queue(strategy=Strategy.RING_ALL))
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.sign_out("ann")
    assert centre.heard(Withdraw) == []
    assert centre.one(OfferEnded).agent_id == "ann"
    centre.answers("bob")
    assert centre.state("bob") is AgentState.TALKING


def test_sign_out_in_a_talk_takes_effect_after_it_without_wrap_up() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.sign_out("ann")
    assert centre.last == [centre.one(AgentWished)]
    centre.ready("ann")
    assert centre.ignored() == "ready: agent ann has signed out"
    centre.not_ready("ann")
    assert centre.ignored() == "not_ready: agent ann has signed out"
    centre.talk_ends("c1")
    assert states(centre) == [("logged_out", "")]


def test_signing_in_again_in_the_talk_takes_the_sign_out_back() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.sign_out("ann")
    centre.sign_in("ann")
    centre.talk_ends("c1")
    assert states(centre) == [("not_ready", "signed_in")]


def test_sign_out_in_wrap_up_ends_it() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.at_work("ann")
    centre.talks("ann", "c1")
    centre.sign_out("ann")
    assert [type(w) for w in centre.last][1:] == [WrapUpEnded, AgentStateChanged]
    assert centre.state("ann") is AgentState.LOGGED_OUT


def test_a_new_reason_is_a_new_state_and_the_same_one_is_not() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.not_ready("ann", "break")
    centre.not_ready("ann", "meal")
    assert states(centre) == [("not_ready", "meal")]
    centre.not_ready("ann", "meal")
    assert centre.ignored() == "not_ready: agent ann is not ready for that reason already"


def test_an_agent_of_no_queue_may_sign_in_and_gets_no_calls() -> None:
    centre = Centre()
    centre.at_work("zoe")
    centre.call("c1")
    assert centre.offered_to() == ()
    assert centre.acd.queues_of(AgentId("zoe")) == ()
    assert centre.acd.queues_of(AgentId("ann")) == ("sales",)


def test_questions_about_nobody_and_nothing() -> None:
    acd = Acd(rules(queue()), boot="b")
    centre = Centre()
    nobody = acd.agent(AgentId("nobody"))
    assert (nobody.state, nobody.since) == (AgentState.LOGGED_OUT, 0.0)
    assert acd.queues_of(AgentId("nobody")) == ()
    centre.at_work("ann")
    centre.call("c1")
    assert centre.acd.position(centre.one(Offer).call_id) == 1
    centre.answers("ann")
    call = centre.ever(Offer)[0].call_id
    assert centre.acd.position(call) is None
    assert centre.acd.expected_wait(call, centre.now) is None
