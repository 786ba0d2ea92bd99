"""A restarted engine takes up what it finds; a new site file changes what it must, no more."""

from __future__ import annotations

from ccengine.acd.commands import Ignored, Offer, Release, Withdraw
from ccengine.acd.inputs import AdoptAgent, AdoptTalk, PhoneState
from ccengine.acd.rules import Strategy
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    CallAbandoned,
    CallAnswered,
    CallQueued,
    OfferEnded,
    TalkEnded,
    WrapUpEnded,
)
from tests.rules.acd.floor_driver import START, Centre, changed, queue

SALES = QueueId("sales")


def adopt_agent(
    agent: str,
    *,
    ready: bool = True,
    signed_in: bool = True,
    reason: str = "",
    wrap_up_until: float | None = None,
    since: float | None = None,
    answered: int = 0,
    ended_at: float | None = None,
) -> AdoptAgent:
    wraps_up = wrap_up_until is not None
    return AdoptAgent(
        agent_id=AgentId(agent),
        signed_in=signed_in,
        ready=ready,
        reason=reason,
        wrap_up_until=wrap_up_until,
        wrap_up_call=CallId("old") if wraps_up else None,
        wrap_up_queue=SALES if wraps_up else None,
        wrap_up_since=since,
        calls_answered={SALES: answered},
        last_call_ended_at={} if ended_at is None else {SALES: ended_at},
    )


def adopt_talk(call: str, agent: str) -> AdoptTalk:
    return AdoptTalk(
        call_id=CallId(call),
        queue=SALES,
        agent_id=AgentId(agent),
        offer_id=OfferId("before-1"),
        queued_at=START - 100,
        answered_at=START - 60,
    )


def test_a_waiting_call_keeps_its_place_over_a_restart() -> None:
    centre = Centre()
    centre.call("newcomer")
    centre.call("adopted", queued_at=START - 40, adopted=True)
    assert centre.heard(CallQueued) == []
    assert centre.waiting() == "adopted newcomer"
    centre.at_work("ann")
    centre.answers("ann")
    assert centre.one(CallAnswered).waited_s == 40.0


def test_an_adopted_call_that_has_waited_too_long_is_offered_or_released() -> None:
    centre = Centre(queue(max_wait=30))
    centre.at_work("ann")
    centre.call("lucky", queued_at=START - 40, adopted=True)
    assert centre.offered_to() == ("ann",)
    centre.call("unlucky", queued_at=START - 40, adopted=True)
    came = centre.pass_time(0)
    assert [r.call_id for r in centre.heard(Release, came)] == ["unlucky"]
    centre.answers("ann")
    assert centre.one(CallAnswered).call_id == "lucky"


def test_a_talk_goes_on_over_a_restart_and_ends_in_wrap_up() -> None:
    centre = Centre(queue(wrap_up=20))
    centre.say(adopt_talk("c1", "ann"))
    assert centre.heard(CallAnswered) == []  # the journal has it
    changed_state = centre.one(AgentStateChanged)
    assert (changed_state.state, changed_state.call_id) == (AgentState.TALKING, "c1")
    centre.say(adopt_agent("ann"))
    assert centre.last == []
    centre.talk_ends("c1")
    assert centre.one(TalkEnded).talk_s == 60.0
    assert centre.state("ann") is AgentState.WRAP_UP


def test_a_talk_is_adopted_once() -> None:
    centre = Centre()
    centre.say(adopt_talk("c1", "ann"))
    centre.say(adopt_talk("c1", "ann"))
    assert centre.ignored() == "adopt_talk: call c1 is known to talk"
    centre.say(adopt_talk("c2", "ann"))
    assert centre.ignored() == "adopt_talk: agent ann talks with another call"


def test_a_talk_found_of_a_call_that_was_being_offered_counts_as_its_answer() -> None:
    centre = Centre()
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.call("c2")
    centre.say(adopt_talk("c1", "bob"))
    assert centre.one(CallAnswered).agent_id == "bob"
    assert {w.call_id for w in centre.heard(Withdraw)} == {"c1", "c2"}
    assert len(centre.heard(OfferEnded)) == 2
    assert centre.one(Offer).call_id == "c2"
    assert centre.one(Offer).agents == ("ann",)


def test_a_talk_of_a_queue_that_is_gone_is_adopted_all_the_same() -> None:
    centre = Centre(queue("support", "ann"))
    centre.say(adopt_talk("c1", "ann"))
    centre.talk_ends("c1")
    assert centre.one(TalkEnded).queue == "sales"


def test_an_agent_is_taken_up_as_the_journal_last_saw_it() -> None:
    centre = Centre()
    centre.phone("ann", PhoneState.IDLE)
    centre.call("c1")
    centre.say(adopt_agent("bob", ready=False, reason="meal"))
    assert (centre.state("bob"), centre.acd.agent(AgentId("bob")).reason) == (
        AgentState.NOT_READY,
        "meal",
    )
    centre.say(adopt_agent("ann"))
    assert centre.offered_to() == ("ann",)
    centre.say(adopt_agent("cid", signed_in=False))
    assert centre.state("cid") is AgentState.LOGGED_OUT


