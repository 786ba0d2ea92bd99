"""The screen pop: on the screen before the phone rings, and how long that took."""

from __future__ import annotations

import asyncio

from ccengine.desk.pop import CustomerCard, PastCall, PathStep, SuggestedArticle
from ccengine.ids import ArticleId, CallId, CustomerId
from ccengine.journal.facts import AgentState, OfferResult
from tests.web.conftest import LI, WANG


async def show(centre, pop, deadline_s=5.0):
    """Begin to show a pop; the pages have been sent to when this returns."""
    task = asyncio.create_task(centre.desk.show_pop(pop, deadline_s))
    await asyncio.sleep(0)
    return task


async def test_the_page_gets_the_whole_card(centre):
    _, page = await centre.agent_page()
    pop = centre.pop(
        WANG,
        customer=CustomerCard(
            customer_id=CustomerId(7), name="赵敏", vip_level="gold", tags=("老客户",), note="急"
        ),
        path=(PathStep(step="menu", result="1"),),
        history=(
            PastCall(
                call_id=CallId("call-0"),
                at=centre.clock.now() - 60,
                queue="sales",
                agent_name="李强",
                outcome="answered",
                disposition="sale",
                note="",
            ),
        ),
        articles=(
            SuggestedArticle(
                article_id=ArticleId("refund"), title="退款", sentence="七天内可退。", score=0.8
            ),
        ),
    )
    showing = await show(centre, pop)
    card = await page.next("pop")
    assert card == {
        "type": "pop",
        "offer_id": "offer-1",
        "call_id": "call-1",
        "queue": "sales",
        "ani": "13800000001",
        "ani_verified": True,
        "dnis": "4001",
        "language": "zh-CN",
        "vip_level": "gold",
        "customer": {
            "customer_id": 7,
            "name": "赵敏",
            "vip_level": "gold",
            "tags": ["老客户"],
            "note": "急",
        },
        "path": [{"step": "menu", "result": "1", "title": {}, "led_to": {}}],
        "question": "",
        "waited_s": 12.5,
        "history": [
            {
                "call_id": "call-0",
                "at": "2023-11-14T22:12:20.000Z",
                "queue": "sales",
                "agent_name": "李强",
                "outcome": "answered",
                "disposition": "sale",
                "note": "",
            }
        ],
        "articles": [
            {"article_id": "refund", "title": "退款", "sentence": "七天内可退。", "score": 0.8}
        ],
    }
    await page.say(type="pop_shown", offer_id="offer-1")
    assert await showing == {WANG: 0.0}


async def test_latency_counts_from_the_decision_to_the_screen(centre):
    _, page = await centre.agent_page()
    showing = await show(centre, centre.pop(WANG))
    await page.next("pop")
    centre.clock.forward(0.042)
    await page.say(type="pop_shown", offer_id="offer-1")
    latency = await showing
    assert list(latency) == [WANG]
    assert round(latency[WANG], 3) == 42.0


async def test_nobody_connected_is_told_at_once(centre):
    async with asyncio.timeout(1):
        assert await centre.desk.show_pop(centre.pop(WANG, LI), 60.0) == {}


async def test_only_agents_with_a_page_are_waited_for(centre):
    _, page = await centre.agent_page()
    showing = await show(centre, centre.pop(WANG, LI), 60.0)
    await page.next("pop")
    await page.say(type="pop_shown", offer_id="offer-1")
    async with asyncio.timeout(5):
        assert set(await showing) == {WANG}


async def test_ring_all_waits_for_every_page(centre):
    _, quick = await centre.agent_page()
    _, slow = await centre.agent_page("liqiang")
    showing = await show(centre, centre.pop(WANG, LI), 60.0)
    await quick.next("pop")
    await slow.next("pop")
    await quick.say(type="pop_shown", offer_id="offer-1")
    await quick.say(type="ping")
    await quick.next("pong")
    assert not showing.done()
    centre.clock.forward(0.5)
    await slow.say(type="pop_shown", offer_id="offer-1")
    assert {agent: round(ms) for agent, ms in (await showing).items()} == {WANG: 0, LI: 500}


async def test_after_the_deadline_it_rings_without_the_card_and_the_late_card_is_told(centre):
    _, page = await centre.agent_page()
    assert await centre.desk.show_pop(centre.pop(WANG), 0.01) == {}
    await page.next("pop")
    centre.clock.forward(1.5)
    await page.say(type="pop_shown", offer_id="offer-1")
    await page.say(type="ping")
    await page.next("pong")
    [(offer_id, agent_id, latency_ms)] = centre.late_pops
    assert (offer_id, agent_id, round(latency_ms)) == ("offer-1", WANG, 1500)


