"""Round robin: goes on behind the agent who answered last, over all calls of the queue.

The turn moves at the answer, so that who lets it ring loses nothing for other calls. Of two calls
that are answered in the other order than they were offered, the later offered one keeps it.
"""

from __future__ import annotations

from ccengine.acd.strategies.plan import Free, Plan, Rank, Turn, by_place, next_after


def pick(free: Free, turn: Turn) -> Rank:
    return next_after(free, turn.answered.get(free.level, -1))


PLAN = Plan(rank=by_place, pick=pick, ahead="the turn comes to {first} before")
