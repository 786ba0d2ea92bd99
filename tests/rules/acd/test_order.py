"""Who is served next: one order over all queues, head starts, positions, expected waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccengine.acd.commands import Offer
from ccengine.acd.rules import Strategy
from ccengine.ids import CallId
from ccengine.journal.facts import CallQueued
from tests.rules.acd.floor_driver import START, Centre, queue


def test_calls_are_served_in_the_order_of_their_coming() -> None:
    centre = Centre()
    for call in ("c1", "c2", "c3"):
        centre.call(call)
        centre.pass_time(1)
    centre.at_work("ann", "bob")
    assert [o.call_id for o in centre.ever(Offer)] == ["c1", "c2"]
    assert centre.waiting() == "c1 c2 c3"
    assert centre.acd.position(CallId("c3")) == 3


def test_a_vip_is_placed_as_if_it_had_come_earlier() -> None:
    centre = Centre()
    centre.call("early")
    centre.pass_time(50)
    centre.call("middle")
    centre.pass_time(50)
    centre.call("vip", vip=60)
    queued = centre.one(CallQueued)
    assert (queued.position, queued.head_start_s, queued.queued_at) == (2, 60.0, START + 100)
    assert centre.waiting() == "early vip middle"


def test_of_calls_with_the_same_place_in_time_the_first_to_enter_is_first() -> None:
    centre = Centre()
    centre.call("ordinary", queued_at=START - 60)
    centre.call("vip", vip=60)
    assert centre.waiting() == "ordinary vip"


def test_a_free_agent_takes_the_longest_waiting_call_of_all_its_queues() -> None:
    centre = Centre(queue("sales", "ann"), queue("support", "ann bob"), queue("billing", "cid"))
    centre.call("not for ann", to="billing")
    centre.pass_time(1)
    centre.call("older", to="support")
    centre.pass_time(1)
    centre.call("younger", to="sales")
    centre.at_work("ann")
    assert centre.one(Offer).call_id == "older"
    centre.answers("ann")
    centre.talk_ends("older")
    assert centre.one(Offer).call_id == "younger"


def test_a_call_that_comes_back_from_an_offer_is_before_those_who_came_later() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    centre.call("c2")
    centre.misses("ann")
    assert centre.waiting() == "c1 c2"
    assert centre.one(Offer).call_id == "c2"  # ann pauses for c1
    centre.at_work("bob")
    assert centre.one(Offer).call_id == "c1"


def test_one_agent_freed_does_not_disturb_the_strategy_of_the_call_it_finds() -> None:
    centre = Centre(queue(strategy=Strategy.LEAST_RECENT))
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.answers("ann")
    centre.pass_time(60)
    centre.call("c2")
    centre.answers("bob")
    centre.call("c3")
    centre.talk_ends("c1")
    assert centre.one(Offer).agents == ("ann",)


@given(vips=st.lists(st.integers(0, 400), max_size=40), head_start=st.integers(0, 120))
def test_an_ordinary_call_is_passed_only_by_vips_within_their_head_start(
    vips: list[int], head_start: int
) -> None:
    """So nobody starves: after the head start, no newcomer stands before the ordinary call."""
    centre = Centre(queue(agents="ann"))
    centre.call("ordinary")
    for number, after in enumerate(sorted(vips)):
        centre.pass_time(START + after - centre.now)
        centre.call(f"v{number}", vip=head_start)
    passed_by = sum(after < head_start for after in vips)
    assert centre.acd.position(CallId("ordinary")) == passed_by + 1
    served: list[CallId] = []
    centre.at_work("ann")
    while centre.waiting():
        offer = centre.one(Offer)
        served.append(offer.call_id)
        centre.answers("ann")
        centre.talk_ends(offer.call_id)
    assert served.index(CallId("ordinary")) == passed_by


def test_the_expected_wait_is_position_by_mean_busy_time_by_agents_at_work() -> None:
    """Position 3, calls that take 120 s with wrap-up, 4 agents at work: 90 s."""
    centre = Centre(queue(agents="ann bob cid dan eve", wrap_up=20))
    centre.at_work("ann")
    centre.talks("ann", "c1", seconds=80)
    centre.pass_time(20)
    centre.talks("ann", "c2", seconds=120)
    centre.at_work("bob", "cid", "dan", "eve")
    centre.not_ready("eve")
    for name in ("bob", "cid", "dan"):
        centre.call(f"with {name}")
        centre.answers(centre.one(Offer).agents[0])
    for call in ("w1", "w2", "w3"):
        centre.call(call)
    assert centre.acd.position(CallId("w3")) == 3
    assert centre.acd.expected_wait(CallId("w3"), centre.now) == 90.0
    assert centre.acd.expected_wait(CallId("w1"), centre.now) == 30.0


def test_the_expected_wait_is_not_told_when_it_cannot_be_known() -> None:
    centre = Centre()
    centre.call("c0")
    assert centre.acd.expected_wait(CallId("c0"), centre.now) is None  # nobody at work
    centre.leaves("c0")
    assert centre.acd.expected_wait(CallId("c0"), centre.now) is None  # not in line
    centre.at_work("ann")
    centre.call("c1")
    assert centre.acd.expected_wait(CallId("c1"), centre.now) is None  # no talk to go by
    centre.answers("ann")
    centre.pass_time(60)
    centre.talk_ends("c1")
    centre.call("c2")
    assert centre.acd.expected_wait(CallId("c2"), centre.now) == 60.0
    assert centre.acd.expected_wait(CallId("c2"), centre.now + 3601) is None  # too long ago
    centre.sign_out("ann")
    assert centre.acd.expected_wait(CallId("c2"), centre.now) is None


def test_the_expected_wait_goes_by_the_last_twenty_talks() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.talks("ann", "long", seconds=1000)
    for number in range(20):
        centre.talks("ann", f"c{number}", seconds=10)
    centre.call("w")
    assert centre.acd.expected_wait(CallId("w"), centre.now) == 10.0
