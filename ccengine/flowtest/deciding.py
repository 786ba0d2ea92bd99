"""Which of the names that flows learn still matter to a call: those that decide about its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ccengine.ids import FlowId
from ccengine.ivr.model import Flow, Step
from ccengine.ivr.steps.branch import BranchStep
from ccengine.ivr.steps.lookup import LookupStep
from ccengine.ivr.waits import Value


class Deciding:
    """Worked out once for the flows of a walk."""

    def __init__(self, flows: Mapping[FlowId, Flow]) -> None:
        steps = [step for flow in flows.values() for step in flow.steps.values()]
        by_value = _by_value(steps)
        by_being_known = {
            use.name for step in steps if isinstance(step, LookupStep) for use in step.reads()
        }
        back = {name for step in steps for use in step.flows() for name in use.takes}
        self._by_value = by_value
        self._live = {
            (flow.id, name): _read_later(flow, name, back) & (by_value | by_being_known)
            for flow in flows.values()
            for name in flow.steps
        }

    def situation(self, flow: str, step: str, data: Mapping[str, Value]) -> dict[str, Value]:
        """What of this a call's way from here on can depend on; a name without a value is as one
        that is not there, and of what is only sent it matters only whether it is known."""
        live = self._live[FlowId(flow), step]
        return {
            name: value if name in self._by_value else "…"
            for name, value in data.items()
            if name in live and value != ""
        }


def _by_value(steps: Collection[Step]) -> frozenset[str]:
    """Names that conditions read, and those from which these are worked out or taken.

    A name of one flow stands for the same name in all of them: rather one too many than too few.
    """
    found = {use.name for step in steps if isinstance(step, BranchStep) for use in step.reads()}
    while True:
        more = {name for step in steps for name in _sources(step, found)} - found
        if not more:
            return frozenset(found)
        found |= more


def _sources(step: Step, wanted: Collection[str]) -> Iterable[str]:
    """What a step needs in order to give these names a value."""
    for use in step.reads():
        if use.at[0] in ("values", "give") and len(use.at) > 1 and use.at[1] in wanted:
            yield use.name
    if any(use.name in wanted for use in step.learns()):
        for flow in step.flows():
            yield from flow.takes


def _read_later(flow: Flow, start: str, back: Collection[str]) -> frozenset[str]:
    """All names that are read from this step on; ``back``: those that are taken at a return."""
    names: set[str] = set()
    seen: set[str] = set()
    to_visit = [start]
    while to_visit:
        name = to_visit.pop()
        if name in seen:
            continue
        seen.add(name)
        step = flow.steps[name]
        names.update(use.name for use in step.reads())
        if step.returns() is not None or any(not use.comes_back for use in step.flows()):
            # Another flow may return in its place, too.
            names.update(back)
        to_visit += [way.to for way in step.ways()]
    return frozenset(names)
