"""Every way leads to a step that is there."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.yamlsource.model import Problem
from ccengine.yamlsource.near import near


def targets(flow: Draft, _seen: Seen) -> Iterator[Problem]:
    # Without any step that is told by itself.
    if flow.start and flow.names() and not flow.has(flow.start):
        message = f"the flow starts at {flow.start!r}, and there is no such step"
        cure = near(flow.start, flow.names()) or "write the step, or name another"
        yield flow.document.problem(("start",), message, cure)
    for name, branch in flow.ways():
        if not flow.has(branch.to):
            message = f"there is no step {branch.to!r}"
            cure = near(branch.to, flow.names()) or "write the step, or name another"
            yield flow.wrong(name, branch.at, message, cure)
