"""The route of the live queues: from a supervisor's login to its socket."""

from __future__ import annotations

from aiohttp import web

from ccengine.desk.sockets import serve_page
from ccengine.web.access import OVERSEERS, Route, signed_in
from ccengine.web.parts import WebParts
from ccengine.web.sockets import login_watch, websocket


def floor_routes(parts: WebParts) -> list[Route]:
    async def floor(request: web.Request) -> web.StreamResponse:
        login = signed_in(request)
        return await serve_page(
            websocket(request),
            parts.live,
            lambda: parts.live.open(login.username),
            login_watch(parts, login),
        )

    return [
        Route(
            method="GET",
            path="/ws/floor",
            who=OVERSEERS,
            answer=floor,
            deadline_s=None,
            checks_origin=True,
        )
    ]
