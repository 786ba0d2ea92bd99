"""Weighted random: an agent of share 3 is rung three times as often as one of share 1.

The chances are exact: free agents lie by share, so one throw over the sum of all their shares says
which share, and which agent of that share.
"""

from __future__ import annotations

from ccengine.acd.strategies.plan import LEVEL, PLACE, Free, Plan, Rank, Standing, Turn


def rank(standing: Standing) -> Rank:
    return (standing.level, standing.share, standing.place)


def pick(free: Free, turn: Turn) -> Rank:
    shares: list[tuple[int, int, int]] = []
    begin = free.begin
    while begin < free.end:
        share = int(free.ranks[begin][1])
        end = free.find(share + 1)
        if count := free.eligible(begin, end):
            shares.append((begin, share, count))
        begin = end
    thrown = turn.dice.randrange(sum(share * count for _, share, count in shares))
    for begin, share, count in shares:
        if thrown < share * count:
            return free.nth(begin, thrown // share)
        thrown -= share * count
    raise AssertionError("a throw is below the sum of all shares")


PLAN = Plan(
    rank=rank,
    pick=pick,
    terms=(LEVEL, "share", PLACE),
    ahead="the dice, thrown by shares, fell on {first}",
)
