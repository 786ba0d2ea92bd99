"""What digits that a caller keys in may be: their number, and what they stand for. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from ccengine.ivr.model import StepPart
from ccengine.ivr.patterns import Pattern

MOST_DIGITS = 32

Count = Annotated[int, Field(ge=1, le=MOST_DIGITS)]


class HowMany(StepPart):
    least: Count = 1
    most: Count

    @model_validator(mode="after")
    def _least_first(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is more than most; exchange them")
        return self


def _exactly(value: object) -> object:
    """``digits: 8`` is short for ``digits: {least: 8, most: 8}``."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return {"least": value, "most": value} if whole else value


HowManyField = Annotated[HowMany, BeforeValidator(_exactly)]


class Between(StepPart):
    """Of the number that the digits make."""

    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _least_first(self) -> Self:
        if self.least > self.most:
            raise ValueError("least is more than most; exchange them")
        return self


class DateCheck(StepPart):
    """``when`` is seen from today, in the site's time zone; today itself is both."""

    format: Literal["yyyymmdd", "ddmmyyyy", "yymm", "mmyy", "mmdd"]
    """``mmyy`` and ``yymm``: a month of 2000 to 2099, such as a card's last one."""
    when: Literal["past", "future"] | None = None

    @model_validator(mode="after")
    def _has_a_year(self) -> Self:
        if self.when is not None and self.format == "mmdd":
            raise ValueError("a day without a year comes every year; leave `when` out")
        return self


class DigitsCheck(StepPart):
    """All that is written here must hold."""

    pattern: Pattern | None = None
    luhn: bool = False
    """The last digit checks the others, as on payment cards."""
    date: DateCheck | None = None
    id_card: bool = False
    """A Chinese resident's identity number; its X is keyed in as a star."""
    number: Between | None = None

    def holds(self, digits: str, now: float, time_zone: str) -> bool:
        """``now``: Unix time."""
        today = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(time_zone)).date()
        return (
            (self.pattern is None or self.pattern.matches(digits))
            and (not self.luhn or luhn(digits))
            and (self.date is None or date_holds(digits, self.date, today))
            and (not self.id_card or id_card(digits, today))
            and (self.number is None or in_range(digits, self.number))
        )


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right doubled, the sum of all a round ten.

    Zeros alone would pass, and are nobody's number.
    """
    if not _plain(digits) or not digits.strip("0"):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")


def id_card(digits: str, today: date) -> bool:
    """GB 11643: province, a day of birth that has been, and the check sign over all 17 digits."""
    if len(digits) != 18 or not _plain(digits[:17]) or not _PROVINCES.match(digits):
        return False
    born = _day(digits[6:14], "yyyymmdd")
    if born is None or born.year < 1900 or born > today:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return digits[17] == _CHECK_SIGNS[total % 11]


def date_holds(digits: str, check: DateCheck, today: date) -> bool:
    if len(digits) != len(check.format) or not _plain(digits):
        return False
    day = _day(digits, check.format)
    if day is None:
        return False
    if "d" not in check.format:
        today = today.replace(day=1)  # a month is not over before its end
    if check.when == "past":
        return day <= today
    return check.when is None or day >= today


def in_range(digits: str, between: Between) -> bool:
    return _plain(digits) and between.least <= int(digits) <= between.most


def _day(digits: str, form: str) -> date | None:
    def part(sign: str, otherwise: int) -> int:
        text = "".join(digit for digit, place in zip(digits, form, strict=True) if place == sign)
        return int(text) if text else otherwise

    year = part("y", 2000)  # the 29th of February is a day of some year
    try:
        return date(year + 2000 if year < 100 else year, part("m", 1), part("d", 1))
    except ValueError:
        return None


def _plain(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal()
