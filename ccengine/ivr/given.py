"""What a flow gives to the outside: a number or truth as it is written, or a text with places.

A text that is one place and nothing else hands the value on as it is: a number stays a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ccengine.ivr.notation import NotationError
from ccengine.ivr.templates import Slot, Template
from ccengine.ivr.waits import Value


@dataclass(frozen=True, slots=True)
class Given:
    """One value of a request, as the file has it."""

    written: int | float | bool | Template

    @property
    def names(self) -> tuple[str, ...]:
        """All names that it reads."""
        return self.written.names if isinstance(self.written, Template) else ()

    def value(self, known: Mapping[str, Value]) -> Value:
        """What is given now; a name without a value is an empty text."""
        if not isinstance(self.written, Template):
            return self.written
        match self.written.parts:
            case (Slot(name=name),):
                return known.get(name, "")
            case _:
                return self.written.filled(known)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read, serialization=core_schema.plain_serializer_function_ser_schema(_plain)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": ["string", "number", "boolean"],
            "maxLength": Template.MOST_CHARACTERS,
            "description": "A value, or a text in which {name} is filled in.",
        }


def _read(value: object) -> Given:
    if isinstance(value, Given):
        return value
    if isinstance(value, str):
        return Given(Template.parse(value))
    if isinstance(value, (int, float)):
        return Given(value)
    raise NotationError("one value is wanted here", 'write a text ("{order_no}") or a number')


def _plain(given: Given) -> Value:
    return given.written.text if isinstance(given.written, Template) else given.written
