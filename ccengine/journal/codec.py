"""A fact as a kind and a JSON body, and back again, exactly.

The codec is made from ``FACT_TYPES`` when the module is loaded: a field of a type it does not know
stops the engine's start (and every test), not a call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from msgspec.structs import fields

from ccengine.journal.facts import FACT_TYPES, Fact

Body = dict[str, Any]
Read = Callable[[Any], Any]


class UnknownFact(Fact, frozen=True, kw_only=True):
    """A fact of the journal that this version cannot read: written by a newer one, or damaged."""

    kind: ClassVar[str] = "unknown"
    stored_kind: str
    body: Body


class UnwritableFactError(ValueError):
    """A fact that cannot be stored: a number that is none, a value of a wrong type."""


def kind_of(fact: Fact) -> str:
    """The kind under which the journal keeps it."""
    return fact.stored_kind if isinstance(fact, UnknownFact) else fact.kind


def encode(fact: Fact) -> Body:
    """The body: all fields, ready for JSON on any database. Raises UnwritableFactError."""
    if isinstance(fact, UnknownFact):
        return fact.body
    if type(fact) not in FACT_TYPES:
        raise UnwritableFactError(f"{type(fact).__name__} is not in FACT_TYPES")
    return {name: _plain(fact, getattr(fact, name)) for name in fact.__struct_fields__}


def decode(kind: str, body: Mapping[str, Any]) -> Fact:
    """The fact of this body; an UnknownFact when this version cannot read it.

    Fields that a newer version added are left out; fields it lacks get their defaults.
    """
    shape = _SHAPES.get(kind)
    if shape is not None:
        try:
            return shape.read(body)
        except (KeyError, TypeError, ValueError):
            pass  # named below: a reader of the journal is told, the journal stays readable
    at = body.get("at")
    return UnknownFact(
        at=float(at) if isinstance(at, (int, float)) else 0.0, stored_kind=kind, body=dict(body)
    )


def _plain(fact: Fact, value: object) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return _storable(str(value))
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, tuple):
        return [_plain(fact, item) for item in value]
    raise UnwritableFactError(f"{fact.kind} holds {value!r}, which cannot be stored")


def _storable(text: str) -> str:
    """Text that both databases take: callers can send NUL and bytes that are no UTF-8."""
    return (
        text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """How to read one kind of fact: a reader for each field, and which may be missing."""

    fact_type: type[Fact]
    readers: dict[str, Read]
    required: frozenset[str]

    def read(self, body: Mapping[str, Any]) -> Fact:
        missing = self.required - body.keys()
        if missing:
            raise KeyError(*sorted(missing))
        values = {name: read(body[name]) for name, read in self.readers.items() if name in body}
        return self.fact_type(**values)


def _shape(fact_type: type[Fact]) -> _Shape:
    hints = get_type_hints(fact_type)
    readers = {field.name: _reader(hints[field.name]) for field in fields(fact_type)}
    required = frozenset(field.name for field in fields(fact_type) if field.required)
    return _Shape(fact_type, readers, required)


def _reader(hint: Any) -> Read:
    hint = getattr(hint, "__supertype__", hint)  # a NewType is its base in JSON
    if hint in (str, int, bool):
        return lambda value: _of_type(value, hint)
    if hint is float:
        return _number
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _reader(arguments[0])
        return lambda values: tuple(item(value) for value in _of_type(values, list))
    if origin in (Union, UnionType) and len(arguments) == 2 and arguments[1] is NoneType:
        some = _reader(arguments[0])
        return lambda value: None if value is None else some(value)
    raise TypeError(f"the journal's codec has no way to read {hint!r}")


def _of_type(value: Any, wanted: type) -> Any:
    if type(value) is not wanted:
        raise TypeError(f"{value!r} is not {wanted.__name__}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    return float(value)


_SHAPES: dict[str, _Shape] = {fact_type.kind: _shape(fact_type) for fact_type in FACT_TYPES}
if len(_SHAPES) != len(FACT_TYPES):
    raise TypeError("two kinds of fact share one name")
