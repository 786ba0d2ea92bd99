"""Every name that is read is given before, and every name that is given is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.model import KNOWN_NAMES
from ccengine.yamlsource.model import Problem
from ccengine.yamlsource.near import near

_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")


def names(flow: Draft, seen: Seen) -> Iterator[Problem]:
    learnt = {use.name for step in flow.steps.values() for use in step.learns()}
    given = learnt | set(flow.takes)
    yield from _assigned(flow)
    yield from _never_read(flow, seen)
    maybe = _words_of_broken(flow)
    for name, use in flow.reads():
        if use.name not in KNOWN_NAMES and use.name not in given and use.name not in maybe:
            yield flow.wrong(name, use.at, *_unknown(use.name, given))
    if not flow.broken:
        yield from _too_early(flow, learnt - set(flow.takes))


def _unknown(name: str, given: set[str]) -> tuple[str, str]:
    """Message and cure."""
    if "." in name:
        known = [*KNOWN_NAMES, *(known for known in given if "." in known)]
        cure = near(name, known) or f"write one of {', '.join(known)}"
        return f"there is no name {name!r} that every call has", cure
    cure = near(name, [*given, *KNOWN_NAMES]) if given else ""
    cure = cure or "collect it, set it or look it up in a step before"
    return f"nothing in this flow gives a value to {name!r}", cure


def _assigned(flow: Draft) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        for use in step.learns():
            if use.name in KNOWN_NAMES:
                message = f"{use.name!r} belongs to every call and cannot be given another value"
                yield flow.wrong(name, use.at, message, "use a name of your own")


def _never_read(flow: Draft, seen: Seen) -> Iterator[Problem]:
    read = {use.name for _, use in flow.reads()}
    read |= _words_of_broken(flow)
    read |= seen.graph.taken(flow.id)
    for name, step in flow.steps.items():
        for use in step.learns():
            # A name with a point comes with the step, asked for or not.
            if use.name not in read and "." not in use.name:
                message = f"nothing reads {use.name!r}"
                cure = near(use.name, read - set(KNOWN_NAMES)) if read else ""
                cure = cure if "did you" in cure else "remove it, or use it in a text or a branch"
                yield flow.wrong(name, use.at, message, cure).as_warning()
    for index, taken in enumerate(flow.takes):
        if taken not in read:
            problem = flow.document.problem(
                ("takes", index), f"nothing reads {taken!r}", "remove it, also where it is given"
            )
            yield problem.as_warning()


def _too_early(flow: Draft, learnt: set[str]) -> Iterator[Problem]:
    """Reads on ways on which nothing can have given a value yet."""
    known = _known_at(flow)
    for name, use in flow.reads():
        here = known.get(name)
        if here is None or use.name not in learnt or use.name in here:
            continue  # also when no call gets there, which is told
        if use.name not in {own.name for own in flow.steps[name].learns()}:
            message = f"{use.name!r} is always empty here: it gets its value only later"
            cure = "lead the way by the step that gives it first"
            yield flow.wrong(name, use.at, message, cure).as_warning()


def _known_at(flow: Draft) -> Mapping[str, frozenset[str]]:
    """For each step that can be reached, the names that may have a value when a call enters it."""
    known: dict[str, frozenset[str]] = {}
    to_visit = [(flow.start, frozenset(flow.takes))]
    while to_visit:
        name, given = to_visit.pop()
        step = flow.steps.get(name)
        before = known.get(name)
        if step is None or (before is not None and given <= before):
            continue
        known[name] = given if before is None else given | before
        after = known[name] | {use.name for use in step.learns()}
        to_visit += [(branch.to, after) for branch in step.ways()]
    return known


def _words_of_broken(flow: Draft) -> set[str]:
    """All that a step that cannot be read might have given or read."""
    found: set[str] = set()
    to_visit: list[object] = list(flow.broken.values())
    while to_visit:
        value = to_visit.pop()
        if isinstance(value, str):
            found.update(_WORD.findall(value))
        elif isinstance(value, dict):
            to_visit += [*value, *value.values()]
        elif isinstance(value, list):
            to_visit += value
    return found
