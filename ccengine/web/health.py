"""``/healthz``: for load balancers and containers; never by touching the AGI port."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from ccengine.web.access import ANYONE, Route
from ccengine.web.answers import json_answer
from ccengine.web.ports import Health

log = structlog.get_logger(__name__)

WITHIN_S = 3.0


def health_routes(health: Health) -> list[Route]:
    async def healthz(request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(WITHIN_S):
                parts = dict(await health())
        except Exception:  # who cannot say how it is, is not well
            log.exception("health.failed")
            parts = {"engine": "silent"}
        if all(state == "ok" for state in parts.values()):
            return json_answer({"status": "ok"})
        return json_answer({"status": "degraded", "parts": parts}, status=503)

    return [Route(method="GET", path="/healthz", who=ANYONE, answer=healthz)]
