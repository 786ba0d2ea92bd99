"""What a plain (unquoted) YAML scalar means: YAML 1.2's core schema, made a little stricter.

YAML 1.1 reads ``no`` as false, ``0755`` as octal and ``1:30`` as ninety. Here they stay the text
that was written, and so does anything else that might be a number to a machine but is a name to a
person: ``+8613800000001``, ``1_000``, ``0x1F``, twenty digits in a row, ``.inf``.
"""

from __future__ import annotations

import math
import re

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT = re.compile(
    r"-?(?:(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,30}|(?=[eE]))|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?",
    re.ASCII,
)


def plain_value(text: str) -> str | int | float | bool | None:
    """The typed value of an unquoted scalar; quoted ones are always text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
