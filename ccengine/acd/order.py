"""The one order in which waiting calls are served, over all queues.

(1) The queue's weight, higher first. (2) The standing, larger first: head start + ageing x seconds
waited. (3) Who came earlier. (4) The number of the entry. Calls that age alike never pass each
other, so they lie in lists that stay in order; only the heads of lists that age at different
rates are compared anew, at the moment of a choice.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from heapq import merge
from typing import NamedTuple

from ccengine.acd.needs import Need
from ccengine.ids import AgentId, CallId


class Place(NamedTuple):
    """Where a call stands. Among calls of the same ageing the smaller one is served first."""

    key: float
    """Ageing x the moment of entry - head start: what the standing is made of, without now."""
    queued_at: float
    entry: int
    call_id: CallId
    ageing: float


Turn = tuple[float, float, int, CallId]
"""A call's place among all of the same weight at one moment, the smallest first: the standing with
its sign changed, the moment of entry, the number of the entry."""


def place_of(
    call_id: CallId, *, queued_at: float, entry: int, head_start_s: float = 0.0, ageing: float = 1.0
) -> Place:
    """``head_start_s``: the call's own and its queue's together."""
    return Place(ageing * queued_at - head_start_s, queued_at, entry, call_id, ageing)


def standing_s(place: Place, now: float) -> float:
    """Head start + ageing x seconds waited."""
    return place.ageing * now - place.key


def turn_of(place: Place, now: float) -> Turn:
    key, queued_at, entry, call_id, ageing = place
    return (key - ageing * now, queued_at, entry, call_id)


class Calls:
    """The calls of one queue: all in line, and those that nobody is rung for.

    Those in line lie by ageing, which is all that their position needs. Those that wait lie by
    what they need besides, so that an agent looks at the first call it may take and not at calls
    it may not; those that wait for one agent alone are found by that agent.
    """

    def __init__(self) -> None:
        self._in_line: dict[float, list[Place]] = {}
        self._waiting: dict[AgentId | None, dict[tuple[Need, float], list[Place]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._in_line.values()))

    def enter(self, place: Place) -> None:
        """It stands in line; whether it waits is said by ``wait``."""
        insort(self._in_line.setdefault(place.ageing, []), place)

    def leave(self, place: Place) -> None:
        places = self._in_line.get(place.ageing)
        if places is not None and _take(places, place) and not places:
            del self._in_line[place.ageing]

    def wait(self, place: Place, need: Need) -> None:
        """Nobody is rung for it."""
        kinds = self._waiting.setdefault(need.only, {})
        insort(kinds.setdefault((need, place.ageing), []), place)

    def hold(self, place: Place, need: Need) -> None:
        """It does not wait any more; it may still stand in line."""
        kinds = self._waiting.get(need.only)
        places = None if kinds is None else kinds.get((need, place.ageing))
        if kinds is None or places is None or not _take(places, place) or places:
            return
        del kinds[need, place.ageing]
        if not kinds:
            del self._waiting[need.only]

    def position(self, place: Place, now: float) -> int:
        """1 for the call that is served next; one that rings at an agent counts."""
        before = 0
        for ageing, places in self._in_line.items():
            if ageing == place.ageing:
                before += bisect_left(places, place)
            else:
                turn = turn_of(place, now)
                before += bisect_left(places, turn, key=lambda other: turn_of(other, now))
        return 1 + before

    def in_order(self, now: float) -> list[Place]:
        """All in line, in the order in which they would be served if all agents suited all."""
        if len(self._in_line) == 1:
            return next(iter(self._in_line.values())).copy()
        places = [place for alike in self._in_line.values() for place in alike]
        return sorted(places, key=lambda place: turn_of(place, now))

    def first_in_order(self, now: float) -> Iterator[Place]:
        """The same, one after the other: who needs but the first few pays for no more."""
        return merge(*self._in_line.values(), key=lambda place: turn_of(place, now))

    def kinds(self) -> Iterator[tuple[Need, list[Place]]]:
        """All that waits, by need and ageing, each list in serving order."""
        for kinds in self._waiting.values():
            for (need, _), places in kinds.items():
                yield need, places

    def first(
        self,
        agent_id: AgentId,
        suits: Callable[[AgentId, Need], bool],
        passed: Callable[[CallId], bool],
        now: float,
        before: Turn | None = None,
    ) -> Turn | None:
        """The first call that waits and that this agent suits, passing over some of its calls.

        None when there is none, or none that is served before the turn given. Weights are the
        caller's affair: they are the same for all calls here.
        """
        best, found = before, None
        for only in (None, agent_id):
            kinds = self._waiting.get(only)
            if kinds is None:
                continue
            for (need, ageing), places in kinds.items():
                # Most lists are out after this: their first call stands behind one found already.
                if best is not None and places[0][0] - ageing * now > best[0]:
                    continue
                if not suits(agent_id, need):
                    continue
                for place in places:
                    if not passed(place.call_id):
                        turn = turn_of(place, now)
                        if best is None or turn < best:
                            best = found = turn
                        break
        return found

    def only_for(self, agent_id: AgentId) -> list[Place]:
        """Those that wait for this agent alone."""
        kinds = self._waiting.get(agent_id, {})
        return [place for places in kinds.values() for place in places]


def _take(places: list[Place], place: Place) -> bool:
    at = bisect_left(places, place)
    if at == len(places) or places[at] != place:
        return False
    del places[at]
    return True
