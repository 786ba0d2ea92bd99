"""Flows that lead to flows: each is handed on with all that a call can get to from it.

A call finishes in the flows as they were when it began, so a flow's version covers them too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ccengine.ids import FlowId
from ccengine.ivr.draft import Draft
from ccengine.ivr.model import Flow
from ccengine.yamlsource.model import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    flows: dict[FlowId, Flow]
    problems: tuple[Problem, ...]
    """Of flows that are sound by themselves, and lead to one that is not."""


def linked(drafts: Mapping[FlowId, Draft], faulty: Collection[FlowId]) -> Linked:
    """The flows that can be used; a flow that leads to a faulty or missing one cannot."""
    sound = {flow: draft for flow, draft in drafts.items() if flow not in faulty}
    problems: list[Problem] = []
    while spoilt := {flow for flow, draft in sound.items() if not _leads_to(draft) <= sound.keys()}:
        problems += [problem for flow in spoilt for problem in _spoilt(sound[flow], sound)]
        sound = {flow: draft for flow, draft in sound.items() if flow not in spoilt}
    return Linked(
        flows=_together(sound), problems=tuple(sorted(problems, key=lambda it: (it.file, it.at)))
    )


def _leads_to(draft: Draft) -> set[FlowId]:
    return {use.flow for step in draft.steps.values() for use in step.flows()}


def _spoilt(draft: Draft, sound: Mapping[FlowId, Draft]) -> list[Problem]:
    return [
        draft.wrong(
            name,
            use.at,
            f"the flow {use.flow!r} has mistakes, or leads to one that has",
            "mend them first; this flow cannot be used without it",
        )
        for name, step in draft.steps.items()
        for use in step.flows()
        if use.flow not in sound
    ]


def _together(sound: Mapping[FlowId, Draft]) -> dict[FlowId, Flow]:
    closures = {flow: _closure(flow, sound) for flow in sound}
    others: dict[FlowId, dict[FlowId, Flow]] = {flow: {} for flow in sound}
    flows = {
        flow: Flow(
            id=flow,
            version=_version(draft, [sound[other] for other in closures[flow]]),
            start=draft.start,
            steps=draft.steps,
            title=draft.title,
            takes=draft.takes,
            others=others[flow],
        )
        for flow, draft in sound.items()
    }
    # Last, since flows may lead to each other in a ring.
    for flow, closure in closures.items():
        others[flow].update((other, flows[other]) for other in closure)
    return flows


def _closure(flow: FlowId, sound: Mapping[FlowId, Draft]) -> list[FlowId]:
    """All flows that it leads to, by name; itself only if it leads to itself."""
    found: set[FlowId] = set()
    to_visit = _leads_to(sound[flow])
    while to_visit:
        other = to_visit.pop()
        if other not in found:
            found.add(other)
            to_visit |= _leads_to(sound[other])
    return sorted(found)


def _version(draft: Draft, others: list[Draft]) -> str:
    """That of its file when it leads nowhere."""
    if not others:
        return draft.document.version
    said = [draft.document.version, *(f"{other.id} {other.document.version}" for other in others)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
