"""Each strategy alone: whom it rings, how ties break, when its memory moves."""

from __future__ import annotations

import random
from collections import Counter

from ccengine.acd.commands import Offer
from ccengine.acd.inputs import AdoptQueue
from ccengine.acd.rules import Strategy
from ccengine.ids import AgentId, QueueId
from ccengine.journal.facts import AgentState
from tests.rules.acd.floor_driver import Centre, queue

FOUR = "ann bob cid dan"


def centre_of(strategy: Strategy, *, seed: int = 0, missed: int = 0) -> Centre:
    """Four agents of one queue at work, signed in against the site's order."""
    centre = Centre(queue(agents=FOUR, strategy=strategy, missed=missed), seed=seed)
    centre.at_work(*reversed(FOUR.split()))
    return centre


def tries(centre: Centre, call: str, count: int) -> list[str]:
    """Whom a call rings that nobody takes, one after the other; at the last its caller leaves."""
    centre.call(call)
    rung: list[str] = []
    while len(rung) < count:
        if rung:
            centre.misses(rung[-1])
        (agent,) = centre.offered_to() or centre.heard(Offer, centre.pass_time(10))[0].agents
        rung.append(agent)
    centre.leaves(call)
    return rung


def served(centre: Centre, calls: int) -> list[str]:
    """Who answers so many calls, one after the other, with all agents free each time."""
    agents = []
    for number in range(calls):
        centre.call(f"s{number}")
        (agent,) = centre.offered_to()
        agents.append(agent)
        centre.answers(agent)
        centre.pass_time(30)
        centre.talk_ends(f"s{number}")
    return agents


def test_ring_all_rings_all_free_agents_in_one_offer() -> None:
    centre = centre_of(Strategy.RING_ALL)
    centre.not_ready("bob")
    centre.call("c1")
    assert centre.offered_to() == ("ann", "cid", "dan")
    centre.call("c2")
    assert centre.offered_to() == ()
    centre.answers("dan")
    assert centre.offered_to() == ("ann", "cid")
    assert centre.one(Offer).call_id == "c2"


def test_ring_all_rings_those_again_who_missed_it_when_the_pause_is_over() -> None:
    centre = centre_of(Strategy.RING_ALL)
    centre.call("c1")
    centre.closes(centre.offer_of("ann"))
    assert centre.offered_to() == ()
    (again,) = centre.heard(Offer, centre.pass_time(10))
    assert again.agents == ("ann", "bob", "cid", "dan")


def test_ring_all_rings_a_newcomer_alone_while_the_others_pause() -> None:
    centre = centre_of(Strategy.RING_ALL)
    centre.not_ready("bob")
    centre.call("c1")
    centre.closes(centre.offer_of("ann"))
    centre.ready("bob")
    assert centre.offered_to() == ("bob",)


def test_round_robin_moves_on_at_each_answer_and_not_at_offers_that_nobody_takes() -> None:
    centre = centre_of(Strategy.ROUND_ROBIN)
    assert tries(centre, "c1", 6) == ["ann", "bob", "cid", "dan", "ann", "bob"]
    assert tries(centre, "c2", 2) == ["ann", "bob"]
    assert served(centre, 3) == ["ann", "bob", "cid"]
    assert tries(centre, "c3", 3) == ["dan", "ann", "bob"]
    assert served(centre, 3) == ["dan", "ann", "bob"]


def test_round_robin_goes_on_behind_the_later_offer_when_answers_cross() -> None:
    centre = centre_of(Strategy.ROUND_ROBIN)
    centre.call("c1")
    centre.call("c2")
    centre.answers("bob")
    centre.answers("ann")
    centre.talk_ends("c1")
    centre.talk_ends("c2")
    assert served(centre, 2) == ["cid", "dan"]


def test_linear_begins_each_call_with_the_first_and_goes_past_those_tried_for_it() -> None:
    centre = centre_of(Strategy.LINEAR)
    assert tries(centre, "c1", 6) == ["ann", "bob", "cid", "dan", "ann", "bob"]
    assert tries(centre, "c2", 2) == ["ann", "bob"]
    assert served(centre, 3) == ["ann", "ann", "ann"]


