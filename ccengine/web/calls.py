"""Calls: the list, one call with its facts, its recording. An agent sees its own calls only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import Field, TypeAdapter

from ccengine.accounts.model import Role, SignedIn
from ccengine.calls.record import CallRecord
from ccengine.ids import CallId, CustomerId
from ccengine.journal.codec import kind_of
from ccengine.journal.facts import CallTransferred, Fact, TransferBegan
from ccengine.site.model import Site
from ccengine.supervise.body import masked
from ccengine.web.access import LOGGED_IN, OVERSEERS, Route, signed_in
from ccengine.web.answers import Refused, json_answer, query
from ccengine.web.parts import WebParts
from ccengine.web.story_titles import flow_titles
from ccengine.wire import Said, iso

log = structlog.get_logger(__name__)


_RANG = (TransferBegan.kind, CallTransferred.kind)
DIGITS_OF_ALL = 7
"""Numbers with so many digits are no extensions."""


class ListAsked(Said):
    limit: Annotated[int, Field(ge=1, le=200)] = 50


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
        names = await _customer_names(records)
        return json_answer({"calls": [row_of(one, names, parts.site()) for one in records]})

    async def story(request: web.Request) -> web.StreamResponse:
        call_id = (await own_call(parts, request)).call_id
        facts = await parts.facts.of_call(call_id)
        # Read after the facts: both are written together, so it is never behind what they tell.
        record = await own_call(parts, request)
        row = row_of(record, await _customer_names([record]), parts.site())
        titles = {} if parts.flows is None else flow_titles(facts, parts.flows.flows)
        agent = signed_in(request).role is Role.AGENT
        told = [_for_agents(fact_of(fact)) if agent else fact_of(fact) for fact in facts]
        return json_answer({"call": row, "facts": told, "flows": titles})

    async def recording(request: web.Request) -> web.StreamResponse:
        record = await own_call(parts, request)
        file = await asyncio.to_thread(readable, parts.recordings, record.recording_path)
        if file is None:
            raise Refused(404, "recording.unknown", "This call has no recording.")
        login = signed_in(request)
        log.info("recording.opened", call_id=record.call_id, username=login.username)
        return web.FileResponse(file, headers={"Content-Type": "audio/wav"})

    async def _customer_names(records: Sequence[CallRecord]) -> dict[CustomerId, str]:
        names = {}
        for customer_id in {record.customer_id for record in records}:
            card = await parts.customers.find(customer_id) if customer_id is not None else None
            if card is not None:
                names[card.customer_id] = card.name
        return names

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


async def own_call(parts: WebParts, request: web.Request) -> CallRecord:
    """The call asked for, if this login may see it. Raises Refused."""
    call_id = request.match_info["call_id"]
    record = await parts.calls.get(CallId(call_id)) if len(call_id) <= 64 else None
    if record is None or not _may_see(signed_in(request), record):
        raise Refused(404, "call.unknown", "There is no such call.")
    return record


def row_of(
    record: CallRecord, customer_names: Mapping[CustomerId, str], site: Site
) -> dict[str, object]:
    """``CallRow`` of docs/API.md. Names are of today; an agent the site forgot keeps its id."""
    agent = site.agents.get(record.agent_id) if record.agent_id is not None else None
    customer = record.customer_id
    return {
        "call_id": record.call_id,
        "ani": record.ani,
        "dnis": record.dnis,
        "customer_id": customer,
        "customer_name": customer_names.get(customer) if customer is not None else None,
        "vip_level": record.vip_level,
        "flow": record.flow,
        "queue": record.queue,
        "agent_id": record.agent_id,
        "agent_name": agent.name if agent is not None else record.agent_id,
        "arrived_at": iso(record.arrived_at),
        "queued_at": iso(record.queued_at),
        "answered_at": iso(record.answered_at),
        "ended_at": iso(record.ended_at),
        "outcome": record.outcome,
        "waited_s": record.waited_s,
        "talk_s": record.talk_s,
        "hold_s": record.hold_s,
        "wrap_up_s": record.wrap_up_s,
        "disposition": record.disposition,
        "note": record.note,
        "recording": bool(record.recording_path),
        "pop_latency_ms": record.pop_latency_ms,
        "last_step": record.last_step,
    }


def fact_of(fact: Fact) -> dict[str, object]:
    """A fact with its kind; what ends in ``at`` is a moment."""
    told: dict[str, object] = {"kind": kind_of(fact)}
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        is_moment = name == "at" or name.endswith("_at")
        told[name] = iso(value) if is_moment else value
    return told


def _for_agents(told: dict[str, object]) -> dict[str, object]:
    """Whom a flow rang outside may be somebody's own mobile: agents see that it was, not whom."""
    number = told.get("to")
    if not isinstance(number, str) or told["kind"] not in _RANG or len(number) < DIGITS_OF_ALL:
        return told
    return {**told, "to": masked(number)}


def _may_see(login: SignedIn, record: CallRecord) -> bool:
    if login.role is not Role.AGENT:
        return True
    return login.agent_id is not None and record.agent_id == login.agent_id


def readable(folder: Path, path: str) -> Path | None:
    """The file, if there is one and it lies inside the folder. Blocks."""
    if not path:
        return None
    inside = folder.resolve()
    file = (inside / path).resolve()
    return file if file.is_relative_to(inside) and file.is_file() else None
