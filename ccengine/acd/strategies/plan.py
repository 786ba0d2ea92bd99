"""What a strategy is: an order of the free agents, and a choice from it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

NEVER = float("-inf")
"""The end of the last call of an agent who has had none: before all others."""

LEVEL = "preference level"
PLACE = "place in the site's order"
LAST_TALK = "last talk"

Rank = tuple[float, ...]
"""Where a free agent stands in its queue, lowest first: its preference level, then the strategy's
terms, and last its place, by which it is found."""


class Standing(NamedTuple):
    """What ranks may be made of. It cannot change while the agent is free, so ranks stay true.

    A tuple, because one is made for each queue of an agent whenever the agent becomes free.
    """

    level: int
    """Preference level; every rank begins with it."""
    place: int
    """Index in the queue's list of agents, in the site file's order."""
    share: int
    answered: int
    """Calls of this queue that the agent has answered."""
    last_call_ended_at: float
    """End of the agent's last talk, in whichever queue; ``NEVER`` before the first."""
    skill: int
    """Sum of its levels over the skills needed; over all its skills, if none is."""


class Turn(NamedTuple):
    """What a queue remembers of its choices, and its dice. Places by preference level."""

    rang: Mapping[int, int]
    """Who was rung last."""
    answered: Mapping[int, int]
    """Who answered last."""
    dice: Random


class Free(NamedTuple):
    """The free agents of one preference level: a stretch of a list in rank order.

    ``tried`` are the indices in it, in order, of those who were rung in vain for this call and
    are passed over. At least one is left.
    """

    ranks: Sequence[Rank]
    begin: int
    end: int
    tried: Sequence[int] = ()

    @property
    def level(self) -> int:
        return int(self.ranks[self.begin][0])

    def find(self, *terms: float) -> int:
        """The first index of this level whose rank is not below these terms."""
        return bisect_left(self.ranks, (self.level, *terms), self.begin, self.end)

    def eligible(self, begin: int, end: int) -> int:
        """How many may be chosen between these indices."""
        if not self.tried:
            return end - begin
        return end - begin - bisect_left(self.tried, end) + bisect_left(self.tried, begin)

    def nth(self, begin: int, number: int) -> Rank:
        """The so many-th, from 0, of those who may be chosen from this index on."""
        at = begin + number
        for index in self.tried[bisect_left(self.tried, begin) :]:
            if index > at:
                break
            at += 1
        return self.ranks[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One strategy: how free agents are kept in order, and who of one level is rung."""

    rank: Callable[[Standing], Rank]
    pick: Callable[[Free, Turn], Rank]
    terms: tuple[str, ...] = (LEVEL, PLACE)
    """What the parts of a rank are, for explanations."""
    ahead: str = ""
    """Why ``{first}`` is rung and not another, where the rank alone does not say it."""
    rings_all: bool = False
    """All of the level are rung in one offer; ``pick`` is not asked."""


def by_place(standing: Standing) -> Rank:
    """The site file's order."""
    return (standing.level, standing.place)


def first(free: Free, turn: Turn) -> Rank:
    """The lowest rank."""
    return free.nth(free.begin, 0)


def next_after(free: Free, place: int) -> Rank:
    """The first behind this place, going round at the end. Needs ranks ``by_place``."""
    at = free.find(place + 1)
    return free.nth(at if free.eligible(at, free.end) else free.begin, 0)
