"""Why a call went to whom it went: for supervisors, since it tells of agents and other callers."""

from __future__ import annotations

from aiohttp import web

from ccengine.replay.asked import WhyBusyError, WhyFailedError, WhyUnknownError
from ccengine.web.access import OVERSEERS, Route
from ccengine.web.answers import Refused
from ccengine.web.calls import own_call
from ccengine.web.parts import WebParts

DEADLINE_S = 30.0
"""More than the replay's own."""
SPAN_S = 60.0
"""Clocks of dialplan and engine differ by a second or so; files are chosen with this to spare."""


def why_routes(parts: WebParts) -> list[Route]:
    async def why(request: web.Request) -> web.StreamResponse:
        record = await own_call(parts, request)
        if parts.why is None:
            raise _unknown()
        until = None if record.ended_at is None else record.ended_at + SPAN_S
        try:
            body = await parts.why.ask(record.call_id, record.arrived_at - SPAN_S, until)
        except WhyUnknownError:
            raise _unknown() from None
        except WhyBusyError:
            raise Refused(
                503, "server.busy", "Others are asking; try again.", {"Retry-After": "5"}
            ) from None
        except WhyFailedError:
            raise Refused(
                503, "why.failed", "The journal of that time cannot be replayed; see the log."
            ) from None
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    return [
        Route(
            method="GET",
            path="/api/calls/{call_id}/why",
            who=OVERSEERS,
            answer=why,
            deadline_s=DEADLINE_S,
        )
    ]


def _unknown() -> Refused:
    return Refused(
        404,
        "why.unknown",
        "The call was in no queue, or the ACD's journal of that time is no longer kept.",
    )
