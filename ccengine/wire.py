"""JSON between the engine and its pages: the one place where it is written and read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from ccengine.clock import moment

_Read = TypeVar("_Read")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Said(BaseModel):
    """Base of what a page says: types are not guessed, unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


PlainText = Annotated[str, AfterValidator(lambda text: _CONTROLS.sub("", text))]
"""Typed by a person: control characters (NUL, which PostgreSQL refuses) are left out."""


class UnreadableError(ValueError):
    """What the page sent cannot be used; the text says where, and repeats nothing of it."""


def dumps(value: object) -> str:
    """JSON text; a lone surrogate from broken caller data becomes a question mark.

    NaN and unknown types are our own mistake and raise ValueError or TypeError.
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    )
    return text.encode("utf-8", "replace").decode("utf-8")


def read(adapter: TypeAdapter[_Read], raw: str | bytes) -> _Read:
    """What the page said. Raises UnreadableError."""
    try:
        return adapter.validate_json(raw)
    except ValidationError as wrong:
        raise UnreadableError(explained(wrong)) from None


def read_words(adapter: TypeAdapter[_Read], words: dict[str, str]) -> _Read:
    """The same for a query's names and texts, where a number is written as text."""
    try:
        return adapter.validate_strings(words)
    except ValidationError as wrong:
        raise UnreadableError(explained(wrong)) from None


def explained(wrong: ValidationError) -> str:
    """At most three of the mistakes, each with its place, without the input."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(str(part) for part in mistake['loc']) or 'body'}: {mistake['msg']}"
        for mistake in found[:3]
    )


def iso(seconds: float | None) -> str | None:
    """A clock reading as ISO 8601 UTC with milliseconds."""
    return None if seconds is None else written(moment(seconds))


def written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    raise TypeError(f"no JSON for {type(value).__name__}")
