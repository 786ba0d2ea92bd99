"""Messages that callers left in their flows, as sound; what is known of them is in their facts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import AwareDatetime, Field, TypeAdapter

from ccengine.calls.record import CallRecord
from ccengine.clock import moment
from ccengine.journal.facts import MessageLeft
from ccengine.journal.messages import LeftMessage
from ccengine.web.access import OVERSEERS, Route, signed_in
from ccengine.web.answers import Refused, json_answer, query
from ccengine.web.calls import own_call, readable
from ccengine.web.parts import WebParts
from ccengine.wire import Said, iso

log = structlog.get_logger(__name__)


class ListAsked(Said):
    since: AwareDatetime | None = None
    """Without it: the last seven days."""
    mailbox: Annotated[str, Field(max_length=32)] = ""
    before: int | None = None
    """``next`` of the page before."""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


_LIST = TypeAdapter(ListAsked)
_USUAL = timedelta(days=7)


def message_routes(parts: WebParts) -> list[Route]:
    async def listed(request: web.Request) -> web.StreamResponse:
        asked = query(request, _LIST)
        since = asked.since or moment(parts.clock.now()) - _USUAL
        found = await parts.spoken.since(
            since, mailbox=asked.mailbox, before=asked.before, limit=asked.limit + 1
        )
        page = found[: asked.limit]
        rows = [_row(one, await parts.calls.get(one.left.call_id)) for one in page]
        more = page[-1].place if len(found) > len(page) else None
        return json_answer({"messages": rows, "next": more})

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
        Route(method="GET", path="/api/messages", who=OVERSEERS, answer=listed),
        Route(
            method="GET",
            path="/api/calls/{call_id}/messages/{number}",
            who=OVERSEERS,
            answer=message,
            deadline_s=600,
        ),
    ]


def _row(message: LeftMessage, record: CallRecord | None) -> dict[str, object]:
    """``MessageRow`` of docs/API.md; the number of a call that has no record yet is not known."""
    left = message.left
    return {
        "call_id": left.call_id,
        "number": message.number,
        "at": iso(left.at),
        "purpose": left.purpose,
        "mailbox": left.mailbox,
        "duration_s": left.duration_s,
        "ani": None if record is None else record.ani,
    }


def _numbers(left: list[MessageLeft]) -> tuple[str, ...]:
    """``1`` is the first ``message.left`` of the call's story."""
    return tuple(str(number) for number in range(1, len(left) + 1))
