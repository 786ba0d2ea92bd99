"""What a waiting call needs, and how it becomes less: skills, preference levels, sticky agents."""

from __future__ import annotations

from typing import Any

import pytest

from ccengine.acd.commands import Offer
from ccengine.acd.inputs import PhoneState
from ccengine.acd.line import KEPT
from ccengine.acd.needs import schedule
from ccengine.acd.rules import QueueRules, Relaxation, Strategy, Widening
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import CallQueued, NeedRelaxed, OfferMade
from tests.rules.acd.floor_driver import START, Centre, needs, queue

ENGLISH = (
    Relaxation(after_s=20.0, skill="english", level=3),
    Relaxation(after_s=40.0, skill="english", level=0),
)
SPEAK = {"ann": "english:2", "bob": "english:3", "cid": "english:5"}


def levels(**of: int) -> dict[AgentId, int]:
    return {AgentId(agent): level for agent, level in of.items()}


def english(**more: Any) -> QueueRules:
    """English 5 is needed, after 20 s 3 is enough, after 40 s it is not asked for."""
    return queue(strategy=Strategy.LINEAR, skills=needs("english:5"), relax=ENGLISH, **more)


def widening(agents: str = "ann bob cid", **more: Any) -> QueueRules:
    """Ann at once, after 10 s bob too, after 30 s cid too."""
    return queue(
        agents=agents,
        strategy=Strategy.LINEAR,
        levels=levels(bob=1, cid=2),
        widen=(Widening(after_s=10.0, level=1), Widening(after_s=30.0, level=2)),
        **more,
    )


# -- skills


def test_a_call_is_offered_only_to_those_who_have_its_skills_at_their_levels() -> None:
    centre = Centre(english(), skills=SPEAK)
    centre.at_work("ann", "bob", "cid")
    centre.call("c1")
    assert centre.one(CallQueued).requires == ("english:5",)
    assert centre.offered_to() == ("cid",)
    assert centre.one(OfferMade).candidates == 1
    centre.call("c2")
    assert centre.offered_to() == ()


def test_skills_relax_at_the_second_that_the_rule_says() -> None:
    centre = Centre(english(), skills=SPEAK)
    centre.at_work("ann", "bob")
    centre.call("c1")
    assert centre.pass_time(19.999) == []
    relaxed = centre.heard(NeedRelaxed, centre.pass_time(0.001))
    assert [(r.at, r.requires, r.waited_s) for r in relaxed] == [(START + 20, ("english:3",), 20)]
    assert centre.offered_to() == ("bob",)
    centre.refuses("bob")
    assert centre.heard(Offer, centre.pass_time(9)) == []
    (again,) = centre.heard(Offer, centre.pass_time(1))
    assert again.agents == ("bob",)  # nobody else at this level, and the pause of 10 s is over
    centre.refuses("bob")
    assert centre.heard(NeedRelaxed, centre.pass_time(10))[0].requires == ()
    assert centre.offered_to() == ("ann",)


def test_a_need_relaxes_while_the_call_rings_and_counts_for_its_next_offer() -> None:
    centre = Centre(english(ring=60), skills=SPEAK)
    centre.at_work("ann", "cid")
    centre.call("c1")
    assert centre.offered_to() == ("cid",)
    assert centre.heard(Offer, centre.pass_time(41)) == []
    centre.misses("cid")
    assert centre.offered_to() == ("ann",)


def test_calls_that_one_agent_cannot_take_do_not_stand_in_the_way_of_those_it_can() -> None:
    centre = Centre(queue(), skills=SPEAK)
    centre.call("needs five", requires="english:5")
    centre.call("needs three", requires="english:3")
    centre.call("needs nothing")
    centre.at_work("ann")
    assert centre.one(Offer).call_id == "needs nothing"
    centre.at_work("bob")
    assert centre.one(Offer).call_id == "needs three"
    centre.at_work("cid")
    assert centre.one(Offer).call_id == "needs five"


def test_of_what_flow_and_queue_ask_for_the_higher_level_wins() -> None:
    rules = queue(skills=needs("english:3 billing:1"), relax=ENGLISH)
    steps = schedule(rules, needs("english:5 sales:2"))
    assert [(step.after_s, step.need.words) for step in steps] == [
        (0.0, ("billing:1", "english:5", "sales:2")),
        (20.0, ("billing:1", "english:3", "sales:2")),
        (40.0, ("billing:1", "sales:2")),
    ]


