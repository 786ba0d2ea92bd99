"""What an agent's page may ask: checked against the site, then put to the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from ccengine.desk.door import Door
from ccengine.desk.messages import (
    DispositionChosen,
    MoreWrapUpAsked,
    NotReadyAsked,
    ReadyAsked,
)
from ccengine.ids import AgentId, CallId
from ccengine.site.model import Site

Request = ReadyAsked | NotReadyAsked | MoreWrapUpAsked | DispositionChosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why not: a stable id and a sentence."""

    error_id: str
    message: str


def carry_out(request: Request, agent_id: AgentId, door: Door, site: Site) -> Refusal | None:
    """Put the request to the door; its effect comes back as a new state. None: accepted."""
    view = door.view(agent_id)
    if view is None:
        return Refusal(error_id="agent.unknown", message="The site has no such agent any more.")
    match request:
        case ReadyAsked():
            door.ready(agent_id)
        case NotReadyAsked():
            if request.reason not in site.not_ready_reasons:
                return Refusal(error_id="reason.unknown", message="There is no such reason.")
            door.not_ready(agent_id, request.reason)
        case MoreWrapUpAsked():
            if view.extensions_left == 0:
                return Refusal(error_id="wrap_up.no_more", message="It cannot be made longer.")
            door.extend_wrap_up(agent_id)
        case DispositionChosen():
            if request.disposition not in site.dispositions:
                return Refusal(
                    error_id="disposition.unknown", message="There is no such disposition."
                )
            call_id = CallId(request.call_id)
            if not door.set_disposition(agent_id, call_id, request.disposition, request.note):
                return Refusal(
                    error_id="call.unknown", message="This is not a call you have talked with."
                )
        case _:
            assert_never(request)
    return None
