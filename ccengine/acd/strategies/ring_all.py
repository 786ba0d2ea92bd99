"""Ring all: every free agent at once, in one offer; the first to answer has the call."""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.acd.strategies.plan import Plan, Rank, Turn, by_place


def pick(free: Sequence[Rank], turn: Turn) -> Sequence[Rank]:
    return tuple(free)


PLAN = Plan(rank=by_place, pick=pick)
