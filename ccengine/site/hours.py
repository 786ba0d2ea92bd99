"""Is the office open? Weekly hours in the site's own time, and the days on which others hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ccengine.site.holidays import Day, china
from ccengine.site.model import Hours, Weekday

_RANGE = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})", re.ASCII)
_DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = 24 * 60
_LOOK_AHEAD_DAYS = 366


def minutes_of(text: str) -> tuple[int, int]:
    """``"09:00-12:30"`` as minutes of the day, the end excluded.

    Raises ValueError saying what is wrong and, after a semicolon, how to write it.
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no range of clock times; write it like 09:00-18:00")
    hours_from, minutes_from, hours_to, minutes_to = (int(part) for part in found.groups())
    start = hours_from * 60 + minutes_from
    end = hours_to * 60 + minutes_to
    if max(minutes_from, minutes_to) > 59 or max(start, end) > _MIDNIGHT:
        raise ValueError(f"{text!r} is not on the clock; the day runs from 00:00 to 24:00")
    if end <= start:
        raise ValueError(
            f"{text!r} ends before it begins; "
            "split a night at midnight: until 24:00, and from 00:00 of the next day"
        )
    return start, end


def is_open(hours: Hours, time_zone: str, at: datetime) -> bool:
    """Whether it is open at this moment (aware). The minute of closing is closed."""
    local = _aware(at).astimezone(ZoneInfo(time_zone))
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in _ranges(hours, local.date()))


def next_open(hours: Hours, time_zone: str, at: datetime) -> datetime | None:
    """The first moment from ``at`` on at which it is open, in UTC; ``at`` itself when it is open.

    None when it does not open within a year.
    """
    if is_open(hours, time_zone, at):
        return at.astimezone(UTC)
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    for day in _days_from(today):
        for start, _ in _ranges(hours, day):
            local = datetime.combine(day, time(start // 60, start % 60), zone)
            opening = local.astimezone(UTC)
            # A clock set forward can skip a whole range: then that one never opens.
            if opening > at and is_open(hours, time_zone, opening):
                return opening
    return None


def is_holiday(hours: Hours, time_zone: str, at: datetime) -> bool:
    """Whether a public holiday of their calendar is on, open or not; without a calendar none is."""
    if hours.holidays is None:
        return False
    return china(_aware(at).astimezone(ZoneInfo(time_zone)).date()) is Day.HOLIDAY


def never_open(hours: Hours, time_zone: str, at: datetime) -> bool:
    """Whether they do not open within a year from this moment: surely not what was meant."""
    return next_open(hours, time_zone, at) is None


def _ranges(hours: Hours, day: date) -> list[tuple[int, int]]:
    return sorted(minutes_of(text) for text in _written(hours, day))


def _written(hours: Hours, day: date) -> tuple[str, ...]:
    """Exceptional days before the calendar, and it before the week. A year that the calendar does
    not know goes by the week: a caller is rather heard than lost."""
    exceptional = hours.days.get(day.isoformat())
    if exceptional is not None:
        return exceptional
    known = Day.ORDINARY if hours.holidays is None else china(day)
    if known is Day.HOLIDAY:
        return ()
    return hours.week.get(hours.make_up if known is Day.MAKE_UP else _DAYS[day.weekday()], ())


def _days_from(first: date) -> Iterator[date]:
    for ahead in range(_LOOK_AHEAD_DAYS + 1):
        yield first + timedelta(days=ahead)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at