def test_round_robin_memory_goes_on_behind_the_last_one_rung() -> None:
    centre = centre_of(Strategy.ROUND_ROBIN_MEMORY)
    assert tries(centre, "c1", 3) == ["ann", "bob", "cid"]
    assert tries(centre, "c2", 2) == ["dan", "ann"]
    assert served(centre, 5) == ["bob", "cid", "dan", "ann", "bob"]


def test_round_robin_memory_passes_over_those_who_are_away_and_loses_no_turn() -> None:
    centre = centre_of(Strategy.ROUND_ROBIN_MEMORY)
    centre.not_ready("bob")
    assert served(centre, 2) == ["ann", "cid"]
    centre.ready("bob")
    assert served(centre, 3) == ["dan", "ann", "bob"]


def test_round_robin_memory_shares_calls_so_that_counts_differ_by_one_at_most() -> None:
    centre = centre_of(Strategy.ROUND_ROBIN_MEMORY)
    for calls in (1, 6, 3, 12):
        served(centre, calls)
        counts = Counter(str(a) for offer in centre.ever(Offer) for a in offer.agents)
        assert max(counts.values()) - min(counts[a] for a in FOUR.split()) <= 1


def test_least_recent_takes_who_never_talked_in_site_order_then_who_rested_longest() -> None:
    centre = centre_of(Strategy.LEAST_RECENT)
    assert served(centre, 6) == ["ann", "bob", "cid", "dan", "ann", "bob"]


def test_least_recent_counts_talks_of_every_queue() -> None:
    centre = Centre(
        queue("sales", "ann", Strategy.LEAST_RECENT),
        queue("support", "ann bob", Strategy.LEAST_RECENT),
    )
    centre.at_work("bob")
    centre.talks("bob", "c1", to="support")
    centre.at_work("ann")
    centre.talks("ann", "c2", to="sales")
    centre.call("c3", to="support")
    assert centre.offered_to() == ("bob",)


def test_least_recent_does_not_ring_the_same_silent_agent_for_ever() -> None:
    centre = centre_of(Strategy.LEAST_RECENT)
    assert tries(centre, "c1", 5) == ["ann", "bob", "cid", "dan", "ann"]


def test_least_recent_agrees_with_a_plain_model_over_five_hundred_calls() -> None:
    centre = centre_of(Strategy.LEAST_RECENT)
    dice, ends = random.Random(7), dict.fromkeys(FOUR.split(), float("-inf"))
    talking: dict[str, str] = {}
    for number in range(500):
        call = f"c{number}"
        free = [agent for agent in ends if agent not in talking.values()]
        centre.call(call)
        expected = min(free, key=lambda agent: (ends[agent], FOUR.index(agent)))
        assert centre.offered_to() == (expected,)
        centre.answers(expected)
        talking[call] = expected
        while len(talking) == 4 or (talking and dice.random() < 0.5):
            centre.pass_time(dice.choice([0, 1, 5]))
            over = dice.choice(sorted(talking))
            centre.talk_ends(over)
            ends[talking.pop(over)] = centre.now


def test_fewest_calls_takes_the_smallest_count_then_least_recent_then_site_order() -> None:
    centre = centre_of(Strategy.FEWEST_CALLS)
    assert served(centre, 4) == ["ann", "bob", "cid", "dan"]
    centre.not_ready("cid")
    assert served(centre, 3) == ["ann", "bob", "dan"]
    centre.ready("cid")
    assert served(centre, 3) == ["cid", "ann", "bob"]


def test_fewest_calls_counts_at_the_answer_and_only_this_queue() -> None:
    centre = Centre(
        queue("sales", "ann bob", Strategy.FEWEST_CALLS),
        queue("support", "ann", Strategy.FEWEST_CALLS),
    )
    centre.at_work("ann")
    for number in range(3):
        centre.talks("ann", f"c{number}", to="support")
    centre.at_work("bob")
    centre.talks("bob", "b1")
    centre.call("c9")
    assert centre.offered_to() == ("ann",)


