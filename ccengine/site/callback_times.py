"""Times at which a caller may choose to be called back, in the short form of the site file.

``in 30m`` and ``in 2h`` count from the choice; ``today 16:30`` and ``tomorrow 09:00`` are clock
times of the site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PATTERN = (
    r"^(in (15|30|45)m|in ([1-9]|1[0-9]|2[0-4])h"
    r"|(today|tomorrow) ([01][0-9]|2[0-3]):[0-5][05])$"
)
MOST = 5
SOONEST_S = 60.0
"""A time that is nearer is over before the caller has hung up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTime:
    """Either ``after_minutes``, or a clock time so many days ahead."""

    after_minutes: int = 0
    days: int = 0
    hour: int = 0
    minute: int = 0

    def at(self, now: datetime, time_zone: str) -> datetime:
        """The moment meant by who chooses it now (aware). A clock set forward moves it on."""
        if self.after_minutes:
            return now + timedelta(minutes=self.after_minutes)
        zone = ZoneInfo(time_zone)
        day = now.astimezone(zone).date() + timedelta(days=self.days)
        return datetime(day.year, day.month, day.day, self.hour, self.minute, tzinfo=zone)


def callback_time(text: str) -> CallbackTime:
    """Raises ValueError for what is not in the short form."""
    if not re.fullmatch(PATTERN, text, re.ASCII):
        raise ValueError(f"{text!r} is no time for a callback; write in 30m, in 2h, today 16:30")
    first, rest = text.split(" ")
    if first == "in":
        return CallbackTime(after_minutes=int(rest[:-1]) * (60 if rest.endswith("h") else 1))
    hour, minute = map(int, rest.split(":"))
    return CallbackTime(days=int(first == "tomorrow"), hour=hour, minute=minute)
