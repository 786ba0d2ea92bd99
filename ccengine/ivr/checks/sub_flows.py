"""Flows that lead to flows: the other is there, gets what it needs, and every result has a way."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.model import FlowUse
from ccengine.yamlsource.model import Problem
from ccengine.yamlsource.near import near


def sub_flows(flow: Draft, seen: Seen) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        for use in step.flows():
            other = seen.drafts.get(use.flow)
            if other is not None:
                yield from _given(flow, name, use, other)
                if use.comes_back:
                    yield from _results(flow, name, use, other)
                    yield from _taken(flow, name, use, other)
            elif use.flow not in seen.names:
                others = [name for name in seen.names if name != flow.id]
                cure = near(use.flow, others) or f"make the flow file {use.flow}.yaml"
                yield flow.wrong(name, use.at, f"there is no flow {use.flow!r}", cure)


def _given(flow: Draft, step: str, use: FlowUse, other: Draft) -> Iterator[Problem]:
    for wanted in other.takes:
        if wanted not in use.gives:
            message = f"the flow {use.flow!r} takes {wanted!r}, and it is not given here"
            yield flow.wrong(step, use.at, message, f"add `{wanted}: …` to `give`")
    for given in use.gives:
        if given not in other.takes:
            message = f"the flow {use.flow!r} takes no {given!r}"
            cure = near(given, other.takes) or "remove it, or add it to `takes` of that flow"
            yield flow.wrong(step, ("give", given), message, cure)


def _results(flow: Draft, step: str, use: FlowUse, other: Draft) -> Iterator[Problem]:
    if other.broken:
        return  # a broken step may be the return
    returned = [result for step_ in other.steps.values() if (result := step_.returns()) is not None]
    for result in dict.fromkeys(returned):
        if result not in use.results and not use.every_result:
            message = f"the flow {use.flow!r} can return {result!r}, and no way is named for it"
            yield flow.wrong(step, use.at, message, f"add `{result}: …` with a step's name")
    for result in use.results:
        if result not in returned:
            message = f"the flow {use.flow!r} never returns {result!r}"
            cure = near(result, returned) or f"add a step `type: return` to {use.flow}.yaml"
            yield flow.wrong(step, ("ways", result), message, cure)


def _taken(flow: Draft, step: str, use: FlowUse, other: Draft) -> Iterator[Problem]:
    known = {use.name for step in other.steps.values() for use in step.learns()} | set(other.takes)
    for taken in use.takes:
        if taken not in known and not other.broken:
            message = f"the flow {use.flow!r} knows no {taken!r}"
            cure = near(taken, known) or "set, collect or look it up there"
            yield flow.wrong(step, use.at, message, cure)
