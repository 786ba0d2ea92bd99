"""Which of the names that flows learn decide about ways, and which are only spoken or sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ccengine.ivr.model import Flow, Step
from ccengine.ivr.steps.branch import BranchStep
from ccengine.ivr.waits import Value


def deciding_names(flows: Iterable[Flow]) -> frozenset[str]:
    """Names that conditions read, and those from which these are worked out or taken.

    A name of one flow stands for the same name in all of them: rather one too many than too few.
    """
    steps = [step for flow in flows for step in flow.steps.values()]
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


def situation(data: Mapping[str, Value], deciding: Collection[str]) -> dict[str, Value]:
    """Of all others only whether they are known: an empty one can be asked for nothing."""
    return {name: value if name in deciding or value == "" else "…" for name, value in data.items()}