def test_fewest_calls_is_not_moved_by_offers_that_nobody_takes() -> None:
    centre = centre_of(Strategy.FEWEST_CALLS)
    assert tries(centre, "c1", 3) == ["ann", "bob", "cid"]
    assert served(centre, 1) == ["ann"]


def test_random_gives_each_agent_the_same_chance() -> None:
    centre = centre_of(Strategy.RANDOM, seed=20)
    counts = Counter(served(centre, 1000))
    chi_square = sum((counts[a] - 250) ** 2 / 250 for a in FOUR.split())
    assert chi_square < 16.27  # 3 degrees of freedom, 0.1 %


def test_random_rolls_the_same_for_the_same_seed_only() -> None:
    runs = [served(centre_of(Strategy.RANDOM, seed=seed), 40) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_random_does_not_ring_an_agent_again_who_missed_this_call() -> None:
    for seed in range(10):
        centre = centre_of(Strategy.RANDOM, seed=seed)
        assert sorted(tries(centre, "c1", 4)) == FOUR.split()


def test_most_skilled_goes_by_the_skills_the_call_needs_then_by_all() -> None:
    skills = {"ann": "english:9", "bob": "english:4 billing:8", "cid": "english:5 billing:2"}
    centre = Centre(queue(strategy=Strategy.MOST_SKILLED), skills=skills)
    centre.at_work("ann", "bob", "cid")
    for asked, best in [("english:4", "ann"), ("english:4 billing:1", "bob"), ("", "bob")]:
        centre.call("c1", requires=asked)
        assert centre.offered_to() == (best,)
        centre.leaves("c1")


def test_most_skilled_takes_the_least_recent_of_equals() -> None:
    centre = Centre(
        queue(strategy=Strategy.MOST_SKILLED),
        skills=dict.fromkeys(["ann", "bob", "cid"], "sales:3"),
    )
    centre.at_work("ann", "bob", "cid")
    assert served(centre, 5) == ["ann", "bob", "cid", "ann", "bob"]


def test_weighted_random_rings_an_agent_as_often_as_its_share_says() -> None:
    shares = {AgentId("ann"): 8, AgentId("dan"): 2}
    centre = Centre(queue(agents="ann dan", strategy=Strategy.WEIGHTED_RANDOM, shares=shares))
    centre.at_work("ann", "dan")
    counts = Counter(served(centre, 1000))
    assert 760 < counts["ann"] < 840


def test_each_preference_level_has_its_own_turn() -> None:
    """Calls that reach the second level do not spoil the turn of the first."""
    of = {AgentId("bob"): 1}
    centre = Centre(queue(strategy=Strategy.ROUND_ROBIN_MEMORY, levels=of, missed=0))
    centre.at_work("ann", "bob", "cid")
    assert tries(centre, "c1", 3) == ["ann", "cid", "bob"]
    assert served(centre, 3) == ["ann", "cid", "ann"]


def test_turns_survive_new_rules_as_far_as_their_agents_do() -> None:
    centre = centre_of(Strategy.ROUND_ROBIN)
    assert served(centre, 3) == ["ann", "bob", "cid"]
    centre.new_rules(queue(agents="zoe ann bob dan", strategy=Strategy.ROUND_ROBIN))
    assert served(centre, 2) == ["dan", "ann"]


def test_turns_are_given_back_after_a_restart() -> None:
    for strategy in (Strategy.ROUND_ROBIN, Strategy.ROUND_ROBIN_MEMORY):
        centre = centre_of(strategy)
        ann, cid = AgentId("ann"), AgentId("cid")
        centre.say(AdoptQueue(queue=QueueId("sales"), rang_last=cid, answered_last=ann))
        expected = "bob" if strategy is Strategy.ROUND_ROBIN else "dan"
        assert served(centre, 1) == [expected]


def test_a_silent_agent_is_rung_in_vain_at_most_three_times() -> None:
    """What app_queue's least recent and fewest calls do for ever."""
    for strategy in Strategy:
        centre = centre_of(strategy, missed=3)
        for name in ["bob", "cid", "dan"]:
            centre.sign_out(name)
        centre.call("c1")
        for _ in range(3):
            centre.misses("ann")
            centre.pass_time(10)
        assert centre.state("ann") is AgentState.NOT_READY
