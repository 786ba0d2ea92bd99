"""Default deny: every route, every role; and what is refused before a handler sees it."""

from __future__ import annotations

import asyncio
import dataclasses
import re

import pytest
from aiohttp import WSServerHandshakeError, web
from aiohttp.test_utils import TestServer

from ccengine.web import calls
from ccengine.web.errors import errors
from ccengine.web.guard import guard
from ccengine.web.server import build_app, route_table

EVERYONE = {"nobody", "agent", "supervisor", "administrator"}
LOGGED_IN = EVERYONE - {"nobody"}
OVERSEERS = {"supervisor", "administrator"}

# Written down from docs/API.md, not from the code: a new route has to be put here too.
MAY = {
    ("POST", "/api/login"): EVERYONE,
    ("POST", "/api/logout"): LOGGED_IN,
    ("GET", "/api/me"): LOGGED_IN,
    ("GET", "/api/report/queues"): OVERSEERS,
    ("GET", "/api/report/surveys"): OVERSEERS,
    ("GET", "/api/calls"): LOGGED_IN,
    ("GET", "/api/calls/{call_id}"): LOGGED_IN,
    ("GET", "/api/calls/{call_id}/recording"): OVERSEERS,
    ("GET", "/api/calls/{call_id}/messages/{number}"): OVERSEERS,
    ("GET", "/api/messages"): OVERSEERS,
    ("GET", "/api/knowledge"): LOGGED_IN,
    ("GET", "/api/knowledge/{id}"): LOGGED_IN,
    ("GET", "/api/calls/{call_id}/why"): OVERSEERS,
    ("GET", "/api/flows"): OVERSEERS,
    ("GET", "/api/flows/versions"): OVERSEERS,
    ("GET", "/api/flows/versions/{number}"): OVERSEERS,
    ("GET", "/api/flows/diff"): OVERSEERS,
    ("GET", "/api/flows/figures"): OVERSEERS,
    ("GET", "/api/flow/{flow}"): OVERSEERS,
    ("GET", "/api/flow/{flow}/picture"): OVERSEERS,
    ("GET", "/api/flow/{flow}/days"): OVERSEERS,
    ("POST", "/api/flows"): {"administrator"},
    ("POST", "/api/flows/check"): {"administrator"},
    ("POST", "/api/flows/rollback"): {"administrator"},
    ("POST", "/api/flows/reload"): {"administrator"},
    ("GET", "/ws/desk"): {"agent"},
    ("GET", "/ws/floor"): OVERSEERS,
    ("GET", "/healthz"): EVERYONE,
    ("GET", "/"): EVERYONE,
    ("GET", "/login"): EVERYONE,
    ("GET", "/desk"): EVERYONE,
    ("GET", "/floor"): EVERYONE,
    ("GET", "/report"): EVERYONE,
    ("GET", "/calls"): EVERYONE,
    ("GET", "/{name}"): EVERYONE,
    ("GET", "/assets/{name}"): EVERYONE,
}
SERVES_FILES = {"/{name}", "/assets/{name}"}
WHO = {"agent": "wangfang", "supervisor": "boss", "administrator": "root"}


def test_every_route_is_in_the_list_above(centre):
    assert {(route.method, route.path) for route in route_table(centre.parts)} == set(MAY)


@pytest.mark.parametrize("role", sorted(EVERYONE))
async def test_each_role_gets_what_it_may_and_nothing_else(centre, role):
    for (method, path), allowed in MAY.items():
        browser = await centre.browser()
        if role in WHO:
            await browser.log_in(WHO[role])
        headers = {"X-CSRF-Token": browser.csrf, "Origin": "http://desk.test"}
        some_path = re.sub("{.*?}", "x", path)
        answer = await browser.client.request(method, some_path, headers=headers)
        body = await answer.text()
        if role in allowed:
            assert answer.status not in (401, 403, 405, 500), (method, path, body)
            assert path in SERVES_FILES or "path.unknown" not in body, (method, path)
        elif role == "nobody":
            assert answer.status == 401, (method, path)
            assert "login.required" in body
        else:
            assert answer.status == 403, (method, path)
            assert "access.refused" in body


async def test_a_route_without_a_row_in_the_table_is_refused_to_the_administrator(
    centre, aiohttp_client
):
    async def forgotten(request: web.Request) -> web.Response:
        return web.Response(text="secret")

    app = web.Application(
        middlewares=[errors, guard({}, centre.logins, frozenset({"http://desk.test"}))]
    )
    app.router.add_get("/forgotten", forgotten)
    client = await aiohttp_client(TestServer(app))
    browser = await centre.browser()
    await browser.log_in("root")
    answer = await client.get("/forgotten", cookies={"cc_session": browser.token})
    assert answer.status == 403
    assert (await answer.json())["error"]["id"] == "access.refused"


@pytest.mark.parametrize("token", ["", "wrong", "\u00e9" * 43])
async def test_a_change_without_the_csrf_token_is_refused(centre, token):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    browser.csrf = token
    answer = await browser.post("/api/logout")
    assert answer.status == 403
    assert (await answer.json())["error"]["id"] == "csrf.refused"
    assert (await browser.get("/api/me")).status == 200


