"""Round robin: each call begins with the first agent of the site's order and moves on from there.

The place is the call's own: it moves when an offer for this call is decided, and goes round.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from ccengine.acd.strategies.plan import Plan, Rank, Turn, by_place


def next_after(free: Sequence[Rank], place: int) -> Sequence[Rank]:
    """The first free agent behind this place, going round at the end of the list."""
    at = bisect_left(free, (place + 1,))
    return (free[at if at < len(free) else 0],)


def pick(free: Sequence[Rank], turn: Turn) -> Sequence[Rank]:
    return next_after(free, turn.last_of_call)


PLAN = Plan(rank=by_place, pick=pick)
