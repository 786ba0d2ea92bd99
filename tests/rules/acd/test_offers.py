"""An offer from the decision to its end, whichever end that is."""

from __future__ import annotations

import pytest

from ccengine.acd.commands import Ignored, Offer, Release, SetTimer, Withdraw
from ccengine.acd.inputs import PhoneState
from ccengine.acd.rules import Strategy
from ccengine.ids import OfferId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    CallAbandoned,
    CallAnswered,
    CallQueued,
    HangupBy,
    OfferEnded,
    OfferMade,
    OfferResult,
)
from tests.rules.acd.floor_driver import START, Centre, queue


def test_a_call_is_offered_to_a_ready_agent_at_once() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    assert [type(w) for w in centre.last] == [
        CallQueued,
        OfferMade,
        Offer,
        AgentStateChanged,
        SetTimer,
    ]
    offer = centre.one(Offer)
    assert (offer.agents, offer.ring_timeout_s, offer.decided_at) == (("ann",), 15.0, START)
    changed = centre.one(AgentStateChanged)
    assert (changed.state, changed.call_id) == (AgentState.OFFERED, "c1")


def test_an_answered_call_has_left_the_line_and_its_wait_is_measured() -> None:
    centre = Centre()
    centre.call("c1")
    centre.pass_time(20)
    centre.at_work("ann")
    centre.pass_time(4)
    centre.answers("ann")
    answered = centre.one(CallAnswered)
    assert (answered.agent_id, answered.waited_s) == ("ann", 24.0)
    assert centre.waiting() == ""
    assert centre.state("ann") is AgentState.TALKING
    assert centre.timers == {}


def test_a_call_that_rings_out_goes_to_the_next_agent_and_keeps_its_place() -> None:
    centre = Centre()
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.pass_time(15)
    centre.misses("ann")
    ended = centre.one(OfferEnded)
    assert (ended.agent_id, ended.result, ended.rang_s) == ("ann", OfferResult.MISSED, 15.0)
    assert centre.offered_to() == ("bob",)
    assert centre.acd.position(centre.one(Offer).call_id) == 1
    assert centre.state("ann") is AgentState.READY


@pytest.mark.parametrize("result", [OfferResult.MISSED, OfferResult.REFUSED])
def test_the_only_agent_is_rung_again_for_the_same_call_after_ten_seconds(
    result: OfferResult,
) -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.leg_ends("ann", result)
    assert centre.offered_to() == ()
    assert centre.heard(Offer, centre.pass_time(9.9)) == []
    assert len(centre.heard(Offer, centre.pass_time(0.1))) == 1


def test_an_agent_in_the_pause_of_one_call_takes_another_at_once() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.refuses("ann")
    centre.call("c2")
    assert centre.one(Offer).call_id == "c2"
    assert centre.waiting() == "c1 c2"


def test_a_fresh_agent_goes_before_one_whose_pause_is_over() -> None:
    centre = Centre(queue(strategy=Strategy.ROUND_ROBIN))
    centre.at_work("ann")
    centre.call("c1")
    centre.refuses("ann")
    centre.not_ready("ann")
    centre.pass_time(30)
    centre.phone("ann", PhoneState.BUSY)
    centre.ready("ann")
    centre.at_work("bob")
    assert centre.offered_to() == ("bob",)


def test_an_agent_who_comes_free_after_its_pause_gets_the_call() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.phone("ann", PhoneState.RINGING)
    centre.misses("ann")
    centre.pass_time(12)
    assert centre.waiting() == "c1"
    centre.phone("ann", PhoneState.IDLE)
    assert centre.offered_to() == ("ann",)


def test_three_missed_offers_in_a_row_set_the_agent_not_ready() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    for _ in range(2):
        centre.misses("ann")
        assert centre.state("ann") is AgentState.READY
        centre.pass_time(10)
    centre.misses("ann")
    changed = centre.one(AgentStateChanged)
    assert (changed.state, changed.reason) == (AgentState.NOT_READY, "missed_offers")
    assert centre.heard(Offer, centre.pass_time(60)) == []
    centre.ready("ann")
    assert centre.offered_to() == ("ann",)


def test_a_refused_offer_breaks_the_row_of_missed_ones() -> None:
    centre = Centre(queue(missed=2))
    centre.at_work("ann")
    centre.call("c1")
    for ends in (centre.misses, centre.refuses, centre.misses):
        ends("ann")
        assert centre.state("ann") is AgentState.READY
        centre.pass_time(10)
    centre.misses("ann")
    assert centre.state("ann") is AgentState.NOT_READY


def test_zero_means_that_missed_offers_never_set_an_agent_not_ready() -> None:
    centre = Centre(queue(missed=0))
    centre.at_work("ann")
    centre.call("c1")
    for _ in range(8):
        centre.misses("ann")
        centre.pass_time(10)
    assert centre.state("ann") is AgentState.OFFERED


