"""What a strategy is: an order of the free agents, and a choice from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

NEVER = float("-inf")
"""The end of the last call of an agent who has had none: before all others."""

Rank = tuple[float, ...]
"""Where a free agent stands in its queue, lowest first; the last part is its place there."""


class Standing(NamedTuple):
    """What ranks may be made of. It cannot change while the agent is free, so ranks stay true.

    A tuple, because one is made for each queue of an agent whenever the agent becomes free.
    """

    place: int
    """Index in the queue's list of agents, in the site file's order."""
    answered: int
    """Calls of this queue that the agent has answered."""
    last_call_ended_at: float
    """End of the agent's last talk, in whichever queue; ``NEVER`` before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it was before this choice. A place of -1: nobody's yet."""

    last_of_call: int
    last_of_queue: int
    dice: Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One strategy: how free agents are kept in order, and who of them is rung."""

    rank: Callable[[Standing], Rank]
    pick: Callable[[Sequence[Rank], Turn], Sequence[Rank]]
    """From a non-empty list in rank order; gives back at least one."""


def by_place(standing: Standing) -> Rank:
    """The site file's order."""
    return (standing.place,)


def first(free: Sequence[Rank], turn: Turn) -> Sequence[Rank]:
    """The lowest rank."""
    return free[:1]
