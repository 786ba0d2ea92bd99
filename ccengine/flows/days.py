"""The days of a site, each from its midnight to the next."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MOST_DAYS = 31


def day_bounds(now: datetime, time_zone: str, days: int) -> tuple[datetime, ...]:
    """The midnights of the last ``days`` days there, today included, and the one to come."""
    local = now.astimezone(ZoneInfo(time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    # Reckoned by the wall clock: where clocks change, a day has 23 or 25 hours.
    return tuple(midnight + timedelta(days=day) for day in range(1 - days, 2))
