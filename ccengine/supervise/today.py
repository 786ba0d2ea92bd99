"""Today's figures beside the live ones: from the report, now and then, while somebody watches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from ccengine.clock import Clock, moment
from ccengine.reports.period import day_start
from ccengine.reports.queues import QueueReport
from ccengine.site.model import Site

log = structlog.get_logger(__name__)

EVERY_S = 30.0
SHARE = 20
"""A report over a long day takes long: so many times as long passes before the next."""
WITHIN_S = 20.0


class Reports(Protocol):
    async def queues(self, since: datetime, until: datetime) -> QueueReport: ...


class Today:
    """``report`` is the last that was made; None before there is one."""

    def __init__(self, reports: Reports, site: Callable[[], Site], clock: Clock) -> None:
        self._reports = reports
        self._site = site
        self._clock = clock
        self.watched = asyncio.Event()
        self.report: QueueReport | None = None

    async def run(self, changed: Callable[[], None]) -> None:
        """For as long as the engine runs; ``changed`` is told of each new report."""
        loop = asyncio.get_running_loop()
        while True:
            await self.watched.wait()
            began = loop.time()
            await self._make()
            changed()
            await asyncio.sleep(max(EVERY_S, SHARE * (loop.time() - began)))

    async def _make(self) -> None:
        until = moment(self._clock.now())
        zone = ZoneInfo(self._site().time_zone)
        since = day_start(until.astimezone(zone).date(), zone)
        try:
            async with asyncio.timeout(WITHIN_S):
                self.report = await self._reports.queues(since, until)
        except Exception:
            # A database that is away leaves the live figures as they are; old ones of today would
            # be taken for new.
            log.warning("floor.today_unknown", exc_info=True)
            self.report = None
