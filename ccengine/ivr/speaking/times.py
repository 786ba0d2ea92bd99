"""Dates and times of day in either language, as words."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ccengine.ivr.speaking import chinese, english
from ccengine.ivr.speaking.numbers import ENGLISH
from ccengine.ivr.waits import Value

_PARTS_OF_A_DAY = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)
_YEARS = range(1900, 2100)


def _part_of_day(hour: int) -> str:
    return next(name for until, name in _PARTS_OF_A_DAY if hour < until)


def day(value: Value, language: str, time_zone: str) -> tuple[str, ...] | None:
    """``2026-10-01``, with or without a time: 二零二六年十月一日, October first, twenty twenty-six.

    A moment with an offset is a day in ``time_zone``. None for what is no day from 1900 to 2099.
    """
    if not isinstance(value, str):
        return None
    read = _date(value, time_zone)
    if read is None or read.year not in _YEARS:
        return None
    if language == ENGLISH:
        return (_MONTHS[read.month - 1], english.ordinal(read.day), *_english_year(read.year))
    year = (chinese.DIGITS[int(digit)] for digit in str(read.year))
    return (*year, "年", _month(read.month), f"{chinese.below_hundred(read.day)}日")


def clock(value: Value, language: str, time_zone: str) -> tuple[str, ...] | None:
    """``14:05``, or the time of a moment: 下午两点零五分, two oh five p.m."""
    if not isinstance(value, str):
        return None
    read = _time(value, time_zone)
    if read is None:
        return None
    return time_of_day(read, language)


def time_of_day(at: time, language: str) -> tuple[str, ...]:
    if language == ENGLISH:
        return tuple(_english_clock(at))
    said = [_part_of_day(at.hour), _hour(at.hour)]
    if at.minute == 30:
        said.append("半")
    elif at.minute:
        said += ["零"] if at.minute < 10 else []
        said.append(f"{chinese.below_hundred(at.minute)}分")
    return tuple(said)


def all_days(language: str) -> tuple[str, ...]:
    days = range(1, 32)
    if language == ENGLISH:
        years = {word for year in _YEARS for word in _english_year(year)}
        return (*_MONTHS, *(english.ordinal(day) for day in days), *sorted(years))
    months = (_month(month) for month in range(1, 13))
    return (*chinese.DIGITS, "年", *months, *(f"{chinese.below_hundred(day)}日" for day in days))


def all_clocks(language: str) -> tuple[str, ...]:
    if language == ENGLISH:
        every = (time(hour, minute) for hour in range(24) for minute in range(60))
        return tuple(dict.fromkeys(word for at in every for word in _english_clock(at)))
    return (
        *(name for _, name in _PARTS_OF_A_DAY),
        *(_hour(hour) for hour in range(13)),
        *(f"{chinese.below_hundred(minute)}分" for minute in range(1, 60)),
        *("半", "零"),
    )


def _month(month: int) -> str:
    return f"{chinese.below_hundred(month)}月"


def _hour(hour: int) -> str:
    """Hours are counted: 两点; midnight is 零点."""
    hour = hour if hour <= 12 else hour - 12
    return f"{'两' if hour == 2 else chinese.below_hundred(hour)}点"


def _english_year(year: int) -> tuple[str, ...]:
    century, rest = divmod(year, 100)
    if 2000 <= year <= 2009:
        return ("two thousand", *(("and", english.below_hundred(rest)) if rest else ()))
    if not rest:
        return (english.below_hundred(century), "hundred")
    oh = ("oh",) if rest < 10 else ()
    return (english.below_hundred(century), *oh, english.below_hundred(rest))


def _english_clock(at: time) -> list[str]:
    said = [english.below_hundred((at.hour + 11) % 12 + 1)]
    if at.minute:
        said += ["oh"] if at.minute < 10 else []
        said.append(english.below_hundred(at.minute))
    return [*said, "a.m." if at.hour < 12 else "p.m."]


def _moment(value: str, time_zone: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(value)
        return read.astimezone(ZoneInfo(time_zone)) if read.tzinfo is not None else read
    except (ValueError, OverflowError, KeyError):
        return None


def _date(value: str, time_zone: str) -> date | None:
    if not _DATE.fullmatch(value):
        moment = _moment(value, time_zone) if len(value) > 10 else None
        return moment.date() if moment is not None else None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _time(value: str, time_zone: str) -> time | None:
    found = _TIME.fullmatch(value)
    if found is None:
        moment = _moment(value, time_zone) if len(value) > 10 else None
        return moment.time() if moment is not None else None
    hour, minute = int(found[1]), int(found[2])
    return time(hour, minute) if hour < 24 and minute < 60 else None
