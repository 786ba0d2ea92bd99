"""What a person does on the pages."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.fake_engine import FakeEngine


async def log_in(page: Page, engine: FakeEngine, username: str, password: str = "right") -> None:
    await page.goto(engine.url)
    await page.fill("#username", username)
    await page.fill("#password", password)
    await page.click("[data-test=submit]")


async def already_logged_in(page: Page, engine: FakeEngine, username: str, at: str = "") -> None:
    """``at``: the page that is opened first, as ``/#/calls``; else the person's own."""
    cookie = {"name": "cc_session", "value": username, "url": engine.url}
    await page.context.add_cookies([cookie])  # type: ignore[list-item]
    await page.goto(engine.url + at)


async def sit_down(page: Page, engine: FakeEngine) -> None:
    """The agent, logged in before, is at her desk, and the page knows her state."""
    await already_logged_in(page, engine, "wangfang")
    await sees_state(page, "not_ready")


async def sees_state(page: Page, state: str) -> None:
    await expect(page.locator("[data-test=state]")).to_have_attribute("data-state", state)


async def sees_card(page: Page, name: str) -> None:
    await expect(page.locator("[data-test=customer]")).to_have_text(name)


async def sees_no_card(page: Page) -> None:
    await expect(page.locator("[data-test=card]")).to_have_count(0)
