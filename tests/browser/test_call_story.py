"""A call's story: every fact in plain words of the reader's language, and what callers spoke."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.acts import already_logged_in
from tests.browser.fake_engine import FakeEngine, moment

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = {
    "flow.entered": "总机 · 版本 1 · 普通话",
    "flow.stepped": "主菜单 · 按 2",
    "article.read": "主菜单 · 文章 broadband · 来电者表示未解决",
    "survey.answered": "4 分（满分 5 分） · 王芳 1001",
    "transfer.began": "外线 · 139 1234 5678",
    "call.transferred": "139 1234 5678 · 不允许外呼 · 今日外呼已达上限",
    "message.left": "语音信箱 · sales · 时长 00:21",
}
ENGLISH = {
    "flow.entered": "Main number · version 1 · Mandarin",
    "flow.stepped": "Main menu · pressed 2",
    "article.read": "Main menu · article broadband · the caller says it did not help",
    "survey.answered": "4 of 5 · 王芳 1001",
    "transfer.began": "outside line · 139 1234 5678",
    "call.transferred": "139 1234 5678 · not allowed · limit of the day reached",
    "message.left": "voicemail · sales · length 00:21",
}


async def opened(page: Page, engine: FakeEngine, who: str) -> None:
    engine.more_facts = samples.flow_facts(moment)
    await already_logged_in(page, engine, who, "/#/calls")
    await page.locator("tbody tr").first.click()
    await expect(page.locator("[data-test=facts]")).to_be_visible()


async def test_each_fact_is_said_in_both_languages(page: Page, engine: FakeEngine) -> None:
    await opened(page, engine, "zhaolei")
    asked = page.locator("[data-kind='outside.asked']")
    await expect(asked.first).to_contain_text("系统 billing · 未及时答复 · 2003 毫秒")
    await expect(asked.last).to_contain_text("客户资料 · 已找到 · 1 毫秒")
    for kind, said in CHINESE.items():
        await expect(page.locator(f"[data-kind='{kind}'] p")).to_have_text(said)
    await page.keyboard.press("Escape")
    await page.click("[data-test=language]")
    await page.locator("tbody tr").first.click()
    for kind, said in ENGLISH.items():
        await expect(page.locator(f"[data-kind='{kind}'] p")).to_have_text(said)


async def test_what_this_page_does_not_know_is_no_riddle(page: Page, engine: FakeEngine) -> None:
    await opened(page, engine, "zhaolei")
    unknown = page.locator("[data-kind='call.teleported']")
    await expect(unknown).to_contain_text("其他事件")
    for riddle in ("{", "[object", "undefined", "null"):
        await expect(page.locator("[data-test=facts]")).not_to_contain_text(riddle)


async def test_supervisors_hear_what_the_caller_left(page: Page, engine: FakeEngine) -> None:
    await opened(page, engine, "zhaolei")
    message = page.locator("[data-test=message]")
    await expect(message).to_contain_text("第 1 段 · 语音信箱 sales")
    assert await message.locator("audio").get_attribute("src") == "/api/calls/call-0/messages/1"


async def test_agents_read_that_there_is_a_message(page: Page, engine: FakeEngine) -> None:
    await opened(page, engine, "wangfang")
    await expect(page.locator("[data-kind='message.left']")).to_be_visible()
    await expect(page.locator("audio")).to_have_count(0)


async def test_a_transferred_call_says_so(page: Page, engine: FakeEngine) -> None:
    engine.calls[0]["outcome"] = "transferred"
    await already_logged_in(page, engine, "zhaolei", "/#/calls")
    await expect(page.locator("tbody tr").first).to_contain_text("已转接")
