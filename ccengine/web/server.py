"""The web server: every route with who may use it, and the bounds on what comes in."""

from __future__ import annotations

from aiohttp import web

from ccengine.web.access import Route
from ccengine.web.calls import call_routes
from ccengine.web.desk import desk_routes
from ccengine.web.errors import errors
from ccengine.web.floor import floor_routes
from ccengine.web.flows import flow_routes
from ccengine.web.guard import guard
from ccengine.web.headers import add_headers
from ccengine.web.health import health_routes
from ccengine.web.knowledge import knowledge_routes
from ccengine.web.login import login_routes
from ccengine.web.messages import message_routes
from ccengine.web.pages import Pages
from ccengine.web.parts import WebParts
from ccengine.web.reports import report_routes
from ccengine.web.why import why_routes

LARGEST_BODY = 64 * 1024
IDLE_CONNECTION_S = 30.0
LARGEST_HEADER = 8 * 1024
SHUTDOWN_S = 5.0


def route_table(parts: WebParts) -> list[Route]:
    """All routes; the order matters only for those with a name in their path."""
    return [
        *login_routes(parts),
        *report_routes(parts),
        *call_routes(parts),
        *message_routes(parts),
        *why_routes(parts),
        *flow_routes(parts),
        *knowledge_routes(parts),
        *desk_routes(parts),
        *floor_routes(parts),
        *health_routes(parts.health),
        *Pages(parts.static).routes(),
    ]


def build_app(parts: WebParts) -> web.Application:
    """The application, ready for ``make_runner``; stopping it sends the pages away first."""
    table: dict[web.AbstractRoute, Route] = {}
    app = web.Application(
        middlewares=[errors, guard(table, parts.logins, parts.origins)],
        client_max_size=LARGEST_BODY,
    )
    for route in route_table(parts):
        table[app.router.add_route(route.method, route.path, route.answer)] = route

    async def send_pages_away(_: web.Application) -> None:
        parts.desk.close()
        parts.live.close()

    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(send_pages_away)
    return app


def make_runner(app: web.Application) -> web.AppRunner:
    """The runner with bounds: aiohttp's own let a connection without a request stand for an hour.

    A connection whose headers are not complete in ``IDLE_CONNECTION_S`` seconds is closed.
    """
    return web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=IDLE_CONNECTION_S,
        max_line_size=LARGEST_HEADER,
        max_field_size=LARGEST_HEADER,
        shutdown_timeout=SHUTDOWN_S,
    )
