"""Most skilled first: the highest sum of levels over the skills that the call needs now.

A call that needs none: the sum over all skills of the agent. Ties: least recent, site order.
"""

from __future__ import annotations

from ccengine.acd.strategies.plan import LAST_TALK, LEVEL, PLACE, Plan, Rank, Standing, first


def rank(standing: Standing) -> Rank:
    return (
        standing.level,
        -standing.skill,
        standing.last_call_ended_at,
        standing.place,
    )


PLAN = Plan(rank=rank, pick=first, terms=(LEVEL, "sum of skill levels", LAST_TALK, PLACE))
