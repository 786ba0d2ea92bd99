"""Why this agent and no other: what an explanation says, and that it is true."""

from __future__ import annotations

import json

from ccengine.acd.commands import Offer
from ccengine.acd.core import Acd
from ccengine.acd.explanation import Explanation, Why
from ccengine.acd.inputs import PhoneState
from ccengine.acd.rules import Strategy, Widening
from ccengine.ids import AgentId
from ccengine.journal.facts import OfferResult
from tests.rules.acd.floor_driver import Centre, needs, queue

EIGHT = "ann bob cid dan eve fay gus hal"


def because(explained: Explanation) -> dict[str, str]:
    return {str(terms.agent_id): terms.because for terms in explained.agents}


def whys(explained: Explanation) -> dict[str, Why]:
    return {str(terms.agent_id): terms.why for terms in explained.agents}


def test_every_agent_of_the_queue_has_one_reason() -> None:
    able = dict.fromkeys(EIGHT.split(), "english:5")
    centre = Centre(
        queue(
            agents=EIGHT,
            strategy=Strategy.LINEAR,
            skills=needs("english:3"),
            levels={AgentId("gus"): 1, AgentId("hal"): 2},
            widen=(Widening(after_s=600.0, level=1), Widening(after_s=900.0, level=2)),
        ),
        skills={**able, "eve": "english:2"},
    )
    centre.at_work(*EIGHT.split()[1:])
    centre.call("talks")
    centre.answers("bob")
    centre.not_ready("cid", "meal")
    centre.phone("dan", PhoneState.BUSY)
    centre.call("c1")
    assert because(centre.explained[-1]) == {
        "fay": "is the only one who can be rung",
        "ann": "is logged out",
        "bob": "is busy (talking) with call talks",
        "cid": "is not ready: meal",
        "dan": "its phone is busy",
        "eve": "has english 2, needed is 3",
        "gus": "is of level 1, open is up to 0",
        "hal": "is of level 2, open is up to 0",
    }
    centre.leg_ends("fay", OfferResult.UNREACHABLE)
    centre.pass_time(600)
    explained = centre.explained[-1]
    assert (explained.chosen, explained.call.levels_to) == (("gus",), 1)
    assert whys(explained)["fay"] is Why.TRIED


def test_a_strategy_says_by_which_term_somebody_was_behind() -> None:
    expected = {
        Strategy.LINEAR: "place in the site's order: 2 against 1 of ann",
        Strategy.LEAST_RECENT: "last talk: 10.0 s ago against 40.0 s ago of ann",
        Strategy.FEWEST_CALLS: "last talk: 10.0 s ago against 40.0 s ago of ann",
        Strategy.MOST_SKILLED: "sum of skill levels: 3 against 5 of ann",
        Strategy.ROUND_ROBIN: "the turn comes to ann before",
        Strategy.ROUND_ROBIN_MEMORY: "the turn comes to ann before",
    }
    for strategy, words in expected.items():
        centre = Centre(
            queue(agents="ann bob", strategy=strategy), skills={"ann": "sales:5", "bob": "sales:3"}
        )
        for agent in ("ann", "bob"):
            centre.at_work(agent)
            centre.talks(agent, f"earlier {agent}", 20)
            centre.not_ready(agent)
            centre.pass_time(10)
        centre.ready("bob")
        centre.ready("ann")
        centre.call("c1")
        assert centre.offered_to() == ("ann",)
        assert because(centre.explained[-1])["bob"] == words


def test_levels_sticky_agents_and_second_tries_are_told() -> None:
    centre = Centre(queue(agents="ann bob", levels={AgentId("bob"): 1}, sticky_s=20.0))
    centre.at_work("ann", "bob")
    centre.call("c1", prefers="bob")
    assert because(centre.explained[-1]) == {
        "bob": "last served this customer, and is free",
        "ann": "the call waits for bob, who knows its customer",
    }
    centre.refuses("bob")
    assert whys(centre.explained[-1]) == {"ann": Why.CHOSEN, "bob": Why.TRIED}
    centre.refuses("ann")
    centre.pass_time(10)
    assert because(centre.explained[-1])["bob"] == (
        "was rung in vain for this call, and there is somebody else"
    )
    centre.leaves("c1")
    centre.call("c2")
    assert because(centre.explained[-1])["bob"] == "is of level 1, somebody of level 0 is free"


def test_the_terms_of_the_call_and_the_rules_are_told() -> None:
    centre = Centre(
        queue(weight=2, head_start_s=5.0, skills=needs("sales:1")), skills={"ann": "sales:1"}
    )
    centre.at_work("ann")
    centre.call("c1", vip=60, ageing=1.5, queued_at=centre.now - 10)
    explained = centre.explained[-1]
    call = explained.call
    assert (call.weight, call.head_start_s, call.ageing, call.waited_s) == (2, 65.0, 1.5, 10.0)
    assert (call.standing_s, call.requires, explained.position) == (80.0, ("sales:1",), 1)
    assert (explained.rules, explained.strategy) == ("v1", "round_robin_memory")
    assert json.loads(json.dumps(explained.as_json()))["call"]["standing_s"] == 80.0


def test_what_is_decided_is_the_same_whether_somebody_watches_or_not() -> None:
    for strategy in Strategy:
        watched = Centre(queue(agents=EIGHT, strategy=strategy, missed=0), seed=3)
        alone = Acd(watched.rules, boot="b")
        watched.at_work(*EIGHT.split())
        for number in range(20):
            watched.call(f"c{number}")
            for offer in watched.heard(Offer):
                if number % 3:
                    watched.answers(offer.agents[0], offer.offer_id)
                else:
                    watched.closes(offer.offer_id)
            if number > 5:
                watched.talk_ends(f"c{number - 3}")
        unwatched = [word for said, at in watched.inputs for word in alone.handle(said, at)]
        assert unwatched == watched.all
        assert watched.explained
