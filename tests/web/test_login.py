"""Logging in, staying logged in, logging out."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import select

from ccengine.accounts.model import Role
from ccengine.accounts.tables import WebSessionRow
from ccengine.web.login import address_of

HOUR = 3600.0
RIGHT = {"username": "wangfang", "password": "right-password"}


async def test_the_right_password_opens_a_session_and_tells_who_one_is(centre):
    browser = await centre.browser()
    me = await browser.log_in("wangfang")
    assert me["username"] == "wangfang"
    assert me["role"] == "agent"
    assert me["agent_id"] == "1001"
    assert me["site"]["name"] == {"zh-CN": "示范客服中心", "en": "Example Contact Centre"}
    assert me["site"]["not_ready_reasons"]["meal"] == {"zh-CN": "用餐", "en": "Meal"}
    assert me["site"]["dispositions"]["solved"]["en"] == "Solved"
    assert {"sales", "support", "operator"} <= set(me["site"]["queues"])
    assert set(me["site"]["vip_levels"]) == {"gold", "silver"}
    again = await (await browser.get("/api/me")).json()
    assert again == me


async def test_the_cookie_is_kept_from_scripts_and_other_sites(centre):
    browser = await centre.browser()
    answer = await browser.post("/api/login", {"username": "boss", "password": "right-password"})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_table_of_sessions_holds_no_token(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    async with centre.database.sessions() as session:
        stored = (await session.execute(select(WebSessionRow))).scalar_one()
    assert browser.token not in vars(stored).values()
    assert len(stored.token_hash) == 64


async def test_unknown_user_and_wrong_password_get_the_same_answer_for_the_same_work(centre):
    answers = []
    for username, password in (("wangfang", "wrong-password"), ("nobody", "wrong-password")):
        browser = await centre.browser()
        before = centre.passwords.checked
        answer = await browser.post("/api/login", {"username": username, "password": password})
        answers.append((answer.status, await answer.read(), dict(answer.headers) | {"Date": ""}))
        assert centre.passwords.checked == before + 1
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert b'"login.refused"' in answers[0][1]


async def test_the_check_for_an_unknown_user_really_hashes(centre, monkeypatch):
    verified = []
    real = type(centre.passwords)._verify

    def watched(self, stored, password):
        verified.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(type(centre.passwords), "_verify", watched)
    assert await centre.accounts.verify("nobody", "x") is None
    assert await centre.accounts.verify("wangfang", "x") is None
    assert [stored.split("$")[1:4] for stored in verified] == [
        ["argon2id", "v=19", "m=8,t=1,p=1"]
    ] * 2


async def test_a_disabled_account_is_refused_like_an_unknown_one(centre):
    await centre.accounts.set_disabled("wangfang", True)
    browser = await centre.browser()
    answer = await browser.post("/api/login", RIGHT)
    assert answer.status == 401
    assert (await answer.json())["error"]["id"] == "login.refused"


async def test_ten_guesses_then_none_for_this_address_alone(centre, monkeypatch):
    address = ["10.0.0.1"]
    monkeypatch.setattr("ccengine.web.login.address_of", lambda *_: address[0])
    browser = await centre.browser()
    wrong = {"username": "wangfang", "password": "wrong-password"}
    assert [(await browser.post("/api/login", wrong)).status for _ in range(10)] == [401] * 10

    checked = centre.passwords.checked
    refused = await browser.post("/api/login", RIGHT)
    assert refused.status == 429
    assert (await refused.json())["error"]["id"] == "login.throttled"
    assert refused.headers["Retry-After"] == "900"
    assert centre.passwords.checked == checked, "a throttled guess must not be checked"

    address[0] = "10.0.0.2"
    assert (await browser.post("/api/login", RIGHT)).status == 200

    address[0] = "10.0.0.1"
    centre.clock.forward(899)
    assert (await browser.post("/api/login", RIGHT)).status == 429
    centre.clock.forward(1)
    assert (await browser.post("/api/login", RIGHT)).status == 200


async def test_guesses_made_at_once_are_counted_before_they_are_checked(centre):
    browser = await centre.browser()
    wrong = {"username": "liqiang", "password": "wrong-password"}
    answers = await asyncio.gather(*(browser.post("/api/login", wrong) for _ in range(14)))
    assert sorted(answer.status for answer in answers) == [401] * 10 + [429] * 4


async def test_a_success_forgives_earlier_slips(centre):
    browser = await centre.browser()
    for _ in range(3):
        wrong = {"username": "wangfang", "password": "wrong-password"}
        assert [(await browser.post("/api/login", wrong)).status for _ in range(9)] == [401] * 9
        await browser.log_in("wangfang")


async def test_the_session_is_renewed_at_login(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    before = browser.token
    await browser.log_in("wangfang")
    assert browser.token != before
    assert await centre.logins.find(before) is None
    assert (await centre.logins.find(browser.token)).username == "wangfang"


async def test_a_token_from_outside_is_never_taken_over(centre):
    browser = await centre.browser()
    browser.client.session.cookie_jar.update_cookies({"cc_session": "chosen-by-an-attacker"})
    await browser.log_in("wangfang")
    assert browser.token != "chosen-by-an-attacker"
    assert await centre.logins.find("chosen-by-an-attacker") is None


async def test_an_idle_session_ends_after_twelve_hours(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    centre.clock.forward(11 * HOUR)
    assert (await browser.get("/api/me")).status == 200
    centre.clock.forward(11 * HOUR)
    assert (await browser.get("/api/me")).status == 200, "what was done 11 hours ago counts"
    centre.clock.forward(12 * HOUR)
    answer = await browser.get("/api/me")
    assert answer.status == 401
    assert (await answer.json())["error"]["id"] == "login.required"


async def test_even_a_busy_session_ends_after_a_week(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    for _ in range(7 * 24 // 8 - 1):
        centre.clock.forward(8 * HOUR)
        assert (await browser.get("/api/me")).status == 200
    centre.clock.forward(8 * HOUR)
    assert (await browser.get("/api/me")).status == 401


async def test_dead_sessions_are_swept_at_the_next_login(centre):
    await (await centre.browser()).log_in("wangfang")
    centre.clock.forward(13 * HOUR)
    await (await centre.browser()).log_in("boss")
    async with centre.database.sessions() as session:
        left = (await session.execute(select(WebSessionRow.username))).scalars().all()
    assert left == ["boss"]


@pytest.mark.parametrize("change", ["password", "role", "disabled"])
async def test_a_change_of_the_account_ends_its_sessions(centre, change):
    browser, bystander = await centre.browser(), await centre.browser()
    await browser.log_in("wangfang")
    await bystander.log_in("boss")
    if change == "password":
        await centre.accounts.set_password("wangfang", "another-password")
    elif change == "role":
        await centre.accounts.set_role("wangfang", Role.SUPERVISOR)
    else:
        await centre.accounts.set_disabled("wangfang", True)
    assert (await browser.get("/api/me")).status == 401
    assert (await bystander.get("/api/me")).status == 200


async def test_logging_out_ends_the_session_and_signs_the_agent_out(centre):
    browser, page = await centre.agent_page()
    token = browser.token
    assert (await browser.post("/api/logout")).status == 204
    assert await page.close_code() == 4401
    assert centre.door.view("1001").state == "logged_out"
    assert await centre.logins.find(token) is None
    assert (await browser.get("/api/me")).status == 401


async def test_so_many_checks_at_once_are_turned_away(centre, monkeypatch):
    monkeypatch.setattr(centre.passwords._room, "acquire", lambda blocking: False)
    browser = await centre.browser()
    answer = await browser.post("/api/login", {"username": "boss", "password": "right-password"})
    assert answer.status == 503
    assert (await answer.json())["error"]["id"] == "server.busy"


class TestAddress:
    """Whose guesses are counted behind a proxy."""

    @pytest.mark.parametrize(
        ("peer", "forwarded", "address"),
        [
            ("10.0.0.9", None, "10.0.0.9"),
            ("10.0.0.9", "1.2.3.4", "10.0.0.9"),
            ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
            ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
            ("127.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
            ("127.0.0.1", None, "127.0.0.1"),
            ("127.0.0.1", "", "127.0.0.1"),
        ],
    )
    def test_only_a_trusted_proxy_is_believed(self, peer, forwarded, address):
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
        assert address_of(request, frozenset({"127.0.0.1", "10.0.0.1"})) == address
