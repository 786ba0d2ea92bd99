"""An expression cut into its words and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ccengine.ivr.notation import FULL_WIDTH, NAME, NotationError


class ExpressionError(NotationError):
    """The text cannot be an expression."""


Kind = Literal["number", "text", "name", "word", "sign", "end"]
WORDS = ("and", "or", "not", "in", "true", "false")


@dataclass(frozen=True, slots=True)
class Token:
    """``text``: of a quoted text what stands between the quotes. ``at``: its offset."""

    kind: Kind
    text: str
    at: int


_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>{NAME})
    |(?P<sign>==|!=|<=|>=|<|>|\+|-|\*|/|\(|\)|\[|\]|,)""",
    re.VERBOSE | re.ASCII,
)

_CURES = {
    "=": "write == to compare",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or != for what is not equal",
    '"': "close the quotes",
    "'": "close the quotes",
    "{": "write the name without braces",
    "%": "there are + - * / and no others",
    "^": "there are + - * / and no others",
}
_MISSPELT = {
    "True": "true",
    "False": "false",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "IN": "in",
    "None": '""',
    "null": '""',
}


def tokens(text: str) -> Iterator[Token]:
    """Ends with a token of kind ``end``. Raises ExpressionError."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unknown(text, at)
        kind, end = found.lastgroup, found.end()
        after = text[end : end + 1]
        if kind in ("number", "name") and (after == "_" or after == "." or after.isalnum()):
            raise _unknown(text, at)
        if kind == "number":
            if found[0][0] == "0" and found[0][1:2].isdigit():
                cure = f'a text stands in quotes: "{found[0][:40]}"'
                raise ExpressionError("a number does not begin with 0", cure, at)
            yield Token("number", found[0], at)
        elif kind == "text":
            yield Token("text", found[0][1:-1], at)
        elif kind == "name":
            yield Token("word" if found[0] in WORDS else "name", found[0], at)
        elif kind == "sign":
            yield Token("sign", found[0], at)
        at = end
    yield Token("end", "", at)


def _unknown(text: str, at: int) -> ExpressionError:
    sign = text[at]
    if sign in FULL_WIDTH:
        return ExpressionError(f"{sign} is a full-width sign", f"write {FULL_WIDTH[sign]}", at)
    if sign in _CURES:
        return ExpressionError(f"{sign} cannot stand here", _CURES[sign], at)
    found = re.compile(r"[\w.]+").match(text, at)
    word = (found[0] if found else sign)[:40]
    cure = f"write {_MISSPELT[word]}" if word in _MISSPELT else ""
    cure = cure or 'names are of small letters, digits and _; a text stands in quotes, "so"'
    return ExpressionError(f"{word!r} is nothing that can be read", cure, at)
