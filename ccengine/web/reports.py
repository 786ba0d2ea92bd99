"""The reports for a stretch of time; without one, today by the site's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import AwareDatetime, Field, TypeAdapter

from ccengine.clock import moment
from ccengine.reports.body import report_body, survey_body
from ccengine.site.model import Language
from ccengine.web.access import OVERSEERS, Route
from ccengine.web.answers import Refused, json_answer, query
from ccengine.web.parts import WebParts
from ccengine.wire import Said

LONGEST = timedelta(days=400)


class ReportAsked(Said):
    since: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = Field(default=None, alias="to")
    language: Language | None = None
    """Of the formulas; titles come in all languages."""


_REPORT = TypeAdapter(ReportAsked)


def report_routes(parts: WebParts) -> list[Route]:
    def asked_for(request: web.Request) -> tuple[ReportAsked, datetime, datetime]:
        asked = query(request, _REPORT)
        until = asked.until or moment(parts.clock.now())
        since = asked.since or midnight(until, parts.site().time_zone)
        if not timedelta() < until - since <= LONGEST:
            raise Refused(400, "request.invalid", "from: before to, by at most 400 days")
        return asked, since, until

    async def queues(request: web.Request) -> web.StreamResponse:
        asked, since, until = asked_for(request)
        report = await parts.reports.queues(since, until)
        language = asked.language or parts.site().languages[0]
        return json_answer(report_body(report, language))

    async def surveys(request: web.Request) -> web.StreamResponse:
        _, since, until = asked_for(request)
        return json_answer(survey_body(await parts.reports.surveys(since, until)))

    return [
        Route(method="GET", path=f"/api/report/{name}", who=OVERSEERS, answer=answer, deadline_s=30)
        for name, answer in (("queues", queues), ("surveys", surveys))
    ]


def midnight(until: datetime, time_zone: str) -> datetime:
    """The beginning of that day there."""
    local = until.astimezone(ZoneInfo(time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
