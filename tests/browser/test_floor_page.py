"""The supervisor's live queues."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import floor_samples
from tests.browser.acts import already_logged_in, sees_state, sit_down
from tests.browser.fake_engine import FakeEngine, moment

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def watch(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei", at="/#/floor")
    await expect(page.locator("nav .on")).to_have_text("实时队列")
    await expect(page.locator("[data-test=live]")).to_have_attribute("data-live", "true")


async def test_a_quiet_floor_shows_its_queues_and_that_nobody_waits(
    page: Page, engine: FakeEngine
) -> None:
    await watch(page, engine)
    await expect(page.locator("[data-test=queues] tr")).to_have_count(3)
    await expect(page.locator("[data-test=nobody]")).to_contain_text("没有来电在等待")
    await expect(page.locator("[data-test=deserted]")).to_have_count(0)


async def test_calls_appear_without_asking_and_what_needs_action_stands_out(
    page: Page, engine: FakeEngine
) -> None:
    await watch(page, engine)
    await engine.floor_is(floor_samples.busy_floor(moment))
    sales = page.locator("[data-queue=sales]")
    await expect(sales.locator("[data-test=waiting]")).to_have_text("2")
    await expect(sales.locator("[data-test=expected]")).to_contain_text("1–3 分钟")
    await expect(sales.locator("[data-test=expected]")).to_contain_text("近 50 次命中 41")
    await expect(sales.locator("[data-test=today]")).to_contain_text("91.2%")
    support = page.locator("[data-queue=support]")
    await expect(support).to_have_attribute("data-tone", "danger")
    await expect(support.locator("[data-test=expected]")).to_contain_text("暂不播报")
    await expect(support.locator("[data-test=unreachable]")).to_contain_text("1 位")
    await expect(support.locator("[data-agents=talking]")).to_have_text("5")
    await expect(page.locator("[data-queue=operator] [data-test=deserted]")).to_be_visible()
    await expect(page.locator("[data-total=waiting]")).to_have_text("7")
    await expect(page.locator("[data-test=more]")).to_contain_text("12")


async def test_waiting_calls_say_place_wait_expectation_and_need(
    page: Page, engine: FakeEngine
) -> None:
    await watch(page, engine)
    await engine.floor_is(floor_samples.busy_floor(moment))
    rows = page.locator("[data-test=waiting-calls] tr")
    await expect(rows).to_have_count(6)
    await expect(rows.nth(0)).to_contain_text("VIP · 金卡")
    await expect(rows.nth(0)).to_contain_text("正在振铃")
    await expect(page.locator("[data-call=c-en]")).to_contain_text("英语 ≥ 2")
    await expect(page.locator("[data-call=c-only]")).to_contain_text("仅 王芳 1001")
    await expect(page.locator("[data-call=c-s1] [data-test=call-expected]")).to_have_text(
        "不到 1 分钟"
    )
    await page.click("[data-test=queues] [data-queue=sales]")
    await expect(rows).to_have_count(2)
    await page.click("[data-test=queues] [data-queue=sales]")
    await expect(rows).to_have_count(6)


async def test_waits_grow_between_pictures(page: Page, engine: FakeEngine) -> None:
    await watch(page, engine)
    await engine.floor_is(floor_samples.busy_floor(moment))
    longest = page.locator("[data-queue=sales] [data-test=longest]")
    shown = await longest.inner_text()
    await expect(longest).not_to_have_text(shown)


async def test_a_lost_connection_is_said_and_comes_back_with_the_whole_picture(
    page: Page, engine: FakeEngine
) -> None:
    await watch(page, engine)
    engine.refuse_sockets = True
    engine.floor_now = floor_samples.busy_floor(moment)
    await engine.drop_sockets()
    await expect(page.locator("[data-test=live]")).to_contain_text("数据已落后")
    engine.refuse_sockets = False
    await expect(page.locator("[data-total=waiting]")).to_have_text("7", timeout=12_000)
    await expect(page.locator("[data-test=live]")).to_have_text("实时")


async def test_a_server_that_falls_silent_is_noticed(page: Page, engine: FakeEngine) -> None:
    """The socket stands, but nothing comes: what is shown may be long over."""
    await watch(page, engine)
    await expect(page.locator("[data-test=live]")).to_contain_text("数据已落后", timeout=10_000)
    await engine.floor_is(floor_samples.busy_floor(moment))
    await expect(page.locator("[data-test=live]")).to_have_text("实时")


async def test_the_page_speaks_english(page: Page, engine: FakeEngine) -> None:
    await watch(page, engine)
    await engine.floor_is(floor_samples.busy_floor(moment))
    await page.click("[data-test=language]")
    await expect(page.locator("[data-queue=operator] [data-test=deserted]")).to_have_text(
        "Nobody at work"
    )
    await expect(page.locator("[data-call=c-en]")).to_contain_text("English ≥ 2")
    fits = "e => e.scrollWidth <= e.clientWidth"
    assert await page.locator(".panel").first.evaluate(fits), "1280 pixels are enough"


async def test_an_agent_does_not_get_the_floor(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await expect(page.locator("nav")).not_to_contain_text("实时队列")
    await page.goto(f"{engine.url}/#/floor")
    await sees_state(page, "not_ready")
