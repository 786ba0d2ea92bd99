"""No round on which no step takes the caller's time: such a call would spin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccengine.ivr.checks.rule import Seen
from ccengine.yamlsource.model import Problem


def loops(seen: Seen) -> Iterator[Problem]:
    flow = seen.flow
    quick: dict[str, list[str]] = {name: [] for name in flow.steps}
    for name, branch in flow.ways():
        if not branch.waits and branch.to in flow.steps:
            quick[name].append(branch.to)
    told: set[str] = set()
    for name in flow.steps:
        round_ = _round(quick, name)
        if round_ and told.isdisjoint(round_):
            told.update(round_)
            way = " → ".join([*round_, name])
            message = f"the steps {way} go round without ever waiting for the caller"
            cure = "lead one of them to a step that speaks or listens, such as play or menu"
            yield flow.wrong_key(name, message, cure)


def _round(quick: Mapping[str, list[str]], start: str) -> list[str]:
    """A way from ``start`` back to it, or nothing."""
    came_from: dict[str, str] = {}
    to_visit = [start]
    while to_visit:
        name = to_visit.pop(0)
        for to in quick[name]:
            if to == start:
                way = [name]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if to not in came_from:
                came_from[to] = name
                to_visit.append(to)
    return []
