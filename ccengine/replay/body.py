"""What is told of a call as JSON: ``ccengine why --json`` and ``GET /api/calls/{call_id}/why``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccengine.acd.explanation import Explanation
from ccengine.journal.facts import CallFact
from ccengine.replay.why import WhyCall
from ccengine.replay.words import said_of_agent, said_of_call
from ccengine.wire import iso

MOMENTS = ("_at", "_until")


def why_body(told: WhyCall) -> dict[str, Any]:
    """``CallWhy`` of docs/API.md."""
    return {
        "call_id": told.call_id,
        "offers": [
            {
                "number": one.number,
                **explanation_body(one.explanation),
                "ended": [fact_body(fact) for fact in one.ended],
            }
            for one in told.offers
        ],
        "waits": [
            {"when": wait.when.value, **explanation_body(wait.explanation)} for wait in told.waits
        ],
        "facts": [fact_body(fact) for fact in told.facts],
        "files": told.files,
        "ending": told.ending.value,
        "differs_at": told.differs_at or None,
    }


def explanation_body(why: Explanation) -> dict[str, Any]:
    """Moments as text, ``because`` in each language."""
    plain: dict[str, Any] = _moments(why.as_json())
    plain["call"]["because"] = said_of_call(why.call)
    for told, terms in zip(plain["agents"], why.agents, strict=True):
        told["because"] = said_of_agent(terms, why)
    for told, call in zip(plain["calls"], why.calls, strict=True):
        told["because"] = said_of_call(call)
    return plain


def fact_body(fact: CallFact) -> dict[str, Any]:
    body = {name: getattr(fact, name) for name in fact.__struct_fields__ if name != "call_id"}
    plain: dict[str, Any] = _moments({"kind": fact.kind, **body})
    return plain


def _moments(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: iso(inside) if _is_moment(key, inside) else _moments(inside)
            for key, inside in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_moments(part) for part in value]
    return value


def _is_moment(key: str, value: object) -> bool:
    return isinstance(value, float) and (key == "at" or key.endswith(MOMENTS))
