"""Why a call went where it went, in the call's drawer; and what its story tells of its wait."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import floor_samples
from tests.browser.acts import already_logged_in
from tests.browser.fake_engine import FakeEngine, moment

OPENS_WITHIN_MS = 15_000
"""A page, a list and a drawer one after the other, on a busy machine."""

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def open_call(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei", at="/#/calls/call-0")
    await expect(page.locator("[data-test=call-detail]")).to_be_visible(timeout=OPENS_WITHIN_MS)


async def ask_why(page: Page, engine: FakeEngine) -> None:
    await open_call(page, engine)
    await page.click("[data-test=ask-why]")


async def test_each_offer_says_who_was_chosen_and_why_not_the_others(
    page: Page, engine: FakeEngine
) -> None:
    await ask_why(page, engine)
    first, second = (page.locator(f"[data-test=why] [data-offer='{n}']") for n in (1, 2))
    await expect(first).to_contain_text("第 1 次派单：王芳 1001")
    await expect(first.locator("[data-test=became]")).to_have_text("超时未接")
    await expect(first.locator("[data-agent='1001']")).to_have_attribute("data-why", "chosen")
    await expect(first).to_contain_text("按“技能最高”，1001 在前，排第 2")
    await expect(first).to_contain_text("72.0 s = 优先秒数 60.0 s + 1 × 已等待 12.0 s")
    await expect(first).to_contain_text("英语 ≥ 3")
    await expect(first).to_contain_text("3f2a91c0")
    await expect(second.locator("[data-test=became]")).to_have_text("坐席接听")
    await expect(second.locator("[data-test=rivals]")).to_contain_text("排序值较低（9.0 秒）")


async def test_those_who_could_not_be_rung_are_counted_by_reason_and_unfold(
    page: Page, engine: FakeEngine
) -> None:
    await ask_why(page, engine)
    away = page.locator("[data-offer='1'] [data-why=logged_out]")
    await expect(away.locator("summary")).to_have_text("未签入 2")
    await expect(away.get_by_text("刘洋 1004")).to_be_hidden()
    await away.locator("summary").click()
    await expect(away.get_by_text("刘洋 1004")).to_be_visible()


async def test_a_call_never_offered_says_why_nobody(page: Page, engine: FakeEngine) -> None:
    engine.why = floor_samples.why_nobody(moment)
    await ask_why(page, engine)
    why = page.locator("[data-test=why]")
    await expect(why).to_contain_text("没有振铃过任何坐席")
    await expect(why.locator("[data-when=left]")).to_contain_text("技能不足")
    await expect(why.locator("[data-when=left]")).to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("error", "said"),
    [("why.unknown", "不再保留"), ("server.busy", "其他人正在查询"), ("why.failed", "无法重演")],
)
async def test_what_cannot_be_told_is_said_clearly(
    page: Page, engine: FakeEngine, error: str, said: str
) -> None:
    engine.why = error
    await ask_why(page, engine)
    await expect(page.locator("[data-test=why-fault]")).to_contain_text(said)


async def test_who_was_told_that_others_ask_may_ask_again(page: Page, engine: FakeEngine) -> None:
    engine.why = "server.busy"
    await ask_why(page, engine)
    await expect(page.locator("[data-test=ask-why]")).to_have_text("重试")
    engine.why = floor_samples.why(moment)
    await page.click("[data-test=ask-why]")
    await expect(page.locator("[data-test=why] [data-offer='2']")).to_be_visible()


async def test_the_story_tells_of_rules_needs_expectations_and_callbacks(
    page: Page, engine: FakeEngine
) -> None:
    engine.more_facts = floor_samples.facts_of_a_wait(moment)
    await open_call(page, engine)
    facts = page.locator("[data-test=facts]")
    for kind, said in {
        "call.overflowed": "规则 too_long · 转队列 · → 人工台",
        "need.relaxed": "英语 ≥ 2、级别 ≤ 1",
        "wait.expected": "01:20 – 02:30 · 已向来电者播报 · 粗略估计 01:40",
        "callback.asked": "138 0000 0001",
        "callback.attempted": "第 1 次 · 无人接听",
        "callback.ended": "多次未接通，已放弃 · 共 3 次",
    }.items():
        await expect(facts.locator(f"[data-kind='{kind}']")).to_contain_text(said)
    moved = facts.locator("[data-kind='call.queued']").last
    await expect(moved).to_contain_text("技术支持 → 人工台")