async def test_a_card_is_counted_once_however_often_the_page_says_so(centre):
    _, page = await centre.agent_page()
    showing = await show(centre, centre.pop(WANG))
    await page.next("pop")
    for _ in range(3):
        await page.say(type="pop_shown", offer_id="offer-1")
    assert set(await showing) == {WANG}
    await page.say(type="pop_shown", offer_id="no-such-offer")
    await page.say(type="ping")
    await page.next("pong")
    assert centre.late_pops == []


async def test_an_agent_cannot_speak_for_another(centre):
    _, mine = await centre.agent_page()
    _, other = await centre.agent_page("liqiang")
    showing = await show(centre, centre.pop(WANG))
    await mine.next("pop")
    await other.say(type="pop_shown", offer_id="offer-1")
    await other.say(type="ping")
    await other.next("pong")
    assert not showing.done()
    await mine.say(type="pop_shown", offer_id="offer-1")
    assert set(await showing) == {WANG}


async def test_a_page_that_dies_is_not_waited_for(centre):
    _, page = await centre.agent_page()
    showing = await show(centre, centre.pop(WANG), 60.0)
    await page.next("pop")
    await page.socket.close()
    async with asyncio.timeout(5):
        assert await showing == {}


async def test_a_page_loaded_again_while_it_rings_gets_the_card_again(centre):
    browser, page = await centre.agent_page()
    centre.door.put(WANG, AgentState.OFFERED, call_id="call-1")
    showing = await show(centre, centre.pop(WANG), 60.0)
    await page.next("pop")
    again = await browser.open_desk()
    assert (await again.next("pop"))["offer_id"] == "offer-1"
    await again.say(type="pop_shown", offer_id="offer-1")
    assert set(await showing) == {WANG}


async def test_a_card_whose_offer_was_missed_is_not_shown_again(centre):
    browser, page = await centre.agent_page()
    await centre.desk.show_pop(centre.pop(WANG), 0.0)
    await page.next("pop")
    centre.desk.offer_ended(WANG, "offer-1", "call-1", OfferResult.MISSED)
    assert await page.next("offer_ended") == {
        "type": "offer_ended",
        "offer_id": "offer-1",
        "call_id": "call-1",
        "result": "missed",
    }
    await page.say(type="pop_shown", offer_id="offer-1")
    again = await browser.open_desk()
    await again.say(type="ping")
    seen = []
    while not seen or seen[-1] != "pong":
        seen.append((await again.socket.receive_json())["type"])
    assert "pop" not in seen
    assert centre.late_pops == []


async def test_the_card_stays_through_talk_and_wrap_up_and_goes_with_them(centre):
    browser, page = await centre.agent_page()
    await centre.desk.show_pop(centre.pop(WANG), 0.0)
    centre.desk.offer_ended(WANG, "offer-1", "call-1", "answered")
    assert (await page.next("offer_ended"))["result"] == "answered"
    centre.door.put(WANG, AgentState.TALKING, call_id="call-1")
    again = await browser.open_desk()
    assert (await again.next("pop"))["call_id"] == "call-1"
    centre.desk.call_ended(WANG, CallId("call-1"), 63.5)
    assert await again.next("call_ended") == {
        "type": "call_ended",
        "call_id": "call-1",
        "talk_s": 63.5,
    }
    centre.door.put(WANG, AgentState.READY)
    assert centre.desk._cards == {}


async def test_a_caller_who_hangs_up_while_the_card_is_awaited_leaves_nothing_behind(centre):
    _, page = await centre.agent_page()
    showing = await show(centre, centre.pop(WANG), 60.0)
    await page.next("pop")
    showing.cancel()
    await asyncio.wait([showing])
    assert showing.cancelled()
    centre.desk.offer_ended(WANG, "offer-1", "call-1", OfferResult.WITHDRAWN)
    assert (await page.next("offer_ended"))["result"] == "withdrawn"


async def test_broken_caller_text_reaches_the_page_without_harm(centre):
    _, page = await centre.agent_page()
    await centre.desk.show_pop(centre.pop(WANG, ani="+86\ud800<script>\u0000\u202e"), 0.0)
    assert (await page.next("pop"))["ani"] == "+86?<script>\u0000\u202e"
