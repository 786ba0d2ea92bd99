"""Hours that are really on the clock and in the calendar."""

from __future__ import annotations

import re
from datetime import date

from ccengine.site.hours import minutes_of
from ccengine.site.written import Written
from ccengine.yamlsource.model import KeyPath

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def check_hours(site: Written) -> None:
    """Ranges in order and apart, dates that exist."""
    for name in site.keys("hours"):
        for day in site.keys("hours", name, "week"):
            _check_day(site, ("hours", name, "week", day))
        for day in site.keys("hours", name, "days"):
            path = ("hours", name, "days", day)
            if not _is_date(day):
                site.wrong_key(path, f"{day!r} is no date", 'write it like "2026-10-01"')
            _check_day(site, path)


def _check_day(site: Written, path: KeyPath) -> None:
    taken: list[tuple[int, int, str]] = []
    for here, text in site.texts(*path):
        try:
            start, end = minutes_of(text)
        except ValueError as error:
            message, _, cure = str(error).partition("; ")
            site.wrong(here, message, cure)
            continue
        for other_start, other_end, other in taken:
            if start < other_end and other_start < end:
                site.wrong(here, f"{text} overlaps {other}", "join the two, or part them")
                break
        taken.append((start, end, text))


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
