"""Ways through the situations of a flow that was walked: what can be reached, and how soon."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable

from ccengine.flowtest.explore import Explored, State

MOST_LOOKED_AT = 20_000
"""Ways to a first choice; there are a handful in any flow that people wrote."""


def can_reach(explored: Explored, goal: Callable[[State], bool]) -> Callable[[State], bool]:
    """Whether a state is a goal, or leads to one."""
    back = _backwards(explored)
    reached = {place for place, state in enumerate(explored.states) if goal(state)}
    to_visit = list(reached)
    while to_visit:
        for before, _ in back[to_visit.pop()]:
            if before not in reached:
                reached.add(before)
                to_visit.append(before)
    found = {id(explored.states[place]) for place in reached}
    return lambda state: id(state) in found


def seconds_to(explored: Explored, goal: Callable[[State], bool]) -> list[tuple[float, State]]:
    """For each state that leads to a goal: the least time, when the caller knows the way."""
    back = _backwards(explored)
    least: dict[int, float] = {}
    to_visit = [(0.0, place) for place, state in enumerate(explored.states) if goal(state)]
    heapq.heapify(to_visit)
    while to_visit:
        seconds, place = heapq.heappop(to_visit)
        if place in least:
            continue
        least[place] = seconds
        for before, needed in back[place]:
            if before not in least:
                heapq.heappush(to_visit, (seconds + needed, before))
    return [(seconds, explored.states[place]) for place, seconds in least.items()]


def presses_to(explored: Explored) -> list[tuple[int, State]]:
    """For each state: with how few choices of the caller it can be reached."""
    least = dict.fromkeys(explored.starts, 0)
    to_visit = deque(explored.starts)
    while to_visit:
        place = to_visit.popleft()
        for edge in explored.states[place].edges:
            cost = 1 if edge.tried.chosen else 0
            if least[place] + cost < least.get(edge.to, len(explored.states) + 1):
                least[edge.to] = least[place] + cost
                # Those that cost nothing first, so that each is looked at once as a rule.
                (to_visit.append if cost else to_visit.appendleft)(edge.to)
    return [(presses, explored.states[place]) for place, presses in least.items()]


def longest_first(explored: Explored) -> tuple[float, State] | None:
    """The longest time from a call's arrival until the caller has heard its first choice out."""
    best: tuple[float, State] | None = None
    for start in explored.starts:
        to_visit = [(0.0, start, frozenset({start}))]
        looked_at = 0
        while to_visit and looked_at < MOST_LOOKED_AT:
            looked_at += 1
            seconds, place, seen = to_visit.pop()
            state = explored.states[place]
            if state.choice and not state.person:
                said_s = max(edge.tried.said_s for edge in state.edges)
                if best is None or seconds + said_s > best[0]:
                    best = seconds + said_s, state
                continue
            to_visit += [
                (seconds + edge.tried.seconds, edge.to, seen | {edge.to})
                for edge in state.edges
                if edge.to not in seen
            ]
    return best


def _backwards(explored: Explored) -> list[list[tuple[int, float]]]:
    back: list[list[tuple[int, float]]] = [[] for _ in explored.states]
    for place, state in enumerate(explored.states):
        for edge in state.edges:
            back[edge.to].append((place, edge.tried.seconds))
    return back