async def test_the_csrf_token_of_another_login_does_not_serve(centre):
    mine, other = await centre.browser(), await centre.browser()
    await mine.log_in("wangfang")
    await other.log_in("liqiang")
    mine.csrf = other.csrf
    assert (await mine.post("/api/logout")).status == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://evil.test"}, {"Origin": "null"}, {"Origin": "http://desk.test.evil"}],
)
async def test_a_websocket_from_another_page_is_refused(centre, headers):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    with pytest.raises(WSServerHandshakeError) as refused:
        await browser.client.ws_connect("/ws/desk", headers=headers)
    assert refused.value.status == 403
    assert centre.desk.connected == frozenset()
    assert ("sign_in", "1001") not in centre.door.asked


@pytest.mark.parametrize(
    ("public_url", "origins"),
    [
        ("https://cc.example.com/", {"https://cc.example.com"}),
        ("http://10.0.0.5:8080", {"http://10.0.0.5:8080"}),
        ("http://127.0.0.1:8080", {"http://127.0.0.1:8080", "http://localhost:8080"}),
        ("http://localhost:8080", {"http://127.0.0.1:8080", "http://localhost:8080"}),
    ],
)
def test_the_origin_is_that_of_the_public_url(centre, public_url, origins):
    parts = dataclasses.replace(centre.parts, public_url=public_url)
    assert parts.origins == origins
    more = dataclasses.replace(parts, more_origins=frozenset({"http://127.0.0.1:5173"}))
    assert more.origins == origins | {"http://127.0.0.1:5173"}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "error_id"),
    [
        (b"{", "application/json", 400, "request.invalid"),
        (b"", "application/json", 400, "request.invalid"),
        (b"[]", "application/json", 400, "request.invalid"),
        (b'{"username": "x"}', "application/json", 400, "request.invalid"),
        (b'{"username": 1, "password": "x"}', "application/json", 400, "request.invalid"),
        (b"\xff\xfe", "application/json", 400, "request.invalid"),
        (b"[" * 20_000, "application/json", 400, "request.invalid"),
        (b"username=x&password=y", "application/x-www-form-urlencoded", 415, "request.not_json"),
        (b'{"username":"x","password":"y"}', "text/plain", 415, "request.not_json"),
        (b'"' + b"x" * 70_000 + b'"', "application/json", 413, "request.too_large"),
    ],
)
async def test_a_body_that_cannot_be_used_is_refused_with_an_id(
    centre, body, content_type, status, error_id
):
    browser = await centre.browser()
    answer = await browser.client.post(
        "/api/login", data=body, headers={"Content-Type": content_type}
    )
    assert answer.status == status
    assert (await answer.json())["error"]["id"] == error_id
    assert centre.passwords.checked == 0


async def test_an_error_repeats_nothing_of_what_was_sent(centre):
    browser = await centre.browser()
    answer = await browser.client.post(
        "/api/login", json={"username": "wangfang", "password": ["geheim-4711"]}
    )
    assert answer.status == 400
    assert "geheim" not in await answer.text()


async def test_unknown_paths_and_methods_are_json_errors(centre):
    browser = await centre.browser()
    unknown = await browser.get("/api/nothing/here")
    assert (unknown.status, (await unknown.json())["error"]["id"]) == (404, "path.unknown")
    refused = await browser.get("/api/login")
    assert (refused.status, (await refused.json())["error"]["id"]) == (405, "method.refused")


async def test_our_own_mistake_shows_nothing_of_our_inside(centre, monkeypatch):
    async def broken(limit, agent_id=None):
        raise RuntimeError("table call_record, column secret")

    monkeypatch.setattr(centre.calls, "recent", broken)
    browser = await centre.browser()
    await browser.log_in("boss")
    answer = await browser.get("/api/calls")
    assert answer.status == 500
    assert await answer.json() == {
        "error": {"id": "server.failed", "message": "That went wrong on our side."}
    }


async def test_a_slow_answer_is_cut_at_its_deadline(centre, monkeypatch):
    async def hangs(limit, agent_id=None):
        await asyncio.Event().wait()

    monkeypatch.setattr(centre.calls, "recent", hangs)
    real = calls.Route
    monkeypatch.setattr(
        "ccengine.web.calls.Route", lambda **row: real(**(row | {"deadline_s": 0.05}))
    )
    server = TestServer(build_app(centre.parts))
    client = await centre._client(server)
    browser = await centre.browser()
    await browser.log_in("boss")
    answer = await client.get("/api/calls", cookies={"cc_session": browser.token})
    assert answer.status == 503
    assert (await answer.json())["error"]["id"] == "server.timed_out"


async def test_every_answer_carries_the_security_headers(centre):
    browser = await centre.browser()
    for path in ("/", "/api/me", "/healthz", "/nothing"):
        answer = await browser.get(path)
        policy = answer.headers["Content-Security-Policy"]
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert scripts == "script-src 'self'"
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "aiohttp" not in answer.headers["Server"]


async def test_headers_beyond_the_bound_are_refused(centre):
    browser = await centre.browser()
    answer = await browser.get("/api/me", **{"X-Long": "x" * 20_000})
    assert answer.status == 400
