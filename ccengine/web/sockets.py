"""What all WebSockets of pages share on their way in: the upgrade, and the login behind them."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ccengine.accounts.model import SignedIn
from ccengine.desk.sockets import StillSignedIn
from ccengine.web.answers import Refused
from ccengine.web.parts import WebParts

log = structlog.get_logger(__name__)

LOGIN_CHECK_S = 5.0


def websocket(request: web.Request) -> web.Request:
    """The request, which asks for a WebSocket. Raises Refused."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise Refused(400, "request.invalid", "This is for a WebSocket.")
    return request


def login_watch(parts: WebParts, login: SignedIn) -> StillSignedIn:
    """Whether this login, with the same rights, still holds."""

    async def still_signed_in(seen: bool) -> bool:
        try:
            async with asyncio.timeout(LOGIN_CHECK_S):
                found = await parts.logins.check(login.session_id, seen=seen)
        except (DBAPIError, PoolTimeoutError, TimeoutError, OSError):
            # A database that is away for a minute must not take the agents off their calls.
            log.warning("page.login_unchecked", username=login.username, exc_info=True)
            return True
        return found is not None and found.agent_id == login.agent_id and found.role is login.role

    return still_signed_in
