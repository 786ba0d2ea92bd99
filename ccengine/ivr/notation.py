"""What templates, expressions and patterns in a flow file have in common."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

FULL_WIDTH = dict(
    zip("（）｛｝［］，：＝＜＞！＋－＊／｜“”‘’", "(){}[],:=<>!+-*/|\"\"''", strict=True)
)
"""What a Chinese keyboard writes in place of the signs that are meant."""

NAME = r"[a-z][a-z0-9_]{0,31}(?:\.[a-z][a-z0-9_]{0,31})?"
"""Of something known of a call; with a point in it, one that every call has."""


class NotationError(ValueError):
    """An author's mistake within a text. ``offset``: where in it, in characters from 0.

    As text it is message and cure with a semicolon between, as with all validators.
    """

    def __init__(self, message: str, cure: str, offset: int = 0) -> None:
        self.message = message
        self.cure = cure
        self.offset = offset
        super().__init__(f"{message.replace('; ', ', ')}; {cure}")


class Notation:
    """Written as a text, kept parsed: may be the type of a step's field."""

    __slots__ = ()

    text: str
    """As it was written."""
    MOST_CHARACTERS: ClassVar[int]
    DESCRIPTION: ClassVar[str]
    """For editors."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises NotationError."""
        raise NotImplementedError

    @classmethod
    def _read(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            raise NotationError("a text is wanted here", "write it in quotes")
        return cls.parse(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._read,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda it: it.text),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "maxLength": cls.MOST_CHARACTERS,
            "description": cls.DESCRIPTION,
        }
