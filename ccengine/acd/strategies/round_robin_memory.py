"""Round robin with memory: goes on behind the agent that the queue rang last, over all its calls.

The place is the queue's: it moves when an offer is decided, whether it is answered or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.acd.strategies.plan import Plan, Rank, Turn, by_place
from ccengine.acd.strategies.round_robin import next_after


def pick(free: Sequence[Rank], turn: Turn) -> Sequence[Rank]:
    return next_after(free, turn.last_of_queue)


PLAN = Plan(rank=by_place, pick=pick)