def test_an_unreachable_phone_is_left_alone_for_five_seconds() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.leg_ends("ann", OfferResult.UNREACHABLE)
    centre.call("c2")
    assert centre.offered_to() == ()
    assert centre.heard(Offer, centre.pass_time(4.9)) == []
    (offer,) = centre.heard(Offer, centre.pass_time(0.1))
    assert offer.call_id == "c1"


def test_a_phone_that_registers_again_ends_its_pause() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.leg_ends("ann", OfferResult.UNREACHABLE)
    centre.phone("ann", PhoneState.UNREACHABLE)
    centre.call("c2")
    centre.phone("ann", PhoneState.IDLE)
    assert centre.one(Offer).call_id == "c2"


def test_an_offer_whose_end_is_never_told_is_taken_back_and_nobody_is_blamed() -> None:
    centre = Centre(queue(missed=1))
    centre.at_work("ann", "bob")
    centre.call("c1")
    came = centre.pass_time(20)
    assert [w.what for w in centre.heard(Ignored, came)] == ["offer.guard"]
    assert len(centre.heard(Withdraw, came)) == 1
    assert [e.result for e in centre.heard(OfferEnded, came)] == [OfferResult.WITHDRAWN]
    assert [o.agents for o in centre.heard(Offer, came)] == [("bob",)]
    assert centre.state("ann") is AgentState.READY


def test_the_caller_hangs_up_while_it_rings() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.pass_time(3)
    centre.leaves("c1")
    assert centre.one(Withdraw).call_id == "c1"
    assert centre.one(OfferEnded).result is OfferResult.WITHDRAWN
    abandoned = centre.one(CallAbandoned)
    assert (abandoned.reason, abandoned.waited_s) == (AbandonReason.HUNG_UP, 3.0)
    assert centre.state("ann") is AgentState.READY
    assert centre.timers == {}


def test_an_answer_after_the_caller_has_left_is_dropped_by_name() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.leaves("c1")
    centre.answers("ann")
    assert centre.ignored().startswith("answered: offer b-1: no such offer")
    assert centre.state("ann") is AgentState.READY


def test_an_answer_after_the_ring_timed_out_is_believed() -> None:
    """Asterisk has joined the two: nobody may cut them apart, nor ring another agent."""
    centre = Centre()
    centre.at_work("ann", "bob")
    centre.call("c1")
    late = centre.misses("ann")
    assert centre.offered_to() == ("bob",)
    centre.answers("ann", late)
    assert centre.one(CallAnswered).agent_id == "ann"
    assert centre.one(Withdraw).offer_id == centre.offer_of("bob")
    assert centre.one(OfferEnded).agent_id == "bob"
    assert (centre.state("ann"), centre.state("bob")) == (AgentState.TALKING, AgentState.READY)


def test_a_late_answer_takes_the_agent_from_the_call_it_is_offered_meanwhile() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    late = centre.misses("ann")
    centre.call("c2")
    assert centre.offered_to() == ("ann",)
    centre.answers("ann", late)
    assert centre.one(CallAnswered).call_id == "c1"
    assert centre.one(Withdraw).call_id == "c2"
    assert centre.waiting() == "c2"


def test_a_late_answer_on_an_overdue_call_of_the_same_agent() -> None:
    centre = Centre(queue(max_wait=12, ring=15))
    centre.at_work("ann")
    centre.call("c1")
    late = centre.misses("ann")
    centre.pass_time(11)
    assert centre.offer_of("ann") != late
    centre.pass_time(2)
    centre.answers("ann", late)
    assert centre.one(CallAnswered).offer_id == late
    assert centre.ever(Release) == []
    centre.talk_ends("c1")
    assert centre.state("ann") is AgentState.READY
    assert centre.timers == {}


def test_a_late_answer_of_an_agent_who_talks_with_someone_else_is_dropped() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    late = centre.misses("ann")
    centre.call("c2")
    centre.answers("ann")
    centre.answers("ann", late)
    assert centre.ignored() == "answered: agent ann talks with call c2"


def test_of_two_answers_the_first_wins() -> None:
    centre = Centre(queue(strategy=Strategy.RING_ALL))
    centre.at_work("ann", "bob", "cid")
    centre.call("c1")
    centre.misses("cid")
    offer = centre.answers("bob")
    assert [(e.agent_id, e.result) for e in centre.heard(OfferEnded)] == [
        ("ann", OfferResult.WITHDRAWN)
    ]
    assert centre.heard(Withdraw) == []  # Dial cancels the other phones itself
    centre.answers("ann", offer)
    assert centre.ignored() == "answered: offer b-1: the call is answered"
    assert [centre.state(a) for a in ("ann", "bob", "cid")] == [
        AgentState.READY,
        AgentState.TALKING,
        AgentState.READY,
    ]


def test_what_comes_late_for_an_answered_offer_is_dropped_by_name() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    offer = centre.answers("ann")
    centre.leg_ends("ann", OfferResult.MISSED, offer)
    assert centre.ignored() == "leg_ended: offer b-1: the call is answered"
    centre.closes(offer)
    assert centre.ignored() == "offer_closed: offer b-1: the call is answered"
    centre.answers("ann", OfferId("made up"))
    assert centre.ignored().startswith("answered: offer made up: no such offer")


