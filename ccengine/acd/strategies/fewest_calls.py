"""Fewest calls: who has answered the fewest calls of this queue. Ties: least recent, site order.

The count grows when a call is answered, not when it ends, so that a long talk counts at once.
"""

from __future__ import annotations

from ccengine.acd.strategies.plan import LAST_TALK, LEVEL, PLACE, Plan, Rank, Standing, first


def rank(standing: Standing) -> Rank:
    return (standing.level, standing.answered, standing.last_call_ended_at, standing.place)


PLAN = Plan(rank=rank, pick=first, terms=(LEVEL, "calls answered", LAST_TALK, PLACE))
