"""Logging in, the language, and the theme."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import log_in, sees_state, sit_down
from tests.browser.fake_engine import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wrong_password_is_refused_and_the_right_one_opens_the_desk(
    page: Page, engine: FakeEngine
) -> None:
    await log_in(page, engine, "wangfang", "wrong")
    await expect(page.locator("[data-test=fault]")).to_have_text("用户名或密码不正确。")
    await expect(page.locator("#password")).to_be_focused()
    await expect(page.locator("#password")).to_have_value("")

    await page.fill("#password", "right")
    await page.keyboard.press("Enter")
    await sees_state(page, "not_ready")
    await expect(page.locator("[data-test=state]")).to_contain_text("示忙 · 小休")


async def test_a_supervisor_lands_on_the_report_and_has_no_desk(
    page: Page, engine: FakeEngine
) -> None:
    await log_in(page, engine, "zhaolei")
    await expect(page.locator("[data-queue=sales]")).to_be_visible()
    await page.goto(f"{engine.url}/#/desk")
    await expect(page.locator("[data-queue=sales]")).to_be_visible()
    await expect(page.locator("[data-test=state]")).to_have_count(0)


async def test_an_agent_does_not_get_the_report(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await page.goto(f"{engine.url}/#/report")
    await sees_state(page, "not_ready")
    await expect(page.locator("[data-test=balanced]")).to_have_count(0)


async def test_the_language_is_switched_and_remembered(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await page.click("[data-test=language]")
    await expect(page.locator("[data-test=ready]")).to_contain_text("Ready")
    await expect(page.locator("[data-test=state]")).to_contain_text("Break")
    await page.reload()
    await expect(page.locator("[data-test=ready]")).to_contain_text("Ready")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_the_dark_theme_is_remembered(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await page.click("[data-test=theme]")
    await page.reload()
    await sees_state(page, "not_ready")
    await expect(page.locator("html")).to_contain_class("dark")


async def test_logging_out_leads_back_to_the_login(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await page.click("[data-test=logout]")
    await expect(page.locator("#username")).to_be_visible()
    await page.goto(f"{engine.url}/#/desk")
    await expect(page.locator("#username")).to_be_visible()