def test_the_close_of_the_dial_ends_the_legs_that_still_ring() -> None:
    centre = Centre(queue(strategy=Strategy.RING_ALL))
    centre.at_work("ann", "bob")
    centre.call("c1")
    offer = centre.refuses("ann")
    assert centre.heard(Offer) == []
    centre.closes(offer)
    assert [(e.agent_id, e.result) for e in centre.heard(OfferEnded)] == [
        ("bob", OfferResult.MISSED)
    ]
    centre.closes(offer)
    assert centre.ignored() == "offer_closed: offer b-1: that leg is over already"


def test_the_caller_hangs_up_in_the_moment_of_the_answer() -> None:
    """The end of the talk overtakes its beginning: no talk, and the agent is free."""
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    offer = centre.offer_of("ann")
    centre.talk_ends("c1", HangupBy.CALLER)
    assert centre.one(CallAbandoned).reason is AbandonReason.HUNG_UP
    assert centre.state("ann") is AgentState.READY
    centre.answers("ann", offer)
    assert centre.ignored().startswith("answered:")
    centre.call("c2")
    assert centre.offered_to() == ("ann",)


def test_the_agent_hangs_up_in_the_moment_of_the_answer() -> None:
    """The caller is still there and goes to the next agent."""
    centre = Centre()
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.talk_ends("c1", HangupBy.AGENT)
    assert centre.heard(CallAbandoned) == []
    assert centre.offered_to() == ("bob",)
    assert centre.state("ann") is AgentState.READY


def test_a_call_that_has_waited_too_long_is_released() -> None:
    centre = Centre(queue(max_wait=60))
    centre.call("c1", vip=30)
    came = centre.pass_time(60)
    assert [type(w) for w in came] == [CallAbandoned, Release]
    assert [r.reason for r in centre.heard(Release, came)] == [AbandonReason.TIMED_OUT]
    assert centre.waiting() == ""
    centre.leaves("c1")
    assert centre.ignored() == "leave: call c1 is not in line"


def test_the_shorter_of_the_calls_and_the_queues_longest_wait_counts() -> None:
    centre = Centre(queue(max_wait=60))
    centre.call("c1", max_wait=20)
    centre.call("c2", max_wait=90)
    assert [abandoned.call_id for abandoned in centre.heard(CallAbandoned)] == []
    released = centre.heard(CallAbandoned, centre.pass_time(20))
    assert [abandoned.call_id for abandoned in released] == ["c1"]
    released = centre.heard(CallAbandoned, centre.pass_time(40))
    assert [abandoned.call_id for abandoned in released] == ["c2"]


def test_a_queue_without_a_longest_wait_keeps_to_that_of_the_call() -> None:
    centre = Centre(queue())
    centre.call("c1", max_wait=20)
    assert centre.heard(CallAbandoned, centre.pass_time(19)) == []
    assert [gone.call_id for gone in centre.heard(CallAbandoned, centre.pass_time(1))] == ["c1"]


def test_an_offer_that_rings_is_not_cut_by_the_longest_wait() -> None:
    centre = Centre(queue(max_wait=10))
    centre.at_work("ann", "bob")
    centre.call("c1")
    assert centre.pass_time(12) == []
    centre.misses("ann")
    assert centre.one(Release).reason is AbandonReason.TIMED_OUT
    centre.call("c2")
    centre.pass_time(12)
    centre.answers("bob")
    assert centre.one(CallAnswered).waited_s == 12.0


def test_a_queue_that_does_not_exist_lets_the_call_go() -> None:
    centre = Centre()
    centre.call("c1", to="nowhere")
    assert centre.one(Release).reason is AbandonReason.NO_AGENTS
    assert centre.one(Ignored).why == "there is no queue nowhere"


def test_a_call_that_joins_twice_keeps_its_place() -> None:
    centre = Centre()
    centre.call("c1")
    centre.call("c2")
    centre.call("c1")
    assert centre.ignored() == "join: call c1 is in line already and keeps its place"
    assert centre.waiting() == "c1 c2"


def test_a_call_may_queue_again_after_its_talk() -> None:
    centre = Centre(queue(), queue("support", "dan"))
    centre.at_work("ann")
    centre.talks("ann", "c1")
    centre.call("c1", to="support")
    assert centre.waiting("support") == "c1"


def test_a_call_that_queues_again_has_ended_its_talk() -> None:
    centre = Centre(queue(), queue("support", "dan"))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.call("c1", to="support")
    assert centre.state("ann") is AgentState.READY
    centre.talk_ends("c1", HangupBy.AGENT)
    assert centre.ignored() == "talk_over: call c1 waits: nobody talks with it"
    assert centre.waiting("support") == "c1"


def test_ids_of_two_starts_never_meet() -> None:
    first, second = Centre(boot="one"), Centre(boot="two")
    for centre in (first, second):
        centre.at_work("ann")
        centre.call("c1")
    assert first.one(Offer).offer_id != second.one(Offer).offer_id
    assert first.timers.keys().isdisjoint(second.timers)
