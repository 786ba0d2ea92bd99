"""Which outside numbers flows may connect callers with: none, until the site file says so.

Whoever rings us may have a say in the number (keys, the answer of an outside system), and every
call out is at the site's cost. So a number is dialled when all of this allows it, and refused
otherwise with a reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ccengine.site.part import Part, Word

Prefix = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
Why = Literal[
    "", "none_allowed", "not_allowed", "closed", "too_many", "too_many_today", "number_too_often"
]
"""Why a number is refused; empty: it is not."""


class Transfers(Part):
    """The allow-list of outside numbers, and what may be spent on them."""

    trunk: Word
    """Over which they are called; it needs ``outbound``."""
    allowed: Annotated[tuple[Prefix, ...], Field(min_length=1, max_length=100)]
    """Prefixes, read as those of a trunk; nothing else is dialled."""
    most_at_once: Annotated[int, Field(ge=1, le=1_000)] = 5
    per_day: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Calls out on one day of the site's time zone, answered or not."""
    per_number: Annotated[int, Field(ge=1, le=10_000)] = 10
    """Of these to one number."""
    longest: Annotated[float, Field(ge=60, le=14_400)] = 3_600.0
    """Seconds of a talk; then Asterisk ends it."""
    hours: Word | None = None
    """Only within these; null: at all times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What has been called out by now."""

    today: Collection[str]
    """Each number as often as it was called."""
    at_once: int


def over_a_limit(rules: Transfers, number: str, spent: Spent) -> Why:
    """The first limit that one more call to this number would break."""
    if spent.at_once >= rules.most_at_once:
        return "too_many"
    if len(spent.today) >= rules.per_day:
        return "too_many_today"
    if sum(called == number for called in spent.today) >= rules.per_number:
        return "number_too_often"
    return ""