def test_steps_that_make_nothing_less_are_no_steps() -> None:
    rules = queue(skills=needs("english:2"), relax=ENGLISH)
    assert [step.after_s for step in schedule(rules)] == [0.0, 40.0]
    assert [step.after_s for step in schedule(queue(relax=ENGLISH))] == [0.0]


def test_an_adopted_call_has_taken_the_steps_of_its_wait() -> None:
    centre = Centre(english(), skills=SPEAK)
    centre.at_work("bob")
    centre.call("c1", queued_at=START - 25, adopted=True)
    assert centre.offered_to() == ("bob",)
    centre.refuses("bob")
    assert [r.at for r in centre.heard(NeedRelaxed, centre.pass_time(60))] == [START + 15]


def test_new_rules_hold_for_those_who_wait() -> None:
    centre = Centre(english(), skills=SPEAK)
    centre.at_work("ann")
    centre.call("c1")
    centre.new_rules(queue(), skills=SPEAK)
    assert centre.offered_to() == ("ann",)


def test_a_skill_learned_by_a_new_site_file_counts_at_once() -> None:
    centre = Centre(english(), skills=SPEAK)
    centre.at_work("ann")
    centre.call("c1")
    centre.new_rules(english(), skills={"ann": "english:5"})
    assert centre.offered_to() == ("ann",)


