"""The route of the agent's page: from a login to its socket."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ccengine.desk.sockets import serve_page
from ccengine.web.access import AGENTS, Route, signed_in
from ccengine.web.answers import Refused
from ccengine.web.parts import WebParts

log = structlog.get_logger(__name__)

LOGIN_CHECK_S = 5.0


def desk_routes(parts: WebParts) -> list[Route]:
    async def desk(request: web.Request) -> web.StreamResponse:
        login = signed_in(request)
        if login.agent_id is None or login.agent_id not in parts.site().agents:
            raise Refused(403, "agent.unknown", "This account belongs to no agent of the site.")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise Refused(400, "request.invalid", "This is for a WebSocket.")

        async def still_signed_in(seen: bool) -> bool:
            try:
                async with asyncio.timeout(LOGIN_CHECK_S):
                    found = await parts.logins.check(login.session_id, seen=seen)
            except (DBAPIError, PoolTimeoutError, TimeoutError, OSError):
                # A database that is away for a minute must not take the agents off their calls.
                log.warning("desk.login_unchecked", agent_id=login.agent_id, exc_info=True)
                return True
            return found is not None and found.agent_id == login.agent_id

        return await serve_page(
            request, parts.desk, login.agent_id, login.session_id, still_signed_in
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
