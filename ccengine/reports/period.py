"""A period as people say it: days of the site's own calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class BadReportError(ValueError):
    """The text says what is wrong and what is right."""


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of this day there."""
    return datetime.combine(day, time(), zone)


def period(
    start: str | None, end: str | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, datetime]:
    """From and to of ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM`` in this zone; default: today.

    A day as the end is that whole day. Raises BadReportError.
    """
    today = now.astimezone(zone).date()
    since = _moment(start, zone, whole_day=False) if start else day_start(today, zone)
    until = _moment(end, zone, whole_day=True) if end else None
    if until is None:
        until = max(since, day_start(today, zone)) + timedelta(days=1)
        until = day_start(until.astimezone(zone).date(), zone)
    if until <= since:
        raise BadReportError(f"the period ends ({until}) before it begins ({since})")
    return since, until


def _moment(text: str, zone: ZoneInfo, *, whole_day: bool) -> datetime:
    try:
        if len(text) == len("2026-11-22"):
            day = date.fromisoformat(text)
            return day_start(day + timedelta(days=1) if whole_day else day, zone)
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadReportError(f"{text!r} is neither 2026-11-22 nor 2026-11-22T08:30") from None
    return read if read.tzinfo else read.replace(tzinfo=zone)
