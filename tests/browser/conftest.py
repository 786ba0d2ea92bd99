"""A real Chromium on the built pages, against an engine that only talks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, ConsoleMessage, Page

from tests.browser.fake_engine import FakeEngine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def the_engine(built_pages: None) -> AsyncIterator[FakeEngine]:
    engine = FakeEngine()
    await engine.start()
    yield engine
    await engine.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def engine(the_engine: FakeEngine) -> FakeEngine:
    """As just started."""
    the_engine.reset()
    return the_engine


class Complaints(list[str]):
    """What the browser's console said that it should not have said."""

    def hear(self, message: ConsoleMessage) -> None:
        # The browser itself reports refused requests; tests that provoke one know.
        refused = message.text.startswith(("Failed to load resource", "WebSocket connection"))
        if message.type in ("error", "warning") and not refused:
            self.append(message.text)


@pytest_asyncio.fixture(loop_scope="session")
async def page(profile: BrowserContext, engine: FakeEngine) -> AsyncIterator[Page]:
    """A fresh page of a browser that remembers nothing; it may leave no error in its console."""
    page = await profile.new_page()
    complaints = Complaints()
    page.on("console", complaints.hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await page.evaluate("localStorage.clear()")
    for opened in profile.pages:
        await opened.close()
    await profile.clear_cookies()
    if complaints:
        pytest.fail(f"the console is not clean: {complaints}")
