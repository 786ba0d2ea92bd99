"""From every menu a caller can get to a human, unless the flow says why not."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.yamlsource.model import Problem

HUMANS = frozenset({"enqueue", "transfer", "ring_group", "voicemail", "callback"})
"""Step types that lead to a person, now or later."""
_CURE = (
    "lead a key to a step of type enqueue, transfer, ring_group, voicemail or callback; "
    "or write `no_human: <the reason>` at the top of the file"
)


def humans(seen: Seen) -> Iterator[Problem]:
    goals = []
    for flow in seen.drafts.values():
        for name, step in flow.steps.items():
            # Whoever enters a flow that nobody enters yet may lead on to a human.
            open_end = step.returns() is not None and not seen.graph.entered(flow.id)
            unknown = any(use.flow not in seen.drafts for use in step.flows())
            if step.type in HUMANS or open_end or unknown:
                goals.append((flow.id, name))
    helped = seen.graph.leading_to(goals)
    for flow in seen.drafts.values():
        for name, step in flow.steps.items():
            if step.type == "menu" and (flow.id, name) not in helped and not flow.no_human:
                message = f"from the menu {name!r} no caller can get to a human"
                yield flow.wrong_key(name, message, _CURE)
