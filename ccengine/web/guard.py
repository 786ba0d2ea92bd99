"""The guard before every handler: who may, from where, and for how long."""

from __future__ import annotations

import asyncio
from hmac import compare_digest

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ccengine.accounts.sessions import WebSessions
from ccengine.web.access import SIGNED_IN, Route
from ccengine.web.answers import Refused

log = structlog.get_logger(__name__)

COOKIE = "cc_session"
CSRF_HEADER = "X-CSRF-Token"
LET_IN_S = 8.0
_CHANGES_NOTHING = {"GET", "HEAD", "OPTIONS"}


def guard(
    table: dict[web.AbstractRoute, Route], logins: WebSessions, origins: frozenset[str]
) -> Middleware:
    """Lets through what the route table allows; a route that is not in it is refused to all."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.http_exception is not None:
            return await handler(request)  # no such path or method: aiohttp says so itself
        route = table.get(request.match_info.route)
        if route is None:
            log.error("web.route_without_access", method=request.method, path=request.path)
            raise Refused(403, "access.refused", "Nobody may do this.")
        if route.checks_origin and request.headers.get("Origin", "") not in origins:
            raise Refused(403, "origin.refused", "Not from this page.")
        try:
            async with asyncio.timeout(route.deadline_s) as deadline:
                if route.who is not None:
                    await _let_in(request, route, logins)
                return await handler(request)
        except TimeoutError:
            if not deadline.expired():
                raise
            log.warning("web.timed_out", method=request.method, path=request.path)
            raise Refused(503, "server.timed_out", "This took too long; try again.") from None

    return guarded


async def _let_in(request: web.Request, route: Route, logins: WebSessions) -> None:
    try:
        async with asyncio.timeout(LET_IN_S):
            login = await logins.find(request.cookies.get(COOKIE, ""))
    except TimeoutError:
        raise Refused(503, "server.timed_out", "This took too long; try again.") from None
    if login is None:
        raise Refused(401, "login.required", "Log in first.")
    if route.who is None or login.role not in route.who:
        raise Refused(403, "access.refused", "Your role may not do this.")
    if request.method not in _CHANGES_NOTHING:
        given = request.headers.get(CSRF_HEADER, "").encode("utf-8", "replace")
        if not compare_digest(given, login.csrf.encode()):
            raise Refused(403, "csrf.refused", "This page is out of date; load it again.")
    request[SIGNED_IN] = login
