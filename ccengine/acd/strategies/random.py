"""Random: any free agent, each with the same chance, from the dice seeded by the rules."""

from __future__ import annotations

from ccengine.acd.strategies.plan import Free, Plan, Rank, Turn, by_place


def pick(free: Free, turn: Turn) -> Rank:
    return free.nth(free.begin, turn.dice.randrange(free.eligible(free.begin, free.end)))


PLAN = Plan(rank=by_place, pick=pick, ahead="the dice fell on {first}")
