"""Every strategy against a plain model of it, over random days; and figures of fairness.

A model is a few lines that scan all agents. The day makes the model's memory from what the ACD
says it did; the model says whom the ACD may ring next.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.acd.commands import Offer
from ccengine.acd.rules import Strategy
from ccengine.ids import AgentId, OfferId
from ccengine.journal.facts import OfferMade, OfferResult
from tests.rules.acd.floor_driver import Centre, queue, skills_of

AGENTS = ["ann", "bob", "cid", "dan", "eve", "fay"]
SKILLS = ("", "english:2", "english:6 billing:1", "english:4 billing:3", "billing:9")
ASKED = ("", "", "english:2", "english:4", "billing:1 english:3", "sales:1")


@dataclass
class Memory:
    """What strategies go by, kept plainly."""

    level: dict[str, int]
    share: dict[str, int]
    skills: dict[str, dict[str, int]]
    ended: dict[str, float] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    rang: list[str] = field(default_factory=list)
    offered: dict[OfferId, str] = field(default_factory=dict)
    answers: set[OfferId] = field(default_factory=set)


def place(agent: str) -> int:
    return AGENTS.index(agent)


def in_turn(could: list[str], last: str | None) -> set[str]:
    """The first behind the last one, going round."""
    behind = [a for a in could if last is not None and place(a) > place(last)]
    return {min(behind or could, key=place)}


def least_recent(could: list[str], memory: Memory, asked: str) -> set[str]:
    return {min(could, key=lambda a: (memory.ended.get(a, 0.0), place(a)))}


def fewest_calls(could: list[str], memory: Memory, asked: str) -> set[str]:
    return {min(could, key=lambda a: (memory.answered[a], memory.ended.get(a, 0.0), place(a)))}


def most_skilled(could: list[str], memory: Memory, asked: str) -> set[str]:
    def skill(agent: str) -> int:
        had = memory.skills[agent]
        return sum(level for name, level in had.items() if not asked or name in skills_of(asked))

    return {min(could, key=lambda a: (-skill(a), memory.ended.get(a, 0.0), place(a)))}


def round_robin(could: list[str], memory: Memory, asked: str) -> set[str]:
    """Behind who answered the newest of the offers that were answered, at the same level."""
    level = memory.level[could[0]]
    answered = [
        agent
        for offer, agent in memory.offered.items()
        if offer in memory.answers and memory.level[agent] == level
    ]
    return in_turn(could, answered[-1] if answered else None)


def round_robin_memory(could: list[str], memory: Memory, asked: str) -> set[str]:
    level = memory.level[could[0]]
    rang = [agent for agent in memory.rang if memory.level[agent] == level]
    return in_turn(could, rang[-1] if rang else None)


def anyone(could: list[str], memory: Memory, asked: str) -> set[str]:
    return set(could)


Model = Callable[[list[str], Memory, str], set[str]]
MODELS: dict[Strategy, Model] = {
    Strategy.RING_ALL: anyone,
    Strategy.LINEAR: lambda could, memory, asked: {min(could, key=place)},
    Strategy.ROUND_ROBIN: round_robin,
    Strategy.ROUND_ROBIN_MEMORY: round_robin_memory,
    Strategy.LEAST_RECENT: least_recent,
    Strategy.FEWEST_CALLS: fewest_calls,
    Strategy.MOST_SKILLED: most_skilled,
    Strategy.RANDOM: anyone,
    Strategy.WEIGHTED_RANDOM: anyone,
}


class Day:
    """One queue; calls come one at a time, and each is offered until somebody takes it."""

    def __init__(self, strategy: Strategy, dice: random.Random) -> None:
        self.strategy, self.dice = strategy, dice
        flat = dice.random() < 0.5
        self.memory = Memory(
            level={a: 0 if flat else dice.randrange(3) for a in AGENTS},
            share={a: dice.randint(1, 4) for a in AGENTS},
            skills={},
        )
        words = {a: dice.choice(SKILLS) for a in AGENTS}
        self.memory.skills = {a: skills_of(of) for a, of in words.items()}
        self.centre = Centre(
            queue(
                agents=" ".join(AGENTS),
                strategy=strategy,
                missed=0,
                retry_pause_s=500.0,
                levels={AgentId(a): level for a, level in self.memory.level.items()},
                shares={AgentId(a): share for a, share in self.memory.share.items()},
            ),
            skills=words,
        )
        self.centre.at_work(*dice.sample(AGENTS, len(AGENTS)))
        self.free = set(AGENTS)
        self.talks: dict[str, str] = {}
        self.ringing: list[Offer] = []

    def call(self, name: str) -> None:
        """It rings one after the other, as the model says, and mostly somebody takes it."""
        asked = self.dice.choice(ASKED)
        self.centre.call(name, requires=asked)
        tried: set[str] = set()
        while could := self.could(asked, tried):
            offer = self.centre.one(Offer)
            self.check(offer, could, asked)
            if self.dice.random() < 0.6:
                self.take(offer, self.dice.choice(offer.agents))
                return
            tried |= set(offer.agents)
            self.centre.closes(offer.offer_id)
        assert self.centre.heard(Offer) == []
        self.centre.leaves(name)

    def could(self, asked: str, tried: set[str]) -> list[str]:
        """The lowest level with somebody free, able and not tried."""
        able = [
            a
            for a in AGENTS
            if a in self.free - tried
            and all(self.memory.skills[a].get(s, 0) >= n for s, n in skills_of(asked).items())
        ]
        lowest = min((self.memory.level[a] for a in able), default=0)
        self.candidates = len(able)
        return [a for a in able if self.memory.level[a] == lowest]

    def check(self, offer: Offer, could: list[str], asked: str) -> None:
        rung = [str(agent) for agent in offer.agents]
        allowed = MODELS[self.strategy](could, self.memory, asked)
        if self.strategy is Strategy.RING_ALL:
            assert set(rung) == allowed
        else:
            assert len(rung) == 1
            assert rung[0] in allowed
        assert self.centre.one(OfferMade).candidates == self.candidates
        self.explained_as_offered(offer)
        self.memory.rang.append(rung[-1])
        self.memory.offered[offer.offer_id] = rung[-1]

    def explained_as_offered(self, offer: Offer) -> None:
        """What the explanation ranks first is what was rung."""
        explained = self.centre.explained[-1]
        assert (explained.offer_id, explained.chosen) == (offer.offer_id, offer.agents)
        ranked = [terms.agent_id for terms in explained.agents if terms.rank == 1]
        assert ranked in ([], [offer.agents[0]])

    def take(self, offer: Offer, agent: AgentId) -> None:
        self.centre.answers(agent, offer.offer_id)
        self.memory.offered[offer.offer_id] = agent
        self.memory.answers.add(offer.offer_id)
        self.memory.answered[agent] += 1
        self.talks[offer.call_id] = agent
        self.free.remove(agent)

    def some_talks_end(self) -> None:
        for call, agent in sorted(self.talks.items()):
            if self.dice.random() < 0.4:
                self.centre.pass_time(self.dice.choice([0.0, 1.0, 5.0]))
                self.centre.talk_ends(call)
                self.memory.ended[agent] = self.centre.now
                self.free.add(agent)
                del self.talks[call]


@pytest.mark.parametrize("strategy", Strategy)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_strategy_is_what_its_model_says(strategy: Strategy, seed: int) -> None:
    day = Day(strategy, random.Random(seed))
    for number in range(40):
        day.call(f"c{number}")
        day.some_talks_end()
    assert day.memory.answers


# -- fairness


def answered(strategy: Strategy, calls: int, *, seed: int = 0, **more: Any) -> Counter[str]:
    """So many calls one after the other, all agents free each time: who had how many."""
    centre = Centre(queue(agents=" ".join(AGENTS), strategy=strategy, missed=0, **more), seed=seed)
    centre.at_work(*AGENTS)
    counts: Counter[str] = Counter(dict.fromkeys(AGENTS, 0))
    for number in range(calls):
        centre.call(f"c{number}")
        offer = centre.one(Offer)
        (agent,) = offer.agents
        counts[agent] += 1
        centre.answers(agent, offer.offer_id)
        centre.now += 1
        centre.talk_ends(f"c{number}")
    return counts


@pytest.mark.parametrize(
    "strategy", [Strategy.ROUND_ROBIN, Strategy.ROUND_ROBIN_MEMORY, Strategy.FEWEST_CALLS]
)
@given(calls=st.integers(1, 60))
@settings(max_examples=20, deadline=None)
def test_counts_of_those_always_there_differ_by_one_at_most(strategy: Strategy, calls: int) -> None:
    counts = answered(strategy, calls)
    assert max(counts.values()) - min(counts.values()) <= 1


def chi_square(counts: Counter[str], chances: dict[str, float]) -> float:
    calls = sum(counts.values())
    return sum((counts[a] - calls * p) ** 2 / (calls * p) for a, p in chances.items())


FIVE_FREE = 20.52
"""Chi-square with 5 degrees of freedom: larger in one of a thousand cases."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_gives_each_agent_the_same_chance(seed: int) -> None:
    counts = answered(Strategy.RANDOM, 2000, seed=seed)
    assert chi_square(counts, dict.fromkeys(AGENTS, 1 / 6)) < FIVE_FREE


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weighted_random_gives_each_agent_the_chance_of_its_share(seed: int) -> None:
    shares = dict(zip(AGENTS, (1, 2, 2, 3, 3, 5), strict=True))
    of = {AgentId(agent): share for agent, share in shares.items()}
    counts = answered(Strategy.WEIGHTED_RANDOM, 2000, seed=seed, shares=of)
    assert chi_square(counts, {a: share / 16 for a, share in shares.items()}) < FIVE_FREE


