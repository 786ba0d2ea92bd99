"""Hours that are really on the clock and in the calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ccengine.site.holidays import is_known, last_known_year
from ccengine.site.hours import minutes_of
from ccengine.site.model import Site
from ccengine.site.written import Written
from ccengine.yamlsource.model import Document, KeyPath, Problem

_AHEAD_DAYS = 45
"""So early a year without holidays is told: those of the next one are known by then."""
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
        _check_make_up(site, name)


def _check_make_up(site: Written, name: str) -> None:
    """Make-up working days need hours to work."""
    week = site.keys("hours", name, "week")
    day = site.text("hours", name, "make_up") or "mon"
    if site.text("hours", name, "holidays") is None or not week:
        return
    if day not in week or site.is_empty_list("hours", name, "week", day):
        message = f"make-up working days take the hours of {day!r}, and the week has none"
        cure = "add `make_up:` with a weekday that is worked"
        site.wrong(("hours", name), message, cure)


def unknown_years(document: Document, site: Site, today: date) -> list[Problem]:
    """Said aloud for hours with holidays: a year that is near has none that are known."""
    near = today + timedelta(days=_AHEAD_DAYS)
    year = next((year for year in (today.year, near.year) if not is_known(year)), None)
    if year is None:
        return []
    return [
        document.problem(
            ("hours", name, "holidays"),
            f"the public holidays of {year} are not known yet, and its days go by the week",
            "bring ccengine up to date once they are announced (in November), or write them as "
            f"`days` (known: until {last_known_year()})",
        )
        for name, hours in site.hours.items()
        if hours.holidays is not None
    ]


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
