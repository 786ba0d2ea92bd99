"""What a value of a call's data counts as, where texts, numbers and truth meet.

One rule for all places, and none of it raises: a call must not end because an outside system sent
``"12"`` for ``12``.
"""

from __future__ import annotations

import math
import re

from ccengine.ivr.waits import Value

MOST_NUMBER = 10**15
"""Beyond it (on either side) nothing counts as a number: it would no longer be exact."""
PLACES = 6
"""Decimals that are kept of a calculated number."""

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


def as_number(value: Value) -> int | float | None:
    """The number, or the number that a text says, all of it (``"0012.50"``); else None.

    True and false are no numbers, nor is an empty text: a name without a value is no zero.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        if _NUMBER.fullmatch(value) is None:
            return None
        return float(value) if "." in value else int(value)
    return value if math.isfinite(value) and abs(value) <= MOST_NUMBER else None


def as_text(value: Value) -> str:
    """As it is written: ``2.0`` is ``2``, true is ``true``; a number is never in powers of ten."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return f"{value:.{PLACES}f}".rstrip("0").rstrip(".") if value else "0"
    return str(value)


def as_truth(value: Value) -> bool:
    """False, zero and the empty text are false; all else is true."""
    return bool(value)


def calculated(number: int | float) -> Value:
    """A result as it is kept: whole where it is whole; an empty text where it is no number."""
    if isinstance(number, int):
        return number if abs(number) <= MOST_NUMBER else ""
    if not math.isfinite(number) or abs(number) > MOST_NUMBER:
        return ""
    rounded = round(number, PLACES)
    return int(rounded) if rounded.is_integer() else rounded
