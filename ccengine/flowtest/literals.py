"""The values that the conditions of flows compare with."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from ccengine.ivr import expression_tree as tree
from ccengine.ivr.expressions import Expression
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import Value

MOST = 40
"""More would be a list of numbers, and all alike."""


def literals_of(flows: Iterable[Flow]) -> tuple[Value, ...]:
    """Each once; beside a number also its neighbours, for < and >."""
    found: dict[tuple[str, Value], Value] = {}
    for flow in flows:
        for step in flow.steps.values():
            for expression in _expressions(step):
                for value in _constants(expression.root):
                    for near in _near(value):
                        found.setdefault((type(near).__name__, near), near)
    return tuple(found.values())[:MOST]


def _near(value: Value) -> tuple[Value, ...]:
    if isinstance(value, bool | str):
        return (value,)
    return (value, value - 1, value + 1)


def _expressions(part: object) -> Iterator[Expression]:
    if isinstance(part, Expression):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _expressions(getattr(part, name))
    elif isinstance(part, dict):
        for inner in part.values():
            yield from _expressions(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _expressions(inner)


def _constants(node: object) -> Iterator[Value]:
    if isinstance(node, tree.Constant):
        yield node.constant
    elif dataclasses.is_dataclass(node) and not isinstance(node, type):
        for field in dataclasses.fields(node):
            yield from _constants(getattr(node, field.name))
    elif isinstance(node, tuple):
        for inner in node:
            yield from _constants(inner)
