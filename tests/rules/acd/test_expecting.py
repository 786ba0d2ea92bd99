"""The expected wait in the life of a queue: estimated at entry, taught by answers, told or not."""

from __future__ import annotations

from random import Random

from ccengine.acd.core import Acd
from ccengine.acd.inputs import AdoptWaits
from ccengine.engine.learned import past_waits
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AgentState, CallAnswered, Fact, WaitExpected
from tests.rules.acd.floor_driver import Centre, queue, rules

SALES = QueueId("sales")


def sales(*agents: str) -> Centre:
    return Centre(queue("sales", " ".join(agents)))


def ringing(centre: Centre, *agents: str) -> list[str]:
    return [agent for agent in agents if centre.state(agent) is AgentState.OFFERED]


def estimates(centre: Centre) -> list[WaitExpected]:
    return [word for word in centre.all if isinstance(word, WaitExpected)]


def busy_days(centre: Centre, calls: int, *, seed: int = 1) -> None:
    """Calls come a little quicker than the agents like, and talk for about two minutes."""
    dice = Random(seed)
    talks: list[tuple[float, str, str]] = []
    next_call = centre.now
    made = 0
    while made < calls or talks:
        ends = min(talks, default=(float("inf"), "", ""))
        if made < calls and next_call <= ends[0]:
            centre.pass_time(max(0.0, next_call - centre.now))
            made += 1
            centre.call(f"b{made}")
            next_call += dice.expovariate(1 / 42.0)
        else:
            centre.pass_time(max(0.0, ends[0] - centre.now))
            talks.remove(ends)
            centre.talk_ends(ends[1])
        for agent in ringing(centre, "ann", "ben", "cat"):
            call = centre.acd.agent(AgentId(agent)).call_id
            centre.answers(agent)
            talks.append((centre.now + dice.lognormvariate(4.7, 0.4), str(call), agent))


def test_a_call_that_is_rung_for_at_once_is_not_told_a_wait() -> None:
    centre = sales("ann")
    centre.at_work("ann")
    centre.call("c1")
    assert estimates(centre) == []


def test_in_a_steady_queue_the_interval_is_told_and_holds_in_about_four_of_five() -> None:
    centre = sales("ann", "ben", "cat")
    centre.at_work("ann", "ben", "cat")
    busy_days(centre, 600)
    waited = {word.call_id: word.waited_s for word in centre.all if isinstance(word, CallAnswered)}
    told = [
        (word.low_s, waited[word.call_id], word.high_s) for word in estimates(centre) if word.told
    ]
    held = sum(low <= wait <= high for low, wait, high in told if low is not None and high)
    assert len(told) > 0.5 * len(estimates(centre))
    assert held > 0.7 * len(told)
    assert not estimates(centre)[0].told


def test_a_restarted_engine_knows_from_the_journal_what_the_old_one_had_learned() -> None:
    centre = sales("ann", "ben", "cat")
    centre.at_work("ann", "ben", "cat")
    busy_days(centre, 400)
    facts = [word for word in centre.all if isinstance(word, Fact)]
    restarted = Acd(rules(queue("sales")), boot="again")
    for learned in past_waits(facts):
        assert isinstance(learned, AdoptWaits)
        assert restarted.handle(learned, centre.now) == []
    assert restarted.expectation_score(SALES) == centre.acd.expectation_score(SALES)


def test_what_is_told_while_waiting_shrinks_with_the_place() -> None:
    centre = sales("ann", "ben", "cat")
    centre.at_work("ann", "ben", "cat")
    busy_days(centre, 600)
    for number in range(3):
        centre.call(f"t{number}")
        for agent in ringing(centre, "ann", "ben", "cat"):
            centre.answers(agent)
    centre.call("w1")
    centre.call("w2")
    first = centre.acd.expected(CallId("w1"), centre.now)
    second = centre.acd.expected(CallId("w2"), centre.now)
    assert first is not None
    assert second is not None
    assert first.high_s < second.high_s
