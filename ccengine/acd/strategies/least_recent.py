"""Least recent: who has been without a talk the longest. Ties: site order.

An agent who has never talked comes first. The end of a talk counts, in whichever queue it was:
who has just put the phone down in sales has not rested for support.
"""

from __future__ import annotations

from ccengine.acd.strategies.plan import LAST_TALK, LEVEL, PLACE, Plan, Rank, Standing, first


def rank(standing: Standing) -> Rank:
    return (standing.level, standing.last_call_ended_at, standing.place)


PLAN = Plan(rank=rank, pick=first, terms=(LEVEL, LAST_TALK, PLACE))
