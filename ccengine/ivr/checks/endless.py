"""From every step the call can come to an end of its own, not only by the caller's hang-up."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.humans import HUMANS
from ccengine.ivr.checks.rule import Seen
from ccengine.yamlsource.model import Problem

_ENDS = HUMANS | {"hangup", "return", "conference", "record", "route"}
"""Step types after which a call may be over."""


def endless(seen: Seen) -> Iterator[Problem]:
    goals = [
        (flow.id, name)
        for flow in seen.drafts.values()
        for name, step in flow.steps.items()
        if step.type in _ENDS
        or not (step.ways() or step.flows())
        or any(use.flow not in seen.drafts for use in step.flows())
    ]
    ending = seen.graph.leading_to(goals)
    for flow in seen.drafts.values():
        lost = [
            name
            for name, step in flow.steps.items()
            if (flow.id, name) not in ending and all(flow.has(way.to) for way in step.ways())
        ]
        if lost:
            steps = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
            message = f"a call that comes here goes round until the caller hangs up: {steps}"
            cure = "lead a way out of the round: to an agent, or to a step of type hangup"
            yield flow.wrong_key(lost[0], message, cure).as_warning()
