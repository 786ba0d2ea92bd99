"""Who may use which route. A route that says nothing is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from ccengine.accounts.model import Role, SignedIn

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

ANYONE: None = None
LOGGED_IN = frozenset(Role)
OVERSEERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
AGENTS = frozenset({Role.AGENT})

SIGNED_IN = web.RequestKey("signed_in", SignedIn)
"""Where the guard leaves the login it has found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the route table."""

    method: str
    path: str
    who: frozenset[Role] | None
    answer: Answer
    deadline_s: float | None = 10.0
    """None: it lasts as long as it lasts, and bounds itself."""
    checks_origin: bool = False
    """For WebSockets: browsers send them from any page, with our cookie."""


def signed_in(request: web.Request) -> SignedIn:
    """The login behind a request; only on routes that need one."""
    return request[SIGNED_IN]
