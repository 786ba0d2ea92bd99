"""Which steps and ways of the flows some calls have been through, and which none has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ccengine.flowtest.call import Call
from ccengine.ids import FlowId
from ccengine.ivr.model import Branch, Flow, Step
from ccengine.ivr.steps.collect import CollectStep
from ccengine.journal.facts import CallFact, FlowStepped
from ccengine.yamlsource.model import KeyPath

Place = tuple[FlowId, str]
"""A step of a flow."""
Way = tuple[FlowId, str, KeyPath]
"""A way out of a step, by where it is written below the step."""


@dataclass(slots=True)
class Coverage:
    """Grows with each call."""

    flows: Mapping[FlowId, Flow]
    steps: set[Place] = field(default_factory=set)
    ways: set[Way] = field(default_factory=set)

    def add(self, call: Call) -> None:
        self.add_facts(call.facts, call.stood)

    def add_facts(
        self, facts: Iterable[CallFact], stood: Iterable[tuple[str, str]] = (), now_at: str = ""
    ) -> None:
        """``stood``: where the call has waited, beside the steps that it has finished.

        ``now_at``: the step after the last that it has finished.
        """
        self.steps |= {(FlowId(flow), step) for flow, step in stood}
        stepped = [fact for fact in facts if isinstance(fact, FlowStepped)]
        for place, fact in enumerate(stepped):
            self.steps.add((fact.flow, fact.step))
            flow = self.flows.get(fact.flow)
            step = flow.steps.get(fact.step) if flow else None
            if step is None:
                continue
            after = stepped[place + 1].step if place + 1 < len(stepped) else now_at
            way = way_taken(step, fact.result, after)
            if way is not None:
                self.ways.add((fact.flow, fact.step, way.at))

    def of(self, flows: Iterable[str]) -> Coverage:
        """Only of these flows; of none: of all."""
        wanted = set(flows)
        kept = {name: flow for name, flow in self.flows.items() if not wanted or name in wanted}
        return Coverage(flows=kept, steps=self.steps, ways=self.ways)

    def all_steps(self) -> list[Place]:
        """In the order of the files."""
        return [(flow.id, name) for flow in self.flows.values() for name in flow.steps]

    def all_ways(self) -> list[Way]:
        return [
            (flow.id, name, way.at)
            for flow in self.flows.values()
            for name, step in flow.steps.items()
            for way in step.ways()
            if not _never(step, way)
        ]

    @property
    def missing_steps(self) -> list[Place]:
        return [place for place in self.all_steps() if place not in self.steps]

    @property
    def missing_ways(self) -> list[Way]:
        """Those of steps that were reached: the others are missing as a whole."""
        return [way for way in self.all_ways() if way not in self.ways]

    @property
    def percent(self) -> float:
        """Of steps and ways together; for example 3 of 4 steps and 5 of 6 ways are 80."""
        every = len(self.all_steps()) + len(self.all_ways())
        missing = len(self.missing_steps) + len(self.missing_ways)
        return 100.0 * (every - missing) / every if every else 100.0


def _never(step: Step, way: Branch) -> bool:
    """Must be written, and cannot be taken: any number will do, so that none is wrong."""
    if not isinstance(step, CollectStep) or way.at[0] != "invalid":
        return False
    return step.digits.least == 1 and step.check is None and not step.confirm


def way_taken(step: Step, result: str, after: str) -> Branch | None:
    """The way whose place bears the result's name; else the only one that leads to ``after``.

    ``after`` is empty when no other step was finished.
    """
    ways = step.ways()
    if len(ways) == 1:
        return ways[0]
    named = [way for way in ways if _bears(way.at, result)]
    if named:
        return named[0]
    leading = [way for way in ways if way.to == after]
    onward = [way for way in leading if way.at == ("next",)]
    if onward:
        return onward[0]
    return leading[0] if len(leading) == 1 else None


def _bears(at: KeyPath, result: str) -> bool:
    match at:
        case ("keys", key):
            return result in (str(key), f"key_{key}")
        case ("when", int(place), *_):
            return result == f"when_{place + 1}"
        case _:
            return at != ("next",) and result in (str(at[0]), str(at[-1]))
