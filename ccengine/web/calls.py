"""Calls: the list, one call with its facts, its recording. An agent sees its own calls only."""

from __future__ import annotations

import asyncio
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import Field, TypeAdapter

from ccengine.accounts.model import Role, SignedIn
from ccengine.ids import CallId
from ccengine.journal.codec import kind_of
from ccengine.journal.facts import Fact, RecordingStored
from ccengine.web.access import LOGGED_IN, OVERSEERS, Route, signed_in
from ccengine.web.answers import Refused, json_answer, query
from ccengine.web.parts import WebParts
from ccengine.web.ports import CallRecord
from ccengine.wire import Said, iso

log = structlog.get_logger(__name__)

_MOMENTS = {"arrived_at", "queued_at", "answered_at", "ended_at"}
_ROW = (
    *("call_id", "ani", "dnis", "customer_id", "customer_name", "vip_level", "flow", "queue"),
    *("agent_id", "agent_name", "arrived_at", "queued_at", "answered_at", "ended_at", "outcome"),
    *("waited_s", "talk_s", "hold_s", "wrap_up_s", "disposition", "note", "recording"),
    *("pop_latency_ms", "last_step"),
)


class ListAsked(Said):
    limit: Annotated[int, Field(ge=1, le=500)] = 50


_LIST = TypeAdapter(ListAsked)


def call_routes(parts: WebParts) -> list[Route]:
    async def recent(request: web.Request) -> web.StreamResponse:
        login = signed_in(request)
        limit = query(request, _LIST).limit
        if login.role is not Role.AGENT:
            records = await parts.calls.recent(limit)
        elif login.agent_id is not None:
            records = await parts.calls.recent(limit, agent_id=login.agent_id)
        else:
            records = []
        return json_answer({"calls": [row_of(record) for record in records]})

    async def story(request: web.Request) -> web.StreamResponse:
        record = await _own(request)
        facts = await parts.facts.of_call(record.call_id)
        return json_answer({"call": row_of(record), "facts": [fact_of(fact) for fact in facts]})

    async def recording(request: web.Request) -> web.StreamResponse:
        record = await _own(request)
        facts = await parts.facts.of_call(record.call_id)
        stored = [fact for fact in facts if isinstance(fact, RecordingStored)]
        file = await asyncio.to_thread(_readable, parts.recordings, stored)
        if file is None:
            raise Refused(404, "recording.unknown", "This call has no recording.")
        login = signed_in(request)
        log.info("recording.opened", call_id=record.call_id, username=login.username)
        return web.FileResponse(file, headers={"Content-Type": "audio/wav"})

    async def _own(request: web.Request) -> CallRecord:
        call_id = request.match_info["call_id"]
        record = await parts.calls.get(CallId(call_id)) if len(call_id) <= 64 else None
        if record is None or not _may_see(signed_in(request), record):
            raise Refused(404, "call.unknown", "There is no such call.")
        return record

    return [
        Route(method="GET", path="/api/calls", who=LOGGED_IN, answer=recent),
        Route(method="GET", path="/api/calls/{call_id}", who=LOGGED_IN, answer=story),
        Route(
            method="GET",
            path="/api/calls/{call_id}/recording",
            who=OVERSEERS,
            answer=recording,
            deadline_s=600,
        ),
    ]


def row_of(record: CallRecord) -> dict[str, object]:
    """``CallRow`` of docs/API.md."""
    row: dict[str, object] = {}
    for name in _ROW:
        value = getattr(record, name)
        row[name] = iso(value) if name in _MOMENTS else value
    row["recording"] = bool(row["recording"])
    return row


def fact_of(fact: Fact) -> dict[str, object]:
    """A fact with its kind; what ends in ``at`` is a moment."""
    told: dict[str, object] = {"kind": kind_of(fact)}
    for field in fields(fact):
        value = getattr(fact, field.name)
        is_moment = field.name == "at" or field.name.endswith("_at")
        told[field.name] = iso(value) if is_moment else value
    return told


def _may_see(login: SignedIn, record: CallRecord) -> bool:
    if login.role is not Role.AGENT:
        return True
    return login.agent_id is not None and record.agent_id == login.agent_id


def _readable(folder: Path, stored: list[RecordingStored]) -> Path | None:
    if not stored:
        return None
    inside = folder.resolve()
    file = (inside / stored[-1].path).resolve()
    return file if file.is_relative_to(inside) and file.is_file() else None
