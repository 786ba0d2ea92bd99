"""What a text may look like: regular expressions that cannot run away.

A pattern describes the whole text: characters, ``.``, ``[0-9A-Z]``, ``\\d``, ``( | )``, and
``? * + {2} {2,} {2,5}`` behind them. How many ways there are to try one is counted beforehand and
bounded; nothing that looks back or ahead is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from ccengine.ivr.notation import Notation, NotationError

MOST_TEXT = 200
"""Longer texts match nothing."""
MOST_WAYS = 100_000
"""To match one text: what a pattern may cost at worst."""
MOST_DEPTH = 5

_REPEAT = re.compile(r"\{([0-9]{1,3})(?:(,)([0-9]{1,3})?)?\}", re.ASCII)
_CLASS = re.compile(r"\[\^?(?:\\[dws.\-\]\\]|[^\\\[\]])+\]")
_ESCAPED = r"dws.-+*?()[]{}|\/^$"


class PatternError(NotationError):
    """The text cannot be a pattern."""


@dataclass(frozen=True, slots=True)
class Pattern(Notation):
    """``pattern.matches("SF123")``: the whole text looks like this."""

    MOST_CHARACTERS: ClassVar[int] = 120
    DESCRIPTION: ClassVar[str] = "A pattern for the whole text, such as [0-9]{6,10}."

    text: str
    compiled: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Raises PatternError."""
        return _parse(text)

    def matches(self, text: str) -> bool:
        return len(text) <= MOST_TEXT and self.compiled.fullmatch(text) is not None


@lru_cache(maxsize=512)
def _parse(text: str) -> Pattern:
    if not text:
        raise PatternError("an empty pattern", "write what the text looks like, such as [0-9]{6}")
    most = Pattern.MOST_CHARACTERS
    if len(text) > most:
        raise PatternError(f"a pattern has at most {most} characters", "shorten it")
    reader = _Reader(text)
    ways = reader.choice(0)
    if reader.at < len(text):
        raise PatternError("a ) without its (", r"write \) for the sign itself", reader.at)
    if ways > MOST_WAYS:
        raise PatternError(
            "this pattern could take too long",
            "say how often at most, as in [0-9]{1,20}, and repeat no group that itself repeats",
        )
    return Pattern(text, re.compile(text, re.ASCII))


class _Reader:
    """Counts the ways to match, sign by sign."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def choice(self, depth: int) -> int:
        ways = self._row(depth)
        while self._next() == "|":
            self.at += 1
            ways += self._row(depth)
        return ways

    def _row(self, depth: int) -> int:
        ways = 1
        while self._next() not in ("", "|", ")"):
            ways = min(ways * self._repeated(self._one(depth)), MOST_WAYS + 1)
        return ways

    def _one(self, depth: int) -> int:
        """A sign, a class or a group; how many ways it has by itself."""
        begin, sign = self.at, self._next()
        if sign == "(":
            if depth >= MOST_DEPTH:
                raise PatternError("groups in groups in groups", "write it flatter", begin)
            if self._text.startswith("(?", begin):
                raise PatternError("(? is not known here", "write a plain group ( )", begin)
            self.at += 1
            ways = self.choice(depth + 1)
            if self._next() != ")":
                raise PatternError("a ( without its )", r"close it, or write \(", begin)
            self.at += 1
            return ways
        if sign == "[":
            found = _CLASS.match(self._text, begin)
            if found is None:
                raise PatternError("this [ is no class", r"write [0-9A-Z], or \[", begin)
            self._classified(found[0], begin)
            self.at = found.end()
        elif sign == "\\":
            escaped = self._text[begin + 1 : begin + 2]
            if not escaped or escaped not in _ESCAPED:
                raise PatternError(f"\\{escaped} is not known here", r"write \d or [0-9]", begin)
            self.at += 2
        elif sign in "?*+{}]":
            raise PatternError(f"{sign} stands behind nothing", f"write \\{sign}", begin)
        elif sign in "^$":
            cure = "leave it out: a pattern is for the whole text"
            raise PatternError(f"{sign} is not needed", cure, begin)
        else:
            self.at += 1
        return 1

    def _classified(self, text: str, begin: int) -> None:
        if any(twice in text for twice in ("--", "&&", "~~", "||")):
            raise PatternError("a sign twice in a class", "write it once", begin)
        try:
            re.compile(text)
        except re.error as error:
            raise PatternError(f"this class is wrong: {error}", "write [0-9A-Z]", begin) from error

    def _repeated(self, ways: int) -> int:
        begin = self.at
        sign = self._next()
        if sign == "?":
            least, most = 0, 1
        elif sign in ("*", "+") and sign:
            least, most = int(sign == "+"), MOST_TEXT
        elif sign == "{":
            least, most = self._bounds()
        else:
            return ways
        self.at += 1 if sign != "{" else 0
        if self._next() in ("?", "+", "*", "{") and self._next():
            raise PatternError("two repeats, one behind the other", "keep one of them", begin)
        return self._sum(ways, least, most)

    def _bounds(self) -> tuple[int, int]:
        found = _REPEAT.match(self._text, self.at)
        if found is None:
            raise PatternError("this { is no repeat", r"write {2} or {2,5}, or \{", self.at)
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else MOST_TEXT
        if most < least or most > MOST_TEXT:
            raise PatternError(
                f"{found[0]} cannot be", f"write the smaller first, {MOST_TEXT} at most", self.at
            )
        self.at = found.end()
        return least, most

    def _sum(self, ways: int, least: int, most: int) -> int:
        total = 0
        for times in range(least, most + 1):
            total += min(ways**times, MOST_WAYS + 1)
            if total > MOST_WAYS:
                break
        return min(total, MOST_WAYS + 1)

    def _next(self) -> str:
        return self._text[self.at : self.at + 1]
