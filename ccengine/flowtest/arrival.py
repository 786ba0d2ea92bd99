"""How a simulated call begins: who calls, what was dialled, when, and what is open then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ccengine.clock import moment
from ccengine.ids import CallId
from ccengine.ivr.model import Data, FlowContext
from ccengine.site.hours import is_holiday, is_open
from ccengine.site.model import Site

CALL_ID = CallId("case")
TIME_ZONE = "Asia/Shanghai"
"""Without a site file."""
MORNING = datetime(2026, 3, 2, 10, 0)
"""A Monday that is no holiday: when a call begins of which nothing else is said."""

_YEARS = range(2000, 2100)


def believable(at: datetime) -> datetime:
    """As it is. Raises ValueError for a time at which no call is."""
    if at.year not in _YEARS:
        raise ValueError(f"no call is in the year {at.year}; write one from 2000 to 2099")
    return at


def written_time(text: str) -> datetime:
    """Raises ValueError for what is no time, or none at which a call is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no time; write it as 2026-10-01T10:00") from None
    return believable(at)


Opening = Literal["open", "closed", "holiday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """``at`` without a zone is the site's local time."""

    ani: str = "13900000000"
    dnis: str = "4001"
    at: datetime = MORNING
    language: str = "zh-CN"
    vip: str = ""
    verified: bool = True
    """The caller's number came by a trusted trunk."""
    customer: Data = field(default_factory=dict)
    """``name``, ``id`` and ``last_agent``; empty: nobody that is known."""
    hours: Mapping[str, Opening] = field(default_factory=dict)
    """Hours of the site file that are taken to be so, whatever the clock says."""


class Calendar:
    """What the site file says of opening hours, and what a case says instead."""

    def __init__(self, site: Site | None, stated: Mapping[str, Opening]) -> None:
        self._site = site
        self._stated = stated

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self._site.time_zone if self._site else TIME_ZONE)

    def clock(self, at: datetime) -> float:
        """The clock reading of a moment."""
        aware = at if at.tzinfo is not None else at.replace(tzinfo=self.zone)
        return aware.astimezone(UTC).timestamp()

    def is_open(self, hours: str, now: float) -> bool:
        """Hours that nobody has written down are open, as on the phone."""
        if hours in self._stated:
            return self._stated[hours] == "open"
        found = self._site.hours.get(hours) if self._site else None
        if found is None or self._site is None:
            return True
        return is_open(found, self._site.time_zone, moment(now))

    def is_holiday(self, hours: str, now: float) -> bool:
        if hours in self._stated:
            return self._stated[hours] == "holiday"
        found = self._site.hours.get(hours) if self._site else None
        if found is None or self._site is None:
            return False
        return is_holiday(found, self._site.time_zone, moment(now))


def context_of(arrival: Arrival, calendar: Calendar) -> FlowContext:
    """What the flow may know of such a call."""
    known = arrival.customer
    return FlowContext(
        call_id=CALL_ID,
        ani=arrival.ani,
        dnis=arrival.dnis,
        vip_level=arrival.vip,
        language=arrival.language,
        is_open=calendar.is_open,
        is_holiday=calendar.is_holiday,
        time_zone=calendar.zone.key,
        ani_verified=arrival.verified,
        customer={
            "customer.known": bool(known),
            "customer.id": known.get("id", ""),
            "customer.name": known.get("name", ""),
            "customer.last_agent": known.get("last_agent", ""),
        },
    )
