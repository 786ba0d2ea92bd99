"""The values that matter, out of whatever an outside system answered."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ccengine.ivr.answers import LookedUp
from ccengine.ivr.steps.lookup import MOST_TEXT
from ccengine.ivr.waits import Value

COUNT = "count"
"""``items.count``: how many there are in a list."""


def looked_up(answer: object, wants: Iterable[str]) -> LookedUp:
    """``found`` unless there is nothing in it: null, an empty object, list or text."""
    if answer is None or answer in ({}, [], ""):
        return LookedUp(found=False)
    return LookedUp(found=True, values=picked(answer, wants))


def picked(answer: object, wants: Iterable[str]) -> dict[str, Value]:
    """Each wanted path that leads to a text, a number or a truth; the others are left out."""
    found = {path: _value(answer, path) for path in wants}
    return {path: value for path, value in found.items() if value is not None}


def _value(answer: object, path: str) -> Value | None:
    for part in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list):
            answer = _of_list(answer, part)
        else:
            return None
    match answer:
        case bool() | int():
            return answer
        case float():
            return answer if math.isfinite(answer) else None
        case str():
            return answer[:MOST_TEXT]
        case _:
            return None


def _of_list(answer: list[object], part: str) -> object:
    if part == COUNT:
        return len(answer)
    if part.isascii() and part.isdecimal() and len(part) <= 6 and int(part) < len(answer):
        return answer[int(part)]
    return None
