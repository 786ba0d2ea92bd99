"""A real Chromium, and the pages built when their sources have changed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

ROOT = Path(__file__).parents[2]
BUILD_WITHIN_S = 300
SHOWN_WITHIN_MS = 5_000
ARGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def built_pages() -> None:
    """Builds the pages when their sources have changed; else this takes no time."""
    builder = await asyncio.create_subprocess_exec(
        str(ROOT / "scripts" / "build-ui"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(BUILD_WITHIN_S):
        said, _ = await builder.communicate()
    assert builder.returncode == 0, said.decode()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "install chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def profile(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One for all tests, so that the pages' scripts are compiled once; each test finds it empty."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 720},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(SHOWN_WITHIN_MS)
    yield context
    await context.close()
