"""The caller's way through its flows, for the agent who is about to take the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccengine.desk.pop import PathStep
from ccengine.ids import FlowId
from ccengine.ivr.engine import FlowRun
from ccengine.journal.facts import FlowStepped


def way(run: FlowRun, facts: Sequence[FlowStepped]) -> tuple[PathStep, ...]:
    """The steps that are done, each with its title and that of the step it led to."""
    if not facts:
        return ()
    beyond = [(fact.flow, fact.step) for fact in facts[1:]]
    beyond.append((run.flow_now.id, run.step))
    return tuple(
        PathStep(
            step=fact.step,
            result=fact.result,
            title=_title(run, fact.flow, fact.step),
            led_to=_title(run, *to),
        )
        for fact, to in zip(facts, beyond, strict=True)
    )


def _title(run: FlowRun, flow: FlowId, step: str) -> Mapping[str, str]:
    """As it was when the call began."""
    root = run.flow
    found = root if flow == root.id else root.others.get(flow)
    if found is None or step not in found.steps:
        return {}
    return {str(spoken): text for spoken, text in (found.steps[step].title or {}).items()}