@pytest.mark.parametrize("strategy", [Strategy.RANDOM, Strategy.WEIGHTED_RANDOM])
def test_the_dice_are_fair_among_those_not_tried(strategy: Strategy) -> None:
    """Bob has missed it: each of the others has the chance it would have without bob."""
    shares = dict(zip(AGENTS, (1, 9, 2, 3, 3, 1), strict=True))
    of = {AgentId(agent): share for agent, share in shares.items()}
    weighted = strategy is Strategy.WEIGHTED_RANDOM
    centre = Centre(queue(agents=" ".join(AGENTS), strategy=strategy, missed=0, shares=of), seed=5)
    others = [agent for agent in AGENTS if agent != "bob"]
    centre.at_work(*AGENTS)
    counts: Counter[str] = Counter()
    for number in range(400):
        for agent in others:
            centre.not_ready(agent)
        centre.call(f"c{number}")
        rung = centre.one(Offer)
        assert rung.agents == ("bob",)
        for agent in others:
            centre.ready(agent)
        centre.leg_ends("bob", OfferResult.REFUSED, rung.offer_id)
        counts[centre.offered_to()[0]] += 1
        centre.leaves(f"c{number}")
    weights = {agent: shares[agent] if weighted else 1 for agent in others}
    chances = {agent: weight / sum(weights.values()) for agent, weight in weights.items()}
    assert chi_square(counts, chances) < 18.47  # 4 degrees of freedom, one of a thousand
