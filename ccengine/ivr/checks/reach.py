"""Every step can be reached from the start."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.yamlsource.model import Problem


def unreachable(flow: Draft, _seen: Seen) -> Iterator[Problem]:
    if not flow.has(flow.start):
        return  # told already; it would only make every step unreachable
    if any(not isinstance(step, dict) for step in flow.broken.values()):
        return  # where it leads nobody can say
    reached = reached_steps(flow)
    for name in flow.names():
        if name not in reached:
            message = f"no call can reach the step {name!r}"
            yield flow.wrong_key(name, message, "lead a branch to it, or remove it")


def reached_steps(flow: Draft) -> set[str]:
    reached: set[str] = set()
    to_visit = [flow.start]
    while to_visit:
        name = to_visit.pop()
        if name in reached or not flow.has(name):
            continue
        reached.add(name)
        if name in flow.steps:
            to_visit += [branch.to for branch in flow.steps[name].ways()]
        else:
            to_visit += _words(flow.broken[name])
    return reached


def _words(value: object) -> Iterator[str]:
    """All texts in a value: in a step that cannot be read any of them may be a target."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
