"""The live queues: who may look, what is shown, and that looking is bounded."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import WSServerHandshakeError

from ccengine.acd.inputs import Join, Leave, PhoneChanged, PhoneState, Ready, SignIn
from ccengine.desk.page import Farewell
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import AbandonReason
from ccengine.supervise import live as live_module
from ccengine.supervise.view import Caller
from ccengine.supervise.watcher import PONG, Watcher
from tests.web.conftest import WANG, WITHIN_S, deaf_page

SALES = QueueId("sales")


async def watching(centre, username="boss"):
    browser = await centre.browser()
    await browser.log_in(username)
    page = await browser.open_floor()
    return browser, page, await page.next("floor")


def caller_comes(centre, name, *, number="13800000001", vip_level="", head_start_s=0.0):
    call_id = CallId(name)
    centre.callers[call_id] = Caller(number=number, vip_level=vip_level)
    now = centre.clock.now()
    said = Join(call_id=call_id, queue=SALES, queued_at=now, head_start_s=head_start_s)
    centre.acd.handle(said, now)
    centre.live.changed()


def of_queue(floor, queue):
    return next(one for one in floor["queues"] if one["queue"] == queue)


async def floor_when(page, holds):
    """The first picture in which this holds."""
    async with asyncio.timeout(WITHIN_S):
        while not holds(floor := await page.next("floor")):
            pass
    return floor


async def test_an_empty_floor_shows_all_queues_of_the_site_and_no_call(centre):
    _, _, floor = await watching(centre)
    assert [one["queue"] for one in floor["queues"]] == list(centre.site.queues)
    assert (floor["calls"], floor["more"]) == ([], 0)
    sales = of_queue(floor, "sales")
    assert (sales["state"], sales["waiting"], sales["longest_since"]) == ("open", 0, None)
    assert sales["expected"] is None
    assert sales["score"] == {"held": 0, "of": 0, "trusted": False}
    assert sales["agents"]["logged_out"] == len(centre.site.queues["sales"].agents)


async def test_waiting_calls_come_in_serving_order_with_their_position(centre):
    _, page, _ = await watching(centre)
    caller_comes(centre, "first")
    caller_comes(centre, "vip", number="13911112222", vip_level="gold", head_start_s=300.0)
    floor = await floor_when(page, lambda floor: len(floor["calls"]) == 2)
    assert [(one["call_id"], one["position"]) for one in floor["calls"]] == [
        ("vip", 1),
        ("first", 2),
    ]
    assert [centre.acd.position(CallId(name)) for name in ("vip", "first")] == [1, 2]
    assert floor["calls"][0]["vip_level"] == "gold"
    assert of_queue(floor, "sales")["waiting"] == 2


async def test_numbers_are_masked(centre):
    _, page, _ = await watching(centre)
    caller_comes(centre, "first")
    caller_comes(centre, "short", number="12345")
    floor = await floor_when(page, lambda floor: len(floor["calls"]) == 2)
    assert [one["number"] for one in floor["calls"]] == ["138****0001", "*****"]


async def test_who_waits_too_long_is_counted(centre):
    _, page, _ = await watching(centre)
    caller_comes(centre, "first")
    centre.clock.forward(centre.site.queues["sales"].service_level + 1)
    caller_comes(centre, "second")
    floor = await floor_when(page, lambda floor: len(floor["calls"]) == 2)
    sales = of_queue(floor, "sales")
    assert (sales["waiting"], sales["late"]) == (2, 1)
    assert sales["longest_since"] == floor["calls"][0]["queued_at"]


async def test_a_call_that_left_is_gone_from_the_page(centre):
    _, page, _ = await watching(centre)
    caller_comes(centre, "first")
    await floor_when(page, lambda floor: len(floor["calls"]) == 1)
    centre.acd.handle(
        Leave(call_id=CallId("first"), reason=AbandonReason.HUNG_UP), centre.clock.now()
    )
    centre.live.changed()
    await floor_when(page, lambda floor: floor["calls"] == [])


async def test_an_agent_without_a_phone_is_counted_as_ready_and_told_apart(centre):
    _, page, _ = await watching(centre)
    now = centre.clock.now()
    for said in (
        PhoneChanged(agent_id=WANG, phone=PhoneState.IDLE),
        SignIn(agent_id=WANG),
        Ready(agent_id=WANG),
    ):
        centre.acd.handle(said, now)
    centre.live.changed()
    floor = await floor_when(page, lambda floor: of_queue(floor, "sales")["agents"]["ready"] == 1)
    assert of_queue(floor, "sales")["unreachable"] == 0
    centre.acd.handle(PhoneChanged(agent_id=WANG, phone=PhoneState.UNREACHABLE), now)
    centre.live.changed()
    await floor_when(page, lambda floor: of_queue(floor, "sales")["unreachable"] == 1)


async def test_todays_figures_follow_from_the_report(centre):
    _, page, floor = await watching(centre)
    if floor["today"] is None:
        floor = await floor_when(page, lambda floor: floor["today"] is not None)
    assert floor["today"]["offered"] == 0
    assert of_queue(floor, "sales")["today"]["answered"] == 0
    ((since, until),) = centre.reports.asked
    assert since < until


class TestPace:
    async def test_a_storm_of_events_is_drawn_a_few_times(self, centre, monkeypatch):
        monkeypatch.setattr(live_module, "DRAWN_EVERY_S", 0.2)
        _, page, _ = await watching(centre)
        for number in range(100):
            caller_comes(centre, f"call-{number}")
            await asyncio.sleep(0)
        pictures = 0
        async with asyncio.timeout(WITHIN_S):
            while True:
                floor = await page.next("floor")
                pictures += 1
                if of_queue(floor, "sales")["waiting"] == 100:
                    break
        assert pictures <= 4

    async def test_a_page_is_told_that_nothing_has_changed(self, centre, monkeypatch):
        monkeypatch.setattr(live_module, "LOOKED_EVERY_S", 0.05)
        _, page, _ = await watching(centre)
        beat = await page.next("beat")
        assert beat["at"].endswith("Z")

    async def test_nothing_is_drawn_while_nobody_watches(self, centre, monkeypatch):
        drawn = []
        monkeypatch.setattr(live_module, "picture", lambda *_: drawn.append(1))
        caller_comes(centre, "first")
        await asyncio.sleep(0)
        assert drawn == []


class TestBounds:
    @pytest.mark.parametrize("more", [0, 5])
    async def test_a_long_line_is_shown_in_part_and_counted_whole(self, centre, more):
        for number in range(200 + more):
            caller_comes(centre, f"call-{number:03}")
        _, _, floor = await watching(centre)
        assert len(floor["calls"]) == 200
        assert floor["more"] == more
        assert of_queue(floor, "sales")["waiting"] == 200 + more
        assert [one["position"] for one in floor["calls"]] == list(range(1, 201))

    async def test_an_agent_may_not_look(self, centre):
        browser = await centre.browser()
        await browser.log_in("wangfang")
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.open_floor()
        assert refused.value.status == 403

    async def test_another_sites_page_may_not_look(self, centre):
        browser = await centre.browser()
        await browser.log_in("boss")
        with pytest.raises(WSServerHandshakeError) as refused:
            await browser.client.ws_connect("/ws/floor", headers={"Origin": "http://evil.test"})
        assert refused.value.status == 403

    async def test_pages_beyond_the_bound_are_told_so(self, centre, monkeypatch):
        monkeypatch.setattr(live_module, "MOST_WATCHERS", 1)
        browser, page, _ = await watching(centre)
        late = await browser.open_floor()
        assert await late.close_code() == Farewell.TOO_MANY.code
        await page.say(type="ping")
        await page.next("pong")

    async def test_more_than_twenty_messages_in_a_second_close_that_page(self, centre):
        _, page, _ = await watching(centre)
        for _ in range(21):
            await page.say(type="ping")
        assert await page.close_code() == Farewell.FLOOD.code

    async def test_when_the_server_stops_the_page_is_sent_away(self, centre):
        _, page, _ = await watching(centre)
        centre.live.close()
        assert await page.close_code() == Farewell.GOING_AWAY.code

    async def test_who_has_gone_is_not_drawn_for(self, centre):
        _, page, _ = await watching(centre)
        await page.socket.close()
        async with asyncio.timeout(WITHIN_S):
            while centre.live.watchers:  # noqa: ASYNC110 - it tells pages, not tests
                await asyncio.sleep(0.005)


async def test_a_slow_page_gets_the_newest_picture_and_none_of_those_between():
    watcher = Watcher("boss")
    for number in range(1000):
        watcher.show(str(number))
        watcher.beat("beat")
    watcher.pong()
    assert [await watcher.next(), await watcher.next()] == [PONG, "999"]
    watcher.beat("beat")
    assert await watcher.next() == "beat"
    watcher.close(Farewell.GOING_AWAY)
    watcher.show("late")
    assert await watcher.next() is Farewell.GOING_AWAY


async def test_a_page_that_does_not_read_is_cut_and_the_other_goes_on(centre, monkeypatch):
    monkeypatch.setattr(live_module, "DRAWN_EVERY_S", 0.001)
    monkeypatch.setattr(centre.live, "times", live_module.SocketTimes(send_s=0.1))
    browser, page, _ = await watching(centre)
    deaf = await deaf_page(centre, browser.token, "/ws/floor")
    async with asyncio.timeout(WITHIN_S):
        while centre.live.watchers < 2:  # noqa: ASYNC110 - it tells pages, not tests
            await asyncio.sleep(0.005)
    number = 0
    async with asyncio.timeout(30):
        while centre.live.watchers == 2:
            number += 1
            caller_comes(centre, f"call-{number}", number="1" * 5_000)
            await floor_when(
                page,
                lambda floor: of_queue(floor, "sales")["waiting"] == number,  # noqa: B023
            )
    await page.say(type="ping")
    await page.next("pong")
    deaf.close()
