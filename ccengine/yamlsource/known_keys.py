"""Which keys a pydantic model knows at some place inside it: for naming the one that was meant."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from ccengine.yamlsource.model import KeyPath


def known_keys(model: object, loc: KeyPath) -> set[str]:
    """The keys that may stand at ``loc``, as pydantic counts it (tags of unions included)."""
    kinds = _kinds(model)
    for part in loc:
        inner = [kind for outer in kinds for kind in _inside(outer, part)]
        # A part that leads nowhere is the tag of a union: keep the kinds that carry it.
        kinds = inner or [kind for kind in kinds if _carries(kind, part)] or kinds
    return {key for kind in kinds for key in _fields(kind)}


def _kinds(annotation: object) -> list[object]:
    """The annotation without Annotated and Optional; a union as its members."""
    while hasattr(annotation, "__value__"):  # a type alias
        annotation = annotation.__value__
    origin = get_origin(annotation)
    if origin is None:
        return [annotation]
    if hasattr(annotation, "__metadata__"):
        return _kinds(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [kind for member in get_args(annotation) for kind in _kinds(member)]
    return [annotation]


def _inside(kind: object, part: str | int) -> list[object]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if part in (name, info.alias):
                return _kinds(info.annotation)
        return []
    args = get_args(kind)
    if not args or get_origin(kind) is Literal:
        return []
    if isinstance(part, int):
        return _kinds(args[0])
    return _kinds(args[1]) if len(args) == 2 and args[1] is not ... else []


def _carries(kind: object, tag: str | int) -> bool:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return False
    literals: list[Any] = [
        value
        for info in kind.model_fields.values()
        if get_origin(info.annotation) is Literal
        for value in get_args(info.annotation)
    ]
    return tag == kind.__name__ or tag in literals


def _fields(kind: object) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [info.alias or name for name, info in kind.model_fields.items()]
    return []
