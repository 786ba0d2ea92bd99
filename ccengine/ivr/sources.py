"""Where a value comes from: what stands on the right of a ``set`` or of what a flow is given.

``tries: tries + 1`` is an expression, ``{text: "{city}{street}"}`` a text with places; a plain
number, ``true`` and ``false`` are themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ccengine.ivr.expressions import Expression
from ccengine.ivr.model import NameUse
from ccengine.ivr.notation import NotationError
from ccengine.ivr.templates import Template
from ccengine.ivr.values import as_number
from ccengine.ivr.waits import Value
from ccengine.yamlsource.model import KeyPath


@dataclass(frozen=True, slots=True)
class Source:
    """May be the type of a step's field. ``of``: what it was written as."""

    of: Expression | Template | Value

    @property
    def names(self) -> tuple[str, ...]:
        return self.of.names if isinstance(self.of, Expression | Template) else ()

    def value(self, values: Mapping[str, Value]) -> Value:
        match self.of:
            case Expression() as expression:
                return expression.value(values)
            case Template() as template:
                return template.filled(values)
            case constant:
                return constant

    @classmethod
    def read(cls, written: object) -> Source:
        """Raises NotationError."""
        match written:
            case Source():
                return written
            case bool():
                return cls(written)
            case int() | float() if as_number(written) is not None:
                return cls(written)
            case int() | float():
                raise NotationError("this number is too long", "at most 15 digits")
            case str():
                return cls(Expression.parse(written))
            case {"text": str(text), **others} if not others:
                return cls(Template.parse(text))
        raise NotationError("no value can come of this", "write an expression, or {text: …}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.read)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text = {"type": "string", "maxLength": Template.MOST_CHARACTERS}
        return {
            "description": "A number, true, false, an expression, or {text: …} with places.",
            "anyOf": [
                {"type": ["number", "boolean"]},
                {
                    "type": "string",
                    "maxLength": Expression.MOST_CHARACTERS,
                    "description": Expression.DESCRIPTION,
                },
                {
                    "type": "object",
                    "properties": {"text": text},
                    "required": ["text"],
                    "additionalProperties": False,
                },
            ],
        }


def values_of(sources: Mapping[str, Source], known: Mapping[str, Value]) -> dict[str, Value]:
    """All of them, each from what was known before."""
    return {name: source.value(known) for name, source in sources.items()}


def reads_of(sources: Mapping[str, Source], *at: str | int) -> tuple[NameUse, ...]:
    """What they read; ``at``: the key under which they stand."""
    path: KeyPath = at
    return tuple(
        NameUse(name=name, at=(*path, key))
        for key, source in sources.items()
        for name in source.names
    )
