"""Pages that say too much, say it too big, or do not listen: they alone are cut."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestServer

from ccengine.desk.desk import DeskTimes
from ccengine.desk.page import Farewell, Page
from ccengine.web import server as bounds
from tests.web.conftest import LI, WANG, deaf_page


async def test_a_frame_beyond_the_bound_closes_that_page(centre):
    _, big = await centre.agent_page()
    _, other = await centre.agent_page("liqiang")
    await big.socket.send_str('{"type": "ping", "x": "' + "x" * (16 * 1024) + '"}')
    assert await big.close_code() == 1009
    await other.say(type="ping")
    await other.next("pong")


async def test_a_frame_within_the_bound_is_read(centre):
    _, page = await centre.agent_page()
    await page.socket.send_str('{"type": "ping", "x": "' + "x" * (15 * 1024) + '"}')
    await page.next("pong")


async def test_more_than_twenty_messages_in_a_second_close_that_page(centre):
    _, loud = await centre.agent_page()
    _, other = await centre.agent_page("liqiang")
    for _ in range(20):
        await loud.say(type="ping")
        await loud.next("pong")
    centre.clock.forward(1.0)
    for _ in range(20):
        await loud.say(type="ping")
        await loud.next("pong")
    await loud.say(type="ping")
    assert await loud.close_code() == 1008
    await other.say(type="ping")
    await other.next("pong")


async def test_pings_of_the_protocol_count_as_messages(centre):
    _, page = await centre.agent_page()
    for _ in range(21):
        await page.socket.ping()
    assert await page.close_code() == 1008


async def test_binary_frames_are_not_taken(centre):
    _, page = await centre.agent_page()
    await page.socket.send_bytes(b'{"type": "ready"}')
    assert await page.close_code() == 1003
    assert ("ready", WANG) not in centre.door.asked


class TestSlowPage:
    @pytest.fixture
    def desk_times(self) -> DeskTimes:
        return DeskTimes(send_s=60.0, heartbeat_s=60.0)

    async def test_a_page_that_does_not_read_is_cut_and_others_are_unaffected(self, centre):
        browser = await centre.browser()
        await browser.log_in("wangfang")
        deaf = await deaf_page(centre, browser.token)
        await centre.desk_has({WANG})
        _, other = await centre.agent_page("liqiang")

        long_way = "一" * 100_000
        sent = 0
        async with asyncio.timeout(20):
            while WANG in centre.desk.connected:
                sent += 1
                pop = centre.pop(WANG, LI, offer=f"offer-{sent}", dnis=long_way)
                await centre.desk.show_pop(pop, 0.0)
                await other.next("pop")
        assert sent >= 64, "the queue holds 64 messages before a page counts as slow"
        await other.say(type="ping")
        await other.next("pong")
        assert centre.desk.connected == {LI}
        deaf.close()


class TestFrozenPage:
    @pytest.fixture
    def desk_times(self) -> DeskTimes:
        return DeskTimes(send_s=0.1, heartbeat_s=60.0)

    async def test_one_message_that_cannot_be_delivered_in_time_is_enough(self, centre):
        browser = await centre.browser()
        await browser.log_in("wangfang")
        deaf = await deaf_page(centre, browser.token)
        await centre.desk_has({WANG})
        await centre.desk.show_pop(centre.pop(WANG, dnis="一" * 4_000_000), 0.0)
        await centre.desk_has(set())
        deaf.close()


class TestSilentPage:
    @pytest.fixture
    def desk_times(self) -> DeskTimes:
        return DeskTimes(heartbeat_s=0.2)

    async def test_a_page_that_answers_no_heartbeat_is_taken_for_gone(self, centre):
        browser = await centre.browser()
        await browser.log_in("wangfang")
        deaf = await deaf_page(centre, browser.token)
        await centre.desk_has({WANG})
        await centre.desk_has(set())
        deaf.close()


def test_a_page_beyond_its_queue_is_marked_and_takes_nothing_more():
    page = Page(WANG, "session", waiting=3)
    assert [page.send("x") for _ in range(5)] == [True, True, True, False, False]
    assert page.cut.is_set()
    page.close(Farewell.GOING_AWAY)
    assert not page.ending


async def test_a_connection_that_sends_no_whole_header_is_closed(centre, monkeypatch):
    monkeypatch.setattr(bounds, "IDLE_CONNECTION_S", 0.2)

    class Impatient(TestServer):
        async def _make_runner(self, **_):
            return bounds.make_runner(self.app)

    async with Impatient(bounds.build_app(centre.parts)) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: desk.test\r\nX-Slow: ")
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
