"""No flow enters itself, however far round: each time one more would wait for its return."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ids import FlowId
from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.frames import MOST_FRAMES
from ccengine.yamlsource.model import Problem


def recursion(seen: Seen) -> Iterator[Problem]:
    leads = {
        flow.id: [use.flow for step in flow.steps.values() for use in step.flows()]
        for flow in seen.drafts.values()
    }
    again = False
    for flow in seen.drafts.values():
        for name, step in flow.steps.items():
            for use in step.flows():
                way = _way(leads, use.flow, flow.id) if use.comes_back else []
                if way:
                    again = True
                    message = (
                        f"the flow enters itself again and again: {' → '.join((flow.id, *way))}"
                    )
                    cure = "let one of them go on with `goto` instead, or take this step out"
                    yield flow.wrong(name, use.at, message, cure)
    if not again:
        yield from _too_deep(seen)


def _way(leads: dict[FlowId, list[FlowId]], start: FlowId, goal: FlowId) -> list[FlowId]:
    """The flows from one to another, or nothing."""
    ways: dict[FlowId, list[FlowId]] = {start: [start]}
    to_visit = [start]
    while to_visit:
        flow = to_visit.pop(0)
        if flow == goal:
            return ways[flow]
        for to in leads.get(flow, ()):
            if to not in ways:
                ways[to] = [*ways[flow], to]
                to_visit.append(to)
    return []


def _too_deep(seen: Seen) -> Iterator[Problem]:
    """More flows inside one another than a call can hold; none of them enters itself."""
    depths: dict[FlowId, int] = dict.fromkeys(seen.drafts, 1)
    changed = True
    while changed:
        changed = False
        for flow in seen.drafts.values():
            for name, step in flow.steps.items():
                for use in step.flows():
                    depth = depths[flow.id] + use.comes_back
                    if depth > MOST_FRAMES:
                        message = f"{depth} flows would be inside one another by here"
                        cure = f"{MOST_FRAMES} are the most: put two of them into one"
                        yield flow.wrong(name, use.at, message, cure)
                        return
                    if depths.get(use.flow, depth) < depth:
                        depths[use.flow] = depth
                        changed = True
