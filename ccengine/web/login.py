"""Logging in and out, and who one is."""

from __future__ import annotations

from math import ceil
from typing import Annotated

import structlog
from aiohttp import web
from pydantic import Field, TypeAdapter

from ccengine.accounts.model import LONGEST_PASSWORD, SignedIn, TooManyGuessesError
from ccengine.accounts.throttle import GuessLimit
from ccengine.site.model import Site
from ccengine.web.access import ANYONE, LOGGED_IN, Route, signed_in
from ccengine.web.answers import Refused, body, json_answer
from ccengine.web.guard import COOKIE
from ccengine.web.parts import WebParts
from ccengine.wire import Said

log = structlog.get_logger(__name__)


class LoginAsked(Said):
    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD)]


_LOGIN = TypeAdapter(LoginAsked)


def login_routes(parts: WebParts) -> list[Route]:
    guesses = GuessLimit(parts.clock)

    async def log_in(request: web.Request) -> web.StreamResponse:
        asked = await body(request, _LOGIN)
        username = asked.username.strip().lower()
        address = address_of(request, parts.trusted_proxies)
        try:
            guesses.take(username, address)
        except TooManyGuessesError as late:
            log.warning("login.throttled", address=address)
            wait = {"Retry-After": str(ceil(late.retry_s))}
            raise Refused(429, "login.throttled", "Too many tries; wait.", wait) from None
        account = await parts.accounts.verify(username, asked.password)
        if account is None:
            log.info("login.refused", address=address)
            raise Refused(401, "login.refused", "Username or password is wrong.")
        guesses.forgive(username, address)
        login = await parts.logins.open(account, instead_of=request.cookies.get(COOKIE, ""))
        log.info("login.accepted", username=username, role=account.role.value, address=address)
        answer = json_answer(me_of(login.signed_in, parts.site()))
        answer.set_cookie(
            COOKIE, login.token, path="/", httponly=True, samesite="Strict", secure=parts.https
        )
        return answer

    async def log_out(request: web.Request) -> web.StreamResponse:
        login = signed_in(request)
        if login.agent_id is not None:
            parts.desk.log_out(login.agent_id, login.session_id)
        await parts.logins.close(login.session_id)
        answer = web.Response(status=204)
        answer.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=parts.https)
        return answer

    async def me(request: web.Request) -> web.StreamResponse:
        return json_answer(me_of(signed_in(request), parts.site()))

    return [
        Route(method="POST", path="/api/login", who=ANYONE, answer=log_in),
        Route(method="POST", path="/api/logout", who=LOGGED_IN, answer=log_out),
        Route(method="GET", path="/api/me", who=LOGGED_IN, answer=me),
    ]


def me_of(login: SignedIn, site: Site) -> dict[str, object]:
    """``Me`` of docs/API.md: who is logged in, and the site's words that pages show."""
    return {
        "username": login.username,
        "name": login.name,
        "role": login.role,
        "agent_id": login.agent_id,
        "csrf": login.csrf,
        "site": {
            "name": site.name,
            "languages": list(site.languages),
            "queues": {id_: queue.title for id_, queue in site.queues.items()},
            "not_ready_reasons": site.not_ready_reasons,
            "dispositions": {id_: one.title for id_, one in site.dispositions.items()},
            "vip_levels": {id_: level.title for id_, level in site.vip_levels.items()},
            "skills": site.skills,
            "agents": {id_: agent.name for id_, agent in site.agents.items()},
        },
    }


def address_of(request: web.Request, trusted_proxies: frozenset[str]) -> str:
    """Who asks: the peer, or, where that is a proxy we trust, the nearest hop that is not."""
    address = request.remote or "unknown"
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while address in trusted_proxies and hops and hops[-1].strip():
        address = hops.pop().strip()
    return address
