"""A call as the agent's page lives through it."""

from __future__ import annotations

import asyncio
from time import perf_counter

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.acts import sees_card, sees_no_card, sees_state, sit_down
from tests.browser.fake_engine import FakeEngine, moment

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOWN_WITHIN_S = 0.5
"""Far above what is measured (some 30 ms), far below a ring: two busy cores must not fail it."""


async def test_the_card_is_acknowledged_once_it_is_on_the_screen(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    await engine.state("ready")
    await sees_state(page, "ready")
    began = perf_counter()
    await engine.call_comes(samples.pop(moment))
    acknowledged = await engine.hear("pop_shown")
    took_s = perf_counter() - began

    assert acknowledged["offer_id"] == "offer-1"
    assert took_s < SHOWN_WITHIN_S
    await sees_card(page, "周晓岚")
    card = page.locator("[data-test=card]")
    await expect(card.locator("[data-test=vip]")).to_have_text("VIP · 金卡")
    await expect(card.locator("[data-test=number]")).to_have_text("138 0000 0001")
    await expect(card.locator("[data-test=queue]")).to_have_text("技术支持")
    await expect(card.locator("[data-test=path] li")).to_have_text(["主菜单", "技术支持"])
    await expect(card.locator("[data-test=history] li")).to_have_count(3)
    await expect(card.locator("[data-test=unverified]")).to_have_count(0)
    await expect(page.locator("[data-test=articles] li")).to_have_count(3)


async def test_a_card_told_again_after_a_lost_connection_is_acknowledged_again(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.hear("pop_shown")
    await engine.drop_sockets()
    await sees_state(page, "offline")
    await sees_state(page, "offered")
    await engine.say(pop)
    assert (await engine.hear("pop_shown"))["offer_id"] == "offer-1"
    await sees_card(page, "周晓岚")
    await expect(page.locator("[data-test=card]")).to_have_count(1)


async def test_the_engine_s_own_reasons_are_told_in_words(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await engine.state("not_ready", reason="missed_offers")
    await expect(page.locator("[data-test=state]")).to_have_text("示忙 · 多次未接")


async def test_an_unknown_unverified_caller_is_shown_as_such(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    await engine.call_comes(samples.stranger(moment))
    await sees_card(page, "未知来电")
    await expect(page.locator("[data-test=unverified]")).to_contain_text("号码未验证")
    await expect(page.locator("[data-test=card]")).to_contain_text("第一次来电")
    await expect(page.locator("[data-test=vip]")).to_have_count(0)


async def test_text_from_outside_stays_text(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    name = "<img src=x onerror=alert(1)>"
    pop = samples.pop(moment)
    pop["customer"]["name"] = name
    await engine.call_comes(pop)
    await sees_card(page, name)


async def test_wrap_up_by_keyboard_and_back_to_ready(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await sees_state(page, "talking")
    await engine.caller_hangs_up(pop)
    await sees_state(page, "wrap_up")

    await page.keyboard.press("Control+Enter")
    await expect(page.locator("[data-test=missing]")).to_contain_text("请先选择通话结果")
    await page.keyboard.press("2")
    await expect(page.locator("[data-test=missing]")).to_have_count(0)
    await page.fill("[data-test=note]", "2 天内回电")
    await page.keyboard.press("Control+Enter")

    said = await engine.hear("disposition")
    assert said == {
        "type": "disposition",
        "call_id": "call-live",
        "disposition": "follow_up",
        "note": "2 天内回电",
    }
    await engine.hear("ready")
    await engine.state("ready")
    await sees_state(page, "ready")
    await sees_no_card(page)
    await expect(page.locator("[data-test=unfinished]")).to_have_count(0)


async def test_a_wrap_up_is_made_longer_by_button_and_by_key(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    wrapping = {"call_id": pop["call_id"], "wrap_up_until": moment(-20)}
    await engine.state("wrap_up", **wrapping, extensions_left=2)
    more = page.locator("[data-test=more-time]")
    await expect(more).to_contain_text("剩 2 次")
    await more.click()
    await engine.hear("extend_wrap_up")
    await engine.state("wrap_up", **wrapping, extensions_left=1)
    await expect(more).to_contain_text("剩 1 次")
    await page.keyboard.press("F4")
    await engine.hear("extend_wrap_up")
    await engine.state("wrap_up", **wrapping, extensions_left=0)
    await expect(more).to_have_count(0)
    await page.keyboard.press("F4")
    await page.keyboard.press("F8")
    await page.keyboard.press("F8")
    await engine.hear("ready")
    assert engine.heard.empty()


async def test_a_wrap_up_without_end_counts_nothing_down_and_has_a_done_button(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await engine.state("wrap_up", call_id=pop["call_id"], wrap_up_until=None)
    await expect(page.locator("[data-test=until-done]")).to_contain_text("整理不限时")
    await expect(page.locator(".track")).to_have_count(0)
    await expect(page.locator("[data-test=save]")).to_contain_text("整理完成并就绪")
    await page.keyboard.press("1")
    await page.click("[data-test=save]")
    await engine.hear("disposition")
    await engine.hear("ready")


async def test_digits_typed_into_the_note_choose_nothing(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    note = page.locator("[data-test=note]")
    await note.press_sequentially("123")
    await expect(note).to_have_value("123")
    await expect(page.locator("[data-disposition][aria-checked=true]")).to_have_count(0)
    await engine.caller_hangs_up(pop)
    await sees_state(page, "wrap_up")
    await expect(note).to_have_value("123")
    await expect(note).to_be_focused()


async def test_a_choice_made_is_saved_when_the_wrap_up_runs_out(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await page.wait_for_selector("[data-test=wrap-up]")
    await page.keyboard.press("1")
    await engine.caller_hangs_up(pop)
    await engine.state("ready")
    said = await engine.hear("disposition")
    assert (said["call_id"], said["disposition"]) == ("call-live", "solved")


async def test_a_missing_disposition_can_be_caught_up_on(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await engine.caller_hangs_up(pop)
    await engine.state("ready")
    await expect(page.locator("[data-test=unfinished]")).to_contain_text("周晓岚")
    await page.click("[data-test=unfinished] [data-disposition=complaint]")
    await page.click("[data-test=unfinished] [data-test=save]")
    said = await engine.hear("disposition")
    assert (said["call_id"], said["disposition"]) == ("call-live", "complaint")
    await expect(page.locator("[data-test=unfinished]")).to_have_count(0)


async def test_a_refused_disposition_comes_back_to_the_agent(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await engine.caller_hangs_up(pop)
    await page.wait_for_selector("[data-test=save]")
    await page.keyboard.press("1")
    await page.keyboard.press("Control+Enter")
    await engine.hear("disposition")
    await engine.state("ready")
    refusal = {"id": "call.unknown", "message": "Not yours.", "request": "disposition"}
    await engine.say({"type": "refused", **refusal})
    await expect(page.locator("[data-test=notice]")).to_contain_text("这不是您接听过的通话")
    await expect(page.locator("[data-test=unfinished]")).to_be_visible()


async def test_a_missed_offer_takes_its_card_away_and_says_so(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await sees_card(page, "周晓岚")
    await engine.state("not_ready", reason="")
    ended = {"offer_id": pop["offer_id"], "call_id": pop["call_id"], "result": "missed"}
    await engine.say({"type": "offer_ended", **ended})
    await sees_no_card(page)
    await expect(page.locator("[data-test=notice]")).to_contain_text("周晓岚 的来电超时未接")


async def test_ready_and_not_ready_by_keys(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await page.keyboard.press("F8")
    await engine.hear("ready")
    await engine.state("ready")
    await sees_state(page, "ready")
    await page.keyboard.press("F9")
    await page.keyboard.press("2")
    assert (await engine.hear("not_ready"))["reason"] == "meal"


async def test_not_ready_during_a_call_is_shown_as_meant_for_later(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await sees_state(page, "talking")
    await page.keyboard.press("F9")
    await page.keyboard.press("1")
    await engine.hear("not_ready")
    await expect(page.locator("[data-test=after-call]")).to_contain_text("小休")


async def test_a_pop_does_not_take_the_focus_from_a_field(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    search = page.locator("[data-test=search]")
    await page.keyboard.press("F2")
    await expect(search).to_be_focused()
    await engine.call_comes(samples.pop(moment))
    await engine.hear("pop_shown")
    await expect(search).to_be_focused()


async def test_an_article_opens_beside_the_call(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment)
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await page.fill("[data-test=search]", "发票")
    await expect(page.locator("[data-test=articles] li")).to_have_count(1)
    await page.click("[data-test=articles] button")
    await expect(page.locator("[data-test=article] mark")).to_contain_text("电子发票")
    await page.fill("[data-test=note]", "还能记录")
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-test=article]")).to_have_count(0)
    await sees_card(page, "周晓岚")


async def test_a_pop_brings_the_agent_back_from_another_page(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    await page.goto(f"{engine.url}/#/calls")
    await expect(page.locator("[data-call=call-0]")).to_be_visible()
    await engine.call_comes(samples.pop(moment))
    await engine.hear("pop_shown")
    await sees_card(page, "周晓岚")


async def test_the_page_comes_back_by_itself_and_believes_the_server(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    await engine.state("ready")
    await sees_state(page, "ready")
    engine.refuse_sockets = True
    await engine.drop_sockets()
    await expect(page.locator("[data-test=offline]")).to_be_visible()
    await sees_state(page, "offline")
    await expect(page.locator("[data-test=not-ready]")).to_be_disabled()

    await engine.state("not_ready", reason="training")
    engine.refuse_sockets = False
    await sees_state(page, "not_ready")
    await expect(page.locator("[data-test=state]")).to_contain_text("培训")
    await expect(page.locator("[data-test=offline]")).to_have_count(0)


async def test_a_reload_in_the_middle_of_a_call_restores_the_card_and_the_note(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    pop = samples.pop(moment, call="call-0")
    await engine.call_comes(pop)
    await engine.agent_answers(pop)
    await page.fill("[data-test=note]", "记了一半")
    await page.reload()
    await sees_card(page, "周晓岚")
    await expect(page.locator("[data-test=note]")).to_have_value("记了一半")


async def test_an_unreachable_phone_is_shown_loudly(page: Page, engine: FakeEngine) -> None:
    await sit_down(page, engine)
    await engine.state("ready", phone="unreachable")
    await expect(page.locator("[data-test=phone-alarm]")).to_contain_text("来电无法送达")
    await expect(page.locator("[data-test=idle]")).to_contain_text("话机离线")
    await engine.state("ready")
    await expect(page.locator("[data-test=phone-alarm]")).to_have_count(0)


async def test_a_second_page_takes_over_and_the_first_may_take_back(
    page: Page, engine: FakeEngine
) -> None:
    await sit_down(page, engine)
    other = await page.context.new_page()
    await other.goto(f"{engine.url}/#/desk")
    await sees_state(other, "not_ready")
    await page.bring_to_front()
    await expect(page.locator("[data-test=taken-over]")).to_be_visible()
    await page.click("[data-test=taken-over] button")
    await sees_state(page, "not_ready")
    await expect(other.locator("[data-test=taken-over]")).to_be_visible()


async def test_a_hidden_page_acknowledges_too(page: Page, engine: FakeEngine) -> None:
    """A page behind others gets no animation frames."""
    await page.add_init_script(
        "window.requestAnimationFrame = () => 0;"
        "Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })"
    )
    await sit_down(page, engine)
    async with asyncio.timeout(SHOWN_WITHIN_S):
        await engine.call_comes(samples.pop(moment))
        await engine.hear("pop_shown")
    await page.wait_for_function("document.title.startsWith('来电')")
