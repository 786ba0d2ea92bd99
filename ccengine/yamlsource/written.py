"""The base of all models of what a person writes: closed, unchangeable, exact about numbers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

_NUMBERS = ("int", "float")
_NOT_SCHEMA = frozenset({"default", "metadata", "expected", "pattern"})


def _be_exact(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("type") in _NUMBERS:
            schema["strict"] = True
        for key, inner in schema.items():
            if key not in _NOT_SCHEMA:
                _be_exact(inner)
    elif isinstance(schema, (list, tuple)):
        for inner in schema:
            _be_exact(inner)


class WrittenModel(BaseModel):
    """No unknown keys, no changes after loading; a number is a number: neither ``true`` nor a
    text that looks like one stands for it, as they would by pydantic's own rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        schema = handler(source)
        _be_exact(schema)
        return schema
