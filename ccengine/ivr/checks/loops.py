"""No round on which no step takes the caller's time: such a call would spin.

A sub-flow takes time unless it can come back from its start to a return without a wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from ccengine.ids import FlowId
from ccengine.ivr.checks.graph import Place
from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.yamlsource.model import Problem

_CURE = "lead one of them to a step that speaks or listens, such as play or menu"


def loops(seen: Seen) -> Iterator[Problem]:
    quick = _on_rounds(_quick_ways(seen.drafts))
    told: set[Place] = set()
    for place in quick:
        if place in told:
            continue
        round_ = _round(quick, place)
        if round_ and told.isdisjoint(round_):
            told.update(round_)
            flow, name = place
            way = " → ".join(_called(flow, at) for at in [*round_, place])
            message = f"the steps {way} go round without ever waiting for the caller"
            yield seen.drafts[flow].wrong_key(name, message, _CURE)


def _called(flow: FlowId, place: Place) -> str:
    return place[1] if place[0] == flow else f"{place[1]} (of {place[0]})"


def _quick_ways(drafts: Mapping[FlowId, Draft]) -> dict[Place, list[Place]]:
    """The ways that take no time, through all flows."""
    back_at_once: set[FlowId] = set()
    while True:
        ways = {
            (flow.id, name): list(_quick(flow, name, drafts, back_at_once))
            for flow in drafts.values()
            for name in flow.steps
        }
        found = {flow.id for flow in drafts.values() if _returns_at_once(flow, ways, drafts)}
        if found == back_at_once:
            return ways
        back_at_once = found


def _quick(
    flow: Draft, name: str, drafts: Mapping[FlowId, Draft], back_at_once: set[FlowId]
) -> Iterator[Place]:
    step = flow.steps[name]
    entered = [use for use in step.flows() if use.comes_back]
    if all(use.flow in back_at_once for use in entered):
        for branch in step.ways():
            if not branch.waits and branch.to in flow.steps:
                yield flow.id, branch.to
    for use in step.flows():
        if not use.comes_back and use.flow in drafts:
            yield use.flow, drafts[use.flow].start


def _returns_at_once(
    flow: Draft, ways: Mapping[Place, list[Place]], drafts: Mapping[FlowId, Draft]
) -> bool:
    reached: set[Place] = set()
    to_visit = [(flow.id, flow.start)]
    while to_visit:
        place = to_visit.pop()
        if place in reached or place not in ways:
            continue
        reached.add(place)
        if drafts[place[0]].steps[place[1]].returns() is not None:
            return True
        to_visit += ways[place]
    return False


def _on_rounds(ways: Mapping[Place, list[Place]]) -> dict[Place, list[Place]]:
    """Without the places that lead to no round: most of them."""
    into: dict[Place, list[Place]] = {}
    left = dict.fromkeys(ways, 0)
    for place, tos in ways.items():
        for to in tos:
            if to in ways:
                into.setdefault(to, []).append(place)
                left[place] += 1
    to_drop = [place for place, count in left.items() if not count]
    while to_drop:
        for before in into.get(to_drop.pop(), ()):
            left[before] -= 1
            if not left[before]:
                to_drop.append(before)
    return {p: [to for to in tos if left.get(to)] for p, tos in ways.items() if left[p]}


def _round(ways: Mapping[Place, list[Place]], start: Place) -> list[Place]:
    """A way from ``start`` back to it, or nothing."""
    came_from: dict[Place, Place] = {}
    to_visit = deque([start])
    while to_visit:
        place = to_visit.popleft()
        for to in ways[place]:
            if to == start:
                way = [place]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if to not in came_from:
                came_from[to] = place
                to_visit.append(to)
    return []