def test_flows_may_ask_for_any_number_of_skill_sets() -> None:
    """Only so many are kept ready for a queue; who is free is right for those made anew too."""
    many = [f"s{number}" for number in range(3 * KEPT // 2)]
    centre = Centre(
        queue(agents="ann bob"), skills={"ann": " ".join(f"{skill}:1" for skill in many)}
    )
    centre.at_work("ann", "bob")
    for turn in range(2):
        for skill in many:
            centre.call(f"{skill} {turn}", requires=f"{skill}:1")
            assert centre.offered_to() == ("ann",)
            centre.refuses("ann")
            centre.leaves(f"{skill} {turn}")
    centre.sign_out("ann")
    centre.call("c1", requires="s0:1")
    assert centre.offered_to() == ()


# -- preference levels


def test_the_lowest_level_with_somebody_free_is_rung() -> None:
    centre = Centre(
        queue(strategy=Strategy.RING_ALL, agents="ann bob cid dan", levels=levels(ann=1, cid=1))
    )
    centre.at_work("ann", "bob", "cid", "dan")
    centre.call("c1")
    assert centre.offered_to() == ("bob", "dan")
    assert centre.one(OfferMade).candidates == 4
    centre.call("c2")
    assert centre.offered_to() == ("ann", "cid")


def test_an_agent_who_lets_it_ring_is_followed_by_the_next_level() -> None:
    """What app_queue does not do: it begins with the lowest level again at each try."""
    for strategy in Strategy:
        centre = Centre(queue(strategy=strategy, levels=levels(bob=1, cid=2)))
        centre.at_work("ann", "bob", "cid")
        centre.call("c1")
        rung = [centre.offered_to()]
        for agent in ("ann", "bob"):
            centre.misses(agent)
            rung.append(centre.offered_to())
        assert rung == [("ann",), ("bob",), ("cid",)]


def test_levels_open_at_the_second_that_the_rule_says() -> None:
    centre = Centre(widening())
    centre.at_work("bob", "cid")
    centre.call("c1")
    assert centre.offered_to() == ()
    assert centre.pass_time(9.999) == []
    (relaxed,) = centre.heard(NeedRelaxed, centre.pass_time(0.001))
    assert (relaxed.levels_to, centre.offered_to()) == (1, ("bob",))
    centre.misses("bob")
    assert centre.offered_to() == ()
    centre.not_ready("bob")
    assert [o.agents for o in centre.heard(Offer, centre.pass_time(20))] == [("cid",)]


def test_an_agent_of_a_level_not_yet_open_stays_free_beside_the_call() -> None:
    centre = Centre(widening())
    centre.call("c1")
    centre.at_work("bob")
    assert centre.offered_to() == ()
    centre.at_work("ann")
    assert centre.offered_to() == ("ann",)


# -- sticky


def sticky(**more: Any) -> QueueRules:
    return queue(strategy=Strategy.LEAST_RECENT, sticky_s=30.0, **more)


def test_a_call_waits_for_the_agent_who_knows_its_customer_then_for_anyone() -> None:
    centre = Centre(sticky())
    centre.at_work("ann", "bob")
    centre.call("before", prefers="bob")
    assert centre.offered_to() == ("bob",)
    centre.answers("bob")
    centre.call("c1", prefers="bob")
    assert centre.offered_to() == ()
    assert centre.heard(Offer, centre.pass_time(29.999)) == []
    assert [o.agents for o in centre.heard(Offer, centre.pass_time(0.001))] == [("ann",)]


def test_the_preferred_agent_takes_it_in_its_place_among_the_others() -> None:
    centre = Centre(sticky())
    centre.at_work("bob")
    centre.call("talks")
    centre.answers("bob")
    centre.call("for anyone")
    centre.pass_time(1)
    centre.call("for bob", prefers="bob")
    centre.talk_ends("talks")
    assert centre.one(Offer).call_id == "for anyone"
    centre.answers("bob")
    centre.at_work("ann")
    assert centre.heard(Offer) == []
    centre.talk_ends("for anyone")
    assert (centre.one(Offer).call_id, centre.offered_to()) == ("for bob", ("bob",))


@pytest.mark.parametrize("goes", [Centre.sign_out, Centre.not_ready])
def test_a_call_is_for_anyone_as_soon_as_its_agent_leaves_work(goes: object) -> None:
    assert callable(goes)
    centre = Centre(sticky(agents="ann bob"))
    centre.at_work("ann", "bob")
    centre.phone("bob", PhoneState.BUSY)
    centre.call("c1", prefers="bob")
    assert centre.offered_to() == ()
    goes(centre, "bob")
    assert centre.offered_to() == ("ann",)


def test_nobody_is_waited_for_who_is_not_at_work_or_not_of_this_queue() -> None:
    centre = Centre(sticky(agents="ann bob"), queue("support", "cid"))
    centre.at_work("ann", "cid")
    for number, absent in enumerate(("bob", "cid", "nobody")):
        centre.call(f"c{number}", prefers=absent)
        assert centre.offered_to() == ("ann",)
        centre.leaves(f"c{number}")


def test_an_agent_who_lets_its_customer_ring_is_not_waited_for() -> None:
    centre = Centre(sticky())
    centre.at_work("ann", "bob")
    centre.call("c1", prefers="bob")
    centre.refuses("bob")
    assert centre.offered_to() == ("ann",)


def test_an_agent_who_lacks_what_the_call_needs_is_not_waited_for() -> None:
    centre = Centre(sticky(skills=needs("english:3")), skills=SPEAK)
    centre.at_work("ann", "bob")
    centre.call("c1", prefers="ann")
    assert centre.offered_to() == ("bob",)


def test_the_preferred_agent_is_rung_before_its_level_opens() -> None:
    centre = Centre(widening(sticky_s=20.0))
    centre.at_work("ann", "cid")
    centre.call("c1", prefers="cid")
    assert centre.offered_to() == ("cid",)


def test_after_the_agent_was_waited_for_the_call_needs_what_its_wait_has_left() -> None:
    centre = Centre(english(sticky_s=30.0), skills=SPEAK)
    centre.at_work("cid")
    centre.call("talks")
    centre.answers("cid")
    centre.call("c1", prefers="cid")
    relaxed = centre.heard(NeedRelaxed, centre.pass_time(60))
    assert [(r.at - START, r.requires) for r in relaxed] == [(30.0, ("english:3",)), (40.0, ())]


# -- nobody else


def test_the_pause_before_an_agent_is_rung_again_is_the_queues() -> None:
    centre = Centre(queue(agents="ann", retry_pause_s=4.0))
    centre.at_work("ann")
    centre.call("c1")
    centre.refuses("ann")
    assert centre.heard(Offer, centre.pass_time(3.999)) == []
    assert len(centre.heard(Offer, centre.pass_time(0.001))) == 1


def test_who_lacks_a_skill_is_nobody_else() -> None:
    centre = Centre(queue(skills=needs("english:3")), skills=SPEAK)
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.refuses("bob")
    assert [o.agents for o in centre.heard(Offer, centre.pass_time(10))] == [("bob",)]


def test_when_all_have_been_tried_the_one_rung_longest_ago_is_rung_again() -> None:
    for strategy in set(Strategy) - {Strategy.RING_ALL}:
        centre = Centre(queue(strategy=strategy, missed=0))
        centre.at_work("ann", "bob", "cid")
        centre.call("c1")
        rung = []
        for _ in range(9):
            (agent,) = centre.offered_to() or centre.heard(Offer, centre.pass_time(10))[0].agents
            rung.append(agent)
            centre.pass_time(1)
            centre.refuses(agent)
        assert sorted(rung[:3]) == ["ann", "bob", "cid"]
        assert rung == rung[:3] * 3
        assert centre.acd.position(CallId("c1")) == 1
