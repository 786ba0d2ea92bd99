"""Public holidays of China and the working days that make up for them, as the State Council sets.

It does so each November for the year that follows; the library behind it is brought up to date
then. A year that it does not know has no holidays here, never the wrong ones.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import lru_cache

import chinese_calendar

_FIRST_YEAR = 2004
_SATURDAY = 5


class Day(Enum):
    """What the calendar makes of a day."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    """A Saturday or Sunday that is worked."""
    ORDINARY = "ordinary"
    UNKNOWN = "unknown"
    """Nothing is known of its year."""


@lru_cache(maxsize=1_024)
def china(day: date) -> Day:
    """What this day is in mainland China."""
    if not is_known(day.year):
        return Day.UNKNOWN
    free, holiday = chinese_calendar.get_holiday_detail(day)
    if holiday is None:  # also Saturdays and Sundays as they always are
        return Day.ORDINARY
    if free:
        return Day.HOLIDAY
    return Day.MAKE_UP if day.weekday() >= _SATURDAY else Day.ORDINARY


@lru_cache(maxsize=64)
def is_known(year: int) -> bool:
    """Whether the whole year's holidays are known: National Day among them."""
    try:
        _, holiday = chinese_calendar.get_holiday_detail(date(year, 10, 1))
    except NotImplementedError:
        return False
    return holiday is not None


@lru_cache(maxsize=1)
def last_known_year() -> int:
    """The latest year whose holidays are known."""
    year = _FIRST_YEAR
    while is_known(year + 1):
        year += 1
    return year
