"""Whose turn it was, by a plain model of each strategy; only where no fault disturbs.

Also: nobody is rung again at once for a call, or at all where the phone cannot take it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccengine.acd.rules import QueueRules, Strategy
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import CallAnswered, OfferEnded, OfferMade, OfferResult, TalkEnded
from tests.simulation.callers import Caller

if TYPE_CHECKING:
    from tests.simulation.engine import SimEngine
    from tests.simulation.invariants import Checks

SOON_S = 4.0
"""Shorter than all pauses."""
MOST_MISSED = 3


@dataclass(slots=True)
class Fairness:
    """Remembers what each strategy goes by."""

    checks: Checks
    last_talk: dict[AgentId, float] = field(default_factory=dict)
    answered: dict[tuple[QueueId, AgentId], int] = field(default_factory=dict)
    rang_last: dict[QueueId, AgentId] = field(default_factory=dict)
    unreachable: dict[AgentId, float] = field(default_factory=dict)
    missed: dict[AgentId, int] = field(default_factory=dict)
    rung: dict[CallId, list[AgentId]] = field(default_factory=dict)

    def told(self, fact: object) -> None:
        match fact:
            case OfferMade():
                self.rang_last[fact.queue] = fact.agents[-1]
            case CallAnswered():
                key = (fact.queue, fact.agent_id)
                self.answered[key] = self.answered.get(key, 0) + 1
                self.missed[fact.agent_id] = 0
            case TalkEnded():
                self.last_talk[fact.agent_id] = self.checks.world.time.now
            case OfferEnded():
                agent_id = fact.agent_id
                if fact.result is OfferResult.UNREACHABLE:
                    self.unreachable[agent_id] = self.checks.world.time.now
                elif fact.result is OfferResult.MISSED:
                    self.missed[agent_id] = self.missed.get(agent_id, 0) + 1
                elif fact.result is OfferResult.REFUSED:
                    self.missed[agent_id] = 0
            case _:
                pass

    def clicked(self, agent_id: AgentId) -> None:
        self.missed[agent_id] = 0

    def engine_fell(self) -> None:
        self.missed.clear()
        self.unreachable.clear()

    def offered(self, engine: SimEngine, fact: OfferMade, caller: Caller) -> None:
        now, broken = self.checks.world.time.now, self.checks.broken
        persons = self.checks.world.people.persons
        for agent_id in fact.agents:
            if now - caller.rung_in_vain.get(agent_id, 0.0) < SOON_S:
                broken("order", "rung again at once for a call it did not take", persons[agent_id])
            back = persons[agent_id].reachable_since > self.unreachable.get(agent_id, 0.0)
            if not back and now - self.unreachable.get(agent_id, 0.0) < SOON_S:
                broken("order", "rung again at once where no phone was", persons[agent_id])
            if self.missed.get(agent_id, 0) > MOST_MISSED:
                broken("order", "rung on and on though nobody is there", persons[agent_id])
        rules = engine.acd._floor.rules.queues.get(fact.queue)
        if rules is not None and self.checks.world.faults.none:
            self._turn(engine, fact, caller, rules)

    def _turn(self, engine: SimEngine, fact: OfferMade, caller: Caller, rules: QueueRules) -> None:
        agents = engine.acd._floor.agents
        chosen = fact.agents[0]
        others = [
            agent_id
            for agent_id in rules.agents
            if agent_id not in fact.agents
            and agent_id in agents
            and agents[agent_id].free
            and agent_id not in caller.rung_in_vain
        ]
        if chosen in caller.rung_in_vain or not others:
            return
        person = self.checks.world.people.persons[chosen]
        if not self._first(rules, chosen, others):
            self.checks.broken("order", f"not its turn ({rules.strategy.value})", person)

    def _first(self, rules: QueueRules, chosen: AgentId, others: list[AgentId]) -> bool:
        match rules.strategy:
            case Strategy.LEAST_RECENT:
                ended = self.last_talk
                return all(ended.get(chosen, 0) <= ended.get(o, 0) + 0.01 for o in others)
            case Strategy.FEWEST_CALLS:
                count = self.answered
                return all(
                    count.get((rules.queue, chosen), 0) <= count.get((rules.queue, o), 0)
                    for o in others
                )
            case Strategy.ROUND_ROBIN_MEMORY:
                last = self.rang_last.get(rules.queue)
                if last is None or last not in rules.agents:
                    return True
                places = {agent_id: place for place, agent_id in enumerate(rules.agents)}
                after = places[last] + 1
                size = len(places)
                return all(
                    (places[chosen] - after) % size <= (places[o] - after) % size for o in others
                )
            case Strategy.RING_ALL:
                return False  # whoever is free is rung
            case _:
                return True
