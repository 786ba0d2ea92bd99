"""The route of the agent's page: from a login to its socket."""

from __future__ import annotations

from aiohttp import web

from ccengine.desk.sockets import serve_page
from ccengine.web.access import AGENTS, Route, signed_in
from ccengine.web.answers import Refused
from ccengine.web.parts import WebParts
from ccengine.web.sockets import login_watch, websocket


def desk_routes(parts: WebParts) -> list[Route]:
    async def desk(request: web.Request) -> web.StreamResponse:
        login = signed_in(request)
        agent_id = login.agent_id
        if agent_id is None or agent_id not in parts.site().agents:
            raise Refused(403, "agent.unknown", "This account belongs to no agent of the site.")
        return await serve_page(
            websocket(request),
            parts.desk,
            lambda: parts.desk.open(agent_id, login.session_id),
            login_watch(parts, login),
        )

    return [
        Route(
            method="GET",
            path="/ws/desk",
            who=AGENTS,
            answer=desk,
            deadline_s=None,
            checks_origin=True,
        )
    ]
