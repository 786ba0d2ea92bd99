"""No condition that always or never holds: whoever wrote it meant a name."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.steps.branch import BranchStep
from ccengine.yamlsource.model import Problem


def constant(flow: Draft, _seen: Seen) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if not isinstance(step, BranchStep):
            continue
        for place, way in enumerate(step.when):
            if not way.condition.names:
                often = "always" if way.condition.holds({}) else "never"
                message = f"this condition {often} holds: it reads nothing of the call"
                cure = "write names without quotes; texts stand in quotes"
                yield flow.wrong(name, ("when", place, "if"), message, cure).as_warning()
