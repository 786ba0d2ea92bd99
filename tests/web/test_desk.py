"""An agent's page: signing in by opening it, its requests, a second page, a lost page."""

from __future__ import annotations

import asyncio

import pytest

from ccengine.accounts.model import Role
from ccengine.desk.desk import DeskTimes
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import AgentState
from tests.web.conftest import LI, PASSWORD, WANG


class TestRequests:
    async def test_opening_the_page_signs_a_logged_out_agent_in_as_not_ready(self, centre):
        browser = await centre.browser()
        await browser.log_in("wangfang")
        page = await browser.open_desk()
        state = await page.next("state")
        assert state == {
            "type": "state",
            "state": "not_ready",
            "reason": "signed_in",
            "since": "2023-11-14T22:13:20.000Z",
            "phone": "idle",
            "call_id": None,
            "wrap_up_until": None,
            "extensions_left": 0,
        }
        assert centre.door.asked == [("sign_in", WANG)]

    async def test_ready_and_not_ready_come_back_as_states(self, centre):
        _, page = await centre.agent_page()
        await page.say(type="ready")
        await page.until_state("ready")
        await page.say(type="not_ready", reason="meal")
        assert (await page.until_state("not_ready"))["reason"] == "meal"

    async def test_a_reason_the_site_does_not_know_is_refused(self, centre):
        _, page = await centre.agent_page()
        await page.say(type="not_ready", reason="fishing")
        refused = await page.next("refused")
        assert (refused["id"], refused["request"]) == ("reason.unknown", "not_ready")
        assert [asked[0] for asked in centre.door.asked] == ["sign_in"]

    async def test_a_wrap_up_is_made_longer_as_often_as_the_acd_allows(self, centre):
        _, page = await centre.agent_page()
        centre.door.may_extend(WANG, 1)
        await page.say(type="extend_wrap_up")
        assert (await page.next("state"))["extensions_left"] == 0
        await page.say(type="extend_wrap_up")
        refused = await page.next("refused")
        assert (refused["id"], refused["request"]) == ("wrap_up.no_more", "extend_wrap_up")
        assert centre.door.asked.count(("extend_wrap_up", WANG)) == 1

    async def test_a_disposition_goes_to_the_call_the_agent_has_talked_with(self, centre):
        _, page = await centre.agent_page()
        centre.door.talked.add((WANG, CallId("call-1")))
        await page.say(
            type="disposition",
            call_id="call-1",
            disposition="solved",
            note="退款\u0000已办\n两天内",
        )
        await centre.door.was_asked("set_disposition", WANG, "call-1", "solved", "退款已办\n两天内")

    @pytest.mark.parametrize(
        ("message", "error_id"),
        [
            ({"call_id": "call-1", "disposition": "eaten", "note": ""}, "disposition.unknown"),
            ({"call_id": "call-2", "disposition": "solved", "note": ""}, "call.unknown"),
            ({"call_id": "", "disposition": "solved", "note": ""}, "message.invalid"),
            ({"call_id": "call-1", "disposition": 1, "note": ""}, "message.invalid"),
            ({"call_id": "call-1", "disposition": "solved", "note": "x" * 2001}, "message.invalid"),
            ({"disposition": "solved", "note": ""}, "message.invalid"),
        ],
    )
    async def test_a_disposition_that_cannot_be_is_refused(self, centre, message, error_id):
        _, page = await centre.agent_page()
        centre.door.talked.add((WANG, CallId("call-1")))
        await page.say(type="disposition", **message)
        assert (await page.next("refused"))["id"] == error_id
        assert [asked[0] for asked in centre.door.asked] == ["sign_in"]

    @pytest.mark.parametrize(
        "raw", ["", "{", "null", "[]", "7", '{"type": "fly"}', '{"type": 1}', "[" * 5_000]
    )
    async def test_what_is_no_message_is_refused_and_the_page_lives_on(self, centre, raw):
        _, page = await centre.agent_page()
        await page.socket.send_str(raw)
        assert (await page.next("refused"))["id"] == "message.invalid"
        await page.say(type="ping")
        await page.next("pong")

    async def test_an_agent_the_site_has_dropped_is_refused(self, centre):
        _, page = await centre.agent_page()
        centre.door.forget(WANG)
        await page.say(type="ready")
        assert (await page.next("refused"))["id"] == "agent.unknown"

    async def test_an_account_of_no_agent_of_the_site_gets_no_desk(self, centre):
        await centre.accounts.add("ghost", PASSWORD, role=Role.AGENT, agent_id=AgentId("9999"))
        browser = await centre.browser()
        await browser.log_in("ghost")
        answer = await browser.get("/ws/desk", Origin="http://desk.test")
        assert answer.status == 403
        assert (await answer.json())["error"]["id"] == "agent.unknown"


