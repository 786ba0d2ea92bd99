"""Messages that callers left in their flows, as sound; what is known of them is in their facts."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from ccengine.journal.facts import MessageLeft
from ccengine.web.access import OVERSEERS, Route, signed_in
from ccengine.web.answers import Refused
from ccengine.web.calls import own_call, readable
from ccengine.web.parts import WebParts

log = structlog.get_logger(__name__)


def message_routes(parts: WebParts) -> list[Route]:
    async def message(request: web.Request) -> web.StreamResponse:
        record = await own_call(parts, request)
        facts = await parts.facts.of_call(record.call_id)
        left = [fact for fact in facts if isinstance(fact, MessageLeft)]
        number = request.match_info["number"]
        path = left[int(number) - 1].path if number in _numbers(left) else ""
        file = await asyncio.to_thread(readable, parts.messages, path)
        if file is None:
            raise Refused(404, "message.unknown", "This call has no such message.")
        login = signed_in(request)
        log.info("message.opened", call_id=record.call_id, username=login.username)
        return web.FileResponse(file, headers={"Content-Type": "audio/wav"})

    return [
        Route(
            method="GET",
            path="/api/calls/{call_id}/messages/{number}",
            who=OVERSEERS,
            answer=message,
            deadline_s=600,
        )
    ]


def _numbers(left: list[MessageLeft]) -> tuple[str, ...]:
    """``1`` is the first ``message.left`` of the call's story."""
    return tuple(str(number) for number in range(1, len(left) + 1))
