"""Round robin with memory: goes on behind the agent that the queue rang last, over all its calls.

The turn moves when an offer is decided, whether it is answered or not.
"""

from __future__ import annotations

from ccengine.acd.strategies.plan import Free, Plan, Rank, Turn, by_place, next_after


def pick(free: Free, turn: Turn) -> Rank:
    return next_after(free, turn.rang.get(free.level, -1))


PLAN = Plan(rank=by_place, pick=pick, ahead="the turn comes to {first} before")
