"""Random: any free agent, each with the same chance, from the dice seeded by the rules."""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.acd.strategies.plan import Plan, Rank, Turn, by_place


def pick(free: Sequence[Rank], turn: Turn) -> Sequence[Rank]:
    return (free[turn.dice.randrange(len(free))],)


PLAN = Plan(rank=by_place, pick=pick)
