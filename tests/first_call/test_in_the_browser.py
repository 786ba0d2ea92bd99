"""The agent's and the supervisor's real pages, in Chromium, on the real thing."""

from __future__ import annotations

import re
import time

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def log_in(page: Page, centre: Centre, username: str) -> None:
    await page.goto(centre.settings.url)
    await page.fill("#username", username)
    await page.fill("#password", centre.passwords[username])
    await page.click("[data-test=submit]")


async def state_is(page: Page, state: str) -> None:
    pill = page.locator("[data-test=state]")
    await expect(pill).to_have_attribute("data-state", state, timeout=10_000)


async def test_the_card_is_on_the_screen_before_the_phone_rings(
    centre: Centre, built_pages: None, profile: BrowserContext
) -> None:
    # Given an agent at her page, ready
    phone = await centre.phone("1002")
    page = await profile.new_page()
    await log_in(page, centre, "liqiang")
    await state_is(page, "not_ready")
    await expect(page.locator("[data-test=phone-alarm]")).to_have_count(0, timeout=10_000)
    await page.keyboard.press("F8")
    await state_is(page, "ready")

    # when a known customer calls
    call = await centre.callers.call("4002", ani="13800000002")
    await expect(page.locator("[data-test=customer]")).to_be_visible(timeout=20_000)
    shown_at = time.time()
    ring = await phone.rings(within=5)
    story = await centre.story("13800000002", lambda s: "pop.delivered" in s.kinds())

    # then the page said that it shows her before the INVITE left
    assert story.one("pop.delivered")["before_ring"] is True
    assert story.one("pop.delivered")["latency_ms"] < 150
    assert shown_at - ring.at < 0.5
    await expect(page.locator("[data-test=vip]")).to_be_visible()
    await expect(page.locator("[data-test=articles]")).to_contain_text(re.compile("[一-鿿]{4}"))

    # she talks, codes the call with two keys, and is ready
    await phone.answer()
    await phone.talking(within=5)
    await state_is(page, "talking")
    await call.hang_up()
    await state_is(page, "wrap_up")
    await page.keyboard.press("1")
    await page.keyboard.press("Control+Enter")
    await state_is(page, "ready")
    await page.close()

    # and the supervisor finds the call in the report and opens it
    await profile.clear_cookies()
    boss = await profile.new_page()
    await log_in(boss, centre, "boss")
    await expect(boss.locator("[data-test=balanced]")).to_be_visible(timeout=10_000)
    row = boss.locator("tr", has_text="技术支持").first
    await expect(row).to_be_visible()
    await boss.goto(f"{centre.settings.url}/#/calls/{story.record['call_id']}")
    await expect(boss.locator("[data-test=facts]")).to_be_visible(timeout=10_000)
    await boss.close()