def test_a_wrap_up_goes_on_over_a_restart() -> None:
    centre = Centre()
    centre.say(adopt_agent("ann", wrap_up_until=START + 12, since=START - 8))
    assert centre.state("ann") is AgentState.WRAP_UP
    came = centre.pass_time(12)
    assert [(w.call_id, w.wrap_up_s) for w in centre.heard(WrapUpEnded, came)] == [("old", 20.0)]
    assert centre.state("ann") is AgentState.READY


def test_counters_are_taken_up_even_by_an_agent_who_is_free_already() -> None:
    centre = Centre(queue(strategy=Strategy.FEWEST_CALLS))
    centre.at_work("ann", "bob")
    centre.say(adopt_agent("ann", answered=5, ended_at=START - 5))
    centre.say(adopt_agent("bob", answered=4, ended_at=START - 1))
    centre.call("c1")
    assert centre.offered_to() == ("bob",)


def test_a_queue_taken_from_the_site_releases_its_calls() -> None:
    centre = Centre(queue("sales", "ann"), queue("support", "bob"))
    centre.at_work("ann", "bob")
    for call, to in (("rings", "sales"), ("waits", "sales"), ("stays", "support")):
        centre.call(call, to=to)
    centre.new_rules(queue("support", "ann bob"))
    assert [(r.call_id, r.reason) for r in centre.heard(Release)] == [
        ("rings", AbandonReason.NO_AGENTS),
        ("waits", AbandonReason.NO_AGENTS),
    ]
    assert [w.call_id for w in centre.heard(Withdraw)] == ["rings"]
    assert len(centre.heard(CallAbandoned)) == 2
    centre.call("next", to="support")
    assert centre.offered_to() == ("ann",)
    centre.call("late", to="sales")
    assert centre.one(Ignored).why == "there is no queue sales"


def test_calls_and_offers_of_a_queue_that_stays_keep_their_place() -> None:
    centre = Centre(queue(agents="ann bob", max_wait=100))
    centre.at_work("ann")
    for call in ("c1", "c2", "c3"):
        centre.call(call)
    offer = centre.offer_of("ann")
    centre.new_rules(queue(agents="bob cid", max_wait=200))
    assert centre.waiting() == "c1 c2 c3"
    assert centre.heard(OfferEnded) == []
    centre.answers("ann", offer)
    assert centre.one(CallAnswered).call_id == "c1"
    centre.pass_time(150)
    assert centre.waiting() == "c2 c3"
    came = centre.pass_time(50)
    assert [r.call_id for r in centre.heard(Release, came)] == ["c2", "c3"]


def test_an_agent_taken_from_its_queue_finishes_its_talk_and_gets_no_more() -> None:
    centre = Centre(queue(agents="ann bob", wrap_up=10))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.new_rules(queue(agents="bob", wrap_up=10))
    centre.call("c2")
    centre.talk_ends("c1")
    assert centre.state("ann") is AgentState.WRAP_UP
    came = centre.pass_time(10)
    assert centre.heard(Offer, came) == []
    assert centre.state("ann") is AgentState.READY


def test_a_talk_of_a_queue_taken_from_the_site_ends_under_its_old_rules() -> None:
    centre = Centre(queue(wrap_up=10), queue("support", "ann"))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.new_rules(queue("support", "ann"))
    centre.talk_ends("c1")
    assert (centre.one(TalkEnded).queue, centre.state("ann")) == ("sales", AgentState.WRAP_UP)


def test_an_agent_added_to_a_queue_gets_its_waiting_call_at_once() -> None:
    centre = Centre(queue("sales", "ann"), queue("support", "bob"))
    centre.at_work("bob")
    centre.call("c1")
    centre.new_rules(queue("sales", "ann bob"), queue("support", "bob"))
    assert centre.offered_to() == ("bob",)


def test_a_queue_may_change_its_strategy_while_agents_are_free() -> None:
    four = queue(agents="ann bob cid dan")
    centre = Centre(four)
    centre.at_work("ann", "bob", "cid", "dan")
    centre.talks("ann", "c1")
    centre.new_rules(changed(four, strategy=Strategy.RING_ALL))
    centre.call("c2")
    assert centre.offered_to() == ("ann", "bob", "cid", "dan")


def test_the_round_robin_keeps_its_turn_when_the_list_of_agents_changes() -> None:
    centre = Centre(queue(agents="ann bob cid dan"))
    centre.at_work("ann", "bob", "cid", "dan")
    centre.talks("ann", "c1")
    centre.talks("bob", "c2")
    centre.new_rules(queue(agents="ann cid dan"))
    centre.call("c3")
    assert centre.offered_to() == ("cid",)