class TestTakeover:
    async def test_a_second_page_takes_over_and_the_first_is_told(self, centre):
        browser, first = await centre.agent_page()
        second = await browser.open_desk()
        await second.next("state")
        await first.next("taken_over")
        assert await first.close_code() == 4001
        await second.say(type="ready")
        await second.until_state("ready")
        assert centre.desk.connected == {WANG}

    async def test_what_the_first_page_still_says_counts_no_more(self, centre):
        browser, _ = await centre.agent_page()
        stale = centre.desk._pages[WANG]
        second = await browser.open_desk()
        await second.next("state")
        centre.desk.hear(stale, '{"type": "ready"}')
        assert centre.door.view(WANG).state is AgentState.NOT_READY

    async def test_the_first_page_closing_is_no_lost_page(self, centre):
        browser, first = await centre.agent_page()
        second = await browser.open_desk()
        await second.say(type="ready")
        await second.until_state("ready")
        await first.close_code()
        assert centre.desk._graces == {}
        assert centre.desk.connected == {WANG}

    async def test_logging_out_where_one_was_taken_over_does_not_sign_the_agent_out(self, centre):
        elsewhere, _ = await centre.agent_page()
        _, here = await centre.agent_page()
        await here.say(type="ready")
        await here.until_state("ready")
        assert (await elsewhere.post("/api/logout")).status == 204
        await here.say(type="ping")
        await here.next("pong")
        assert centre.door.view(WANG).state is AgentState.READY


class TestLostPage:
    @pytest.fixture
    def desk_times(self) -> DeskTimes:
        return DeskTimes(grace_s=0.05)

    @pytest.mark.parametrize(
        "state", [AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP]
    )
    async def test_an_agent_who_could_get_calls_is_set_not_ready(self, centre, state):
        _, page = await centre.agent_page()
        centre.door.put(WANG, state, call_id="call-1")
        await page.socket.close()
        await centre.door.was_asked("not_ready", WANG, "page_lost")
        assert ("sign_out", WANG) not in centre.door.asked

    async def test_an_agent_who_is_not_ready_anyway_is_left_alone(self, centre):
        _, page = await centre.agent_page()
        _, other = await centre.agent_page("liqiang")
        centre.door.put(LI, AgentState.READY)
        await page.socket.close()
        await other.socket.close()
        await centre.door.was_asked("not_ready", LI, "page_lost")
        assert ("not_ready", WANG, "page_lost") not in centre.door.asked

    async def test_a_ready_agent_without_any_page_after_a_start_is_found_too(self, centre):
        centre.door.put(WANG, AgentState.READY)
        await centre.door.was_asked("not_ready", WANG, "page_lost")

    async def test_talking_on_without_a_page_is_asked_for_once(self, centre):
        _, page = await centre.agent_page()
        centre.door.put(WANG, AgentState.TALKING, call_id="call-1")
        await page.socket.close()
        await centre.door.was_asked("not_ready", WANG, "page_lost")
        centre.door.put(WANG, AgentState.WRAP_UP, call_id="call-1")
        assert centre.desk._graces == {}


class TestReturningPage:
    async def test_a_page_back_within_the_grace_keeps_the_agent_ready(self, centre):
        browser, page = await centre.agent_page()
        await page.say(type="ready")
        await page.until_state("ready")
        await page.socket.close()
        await centre.desk_has(set())
        assert set(centre.desk._graces) == {WANG}
        again = await browser.open_desk()
        assert (await again.next("state"))["state"] == "ready"
        assert centre.desk._graces == {}
        assert centre.door.asked.count(("sign_in", WANG)) == 1


class TestLogin:
    @pytest.fixture
    def desk_times(self) -> DeskTimes:
        return DeskTimes(login_check_s=0.05)

    async def test_a_page_whose_login_is_gone_is_closed(self, centre):
        _, page = await centre.agent_page()
        await centre.accounts.set_password("wangfang", "another-password")
        assert await page.close_code() == 4401

    async def test_an_open_page_alone_keeps_no_login_alive(self, centre):
        _, page = await centre.agent_page()
        centre.clock.forward(12 * 3600)
        await page.say(type="ping")
        assert await page.close_code() == 4401

    async def test_an_agent_who_works_stays_logged_in(self, centre, monkeypatch):
        _, page = await centre.agent_page()
        checked = asyncio.Queue()
        real = centre.logins.check

        async def watched(session_id, *, seen):
            found = await real(session_id, seen=seen)
            checked.put_nowait((seen, found is not None))
            return found

        monkeypatch.setattr(type(centre.logins), "check", staticmethod(watched))
        for _ in range(3):
            centre.clock.forward(11 * 3600)
            await page.say(type="ready")
            async with asyncio.timeout(5):
                while await checked.get() != (True, True):
                    pass
        assert centre.desk.connected == {WANG}

    async def test_a_database_that_is_away_takes_no_page_from_its_agent(self, centre, monkeypatch):
        _, page = await centre.agent_page()
        asked = asyncio.Event()

        async def away(session_id, *, seen):
            asked.set()
            raise ConnectionRefusedError

        monkeypatch.setattr(type(centre.logins), "check", staticmethod(away))
        async with asyncio.timeout(5):
            await asked.wait()
        await page.say(type="ping")
        await page.next("pong")


async def test_the_server_stopping_sends_pages_away_and_blames_nobody(centre):
    _, page = await centre.agent_page()
    await page.say(type="ready")
    await page.until_state("ready")
    closing = asyncio.create_task(centre.server.close())
    assert await page.close_code() == 1001
    await closing
    assert centre.door.view(WANG).state is AgentState.READY
    assert centre.desk._graces == {}
