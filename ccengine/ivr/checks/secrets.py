"""Secret digits stay where they are needed: in what a lookup asks the outside."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ids import FlowId
from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.yamlsource.model import Problem


def secrets(flow: Draft, seen: Seen) -> Iterator[Problem]:
    secret = _secret_names(flow)
    for name, use in flow.reads():
        if use.name in secret and not use.secret:
            message = f"{use.name!r} is secret: here it would be heard, logged or kept"
            cure = "take it out; only `query`, `json` and `parameters` of a lookup may hold it"
            yield flow.wrong(name, use.at, message, cure)
    for name, step in flow.steps.items():
        for use in step.learns():
            if use.name in secret and not use.secret:
                message = f"{use.name!r} is collected as a secret elsewhere, and openly here"
                cure = "add `secret: true` here too, or use another name"
                yield flow.wrong(name, use.at, message, cure)
        for entered in step.flows():
            hidden = _secret_names_of(entered.flow, seen)
            for taken in entered.takes:
                if taken in hidden:
                    message = f"{taken!r} is secret in the flow {entered.flow!r} and stays there"
                    cure = "let that flow look up what is needed, and take the answer"
                    yield flow.wrong(name, entered.at, message, cure)


def _secret_names(flow: Draft) -> set[str]:
    return {use.name for step in flow.steps.values() for use in step.learns() if use.secret}


def _secret_names_of(flow: FlowId, seen: Seen) -> set[str]:
    return _secret_names(seen.drafts[flow]) if flow in seen.drafts else set()
