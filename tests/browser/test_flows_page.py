"""The flows' page: what is in force, where callers are lost, and the way back."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import flow_samples
from tests.browser.acts import already_logged_in
from tests.browser.fake_engine import FakeEngine, moment

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_step_shows_its_figures_texts_and_ways(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei", "/#/flows")
    await expect(page.locator("[data-test=in-force]")).to_contain_text("第 2 次发布")
    await expect(page.locator("[data-tile=containment]")).to_have_text("31%")
    menu = page.locator("[data-step=main_menu]")
    await expect(menu).to_contain_text("挂断22%")
    await menu.click()
    step = page.locator("[data-test=step]")
    await expect(step).to_contain_text("销售咨询，请按1。")
    await expect(step).to_contain_text("For sales, press 1.")
    await expect(step.locator("li", has_text="→ sales")).to_contain_text("34%")


async def test_the_picture_follows_the_language_and_the_flow(
    page: Page, engine: FakeEngine
) -> None:
    await already_logged_in(page, engine, "zhaolei", "/#/flows")
    await expect(page.locator("[data-step=main_menu]")).to_contain_text("菜单")
    await page.click("[data-test=language]")
    await expect(page.locator("[data-step=main_menu]")).to_contain_text("menu")
    await page.click("[data-flow=straight_to_support]")
    await expect(page.locator("[data-step=support]")).to_contain_text("0 visits")
    await expect(page.locator("[data-step=main_menu]")).to_have_count(0)


async def test_a_refusal_is_seen_with_place_and_cure(page: Page, engine: FakeEngine) -> None:
    engine.refusal = {**flow_samples.REFUSAL, "at": moment(60)}
    await already_logged_in(page, engine, "zhaolei", "/#/flows")
    banner = page.locator("[data-test=refusal]")
    await expect(banner).to_contain_text("main.yaml:37:11")
    await expect(banner).to_contain_text("did you mean menu?")
    await expect(page.locator("[data-flow=main]")).to_contain_text("main.yaml")
    await expect(page.locator("[data-step=main_menu]")).to_be_visible()


async def test_an_administrator_compares_and_goes_back(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "lina", "/#/flows")
    await page.get_by_text("版本记录").click()
    older = page.locator("[data-publication='1']")
    await older.locator("[data-test=compare]").click()
    await expect(page.locator("[data-test=changes]")).to_contain_text("按 3 改为通向")
    await page.keyboard.press("Escape")
    await older.locator("[data-test=rollback]").click()
    await page.fill("[data-test=rollback-note]", "夜里有投诉")
    await page.click("[data-test=rollback-do]")
    heard = await engine.hear("rollback")
    assert (heard["number"], heard["note"]) == (1, "夜里有投诉")
    newest = page.locator("[data-publication='3']")
    await expect(newest).to_contain_text("退回到 1")
    await expect(newest).to_contain_text("使用中")


async def test_a_flow_is_seen_day_by_day(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei", "/#/flows")
    days = page.locator("[data-test=days]")
    await expect(days.locator("[data-day]")).to_have_count(14)
    await expect(days.locator("[data-day]").first).to_have_text("0")
    await expect(days).to_contain_text("30%")
    await page.click("[data-flow=straight_to_support]")
    await expect(days).to_contain_text("这些天没有来电从这里开始")


async def test_an_administrator_publishes_what_was_checked(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "lina", "/#/flows")
    await page.click("[data-test=publish-open-dialog]")
    dialog = page.locator("[data-test=publish]")
    publish = page.locator("[data-test=publish-do]")
    broken = flow_samples.TEXTS["main"].replace("type: menu", "type: menue", 1)
    await page.set_input_files(
        "[data-test=publish-files]",
        {"name": "main.yaml", "mimeType": "application/yaml", "buffer": broken.encode()},
    )
    await page.fill("[data-test=publish-note]", "菜单改字")
    await page.click("[data-test=publish-check]")
    problems = page.locator("[data-test=publish-problems]")
    await expect(problems).to_contain_text("did you mean menu?")
    await expect(publish).to_be_disabled()
    await problems.locator("button").first.click()
    text = page.locator("[data-test=publish-text]")
    assert await text.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)") == (
        "menue"
    )
    sound = "# 改过\n" + flow_samples.TEXTS["main"]
    await text.fill(sound)
    await expect(problems).to_have_count(0)
    await page.click("[data-test=publish-check]")
    await expect(page.locator("[data-test=publish-sound]")).to_be_visible()
    await page.fill("[data-test=publish-note]", "  ")
    await expect(publish).to_be_disabled()
    await page.fill("[data-test=publish-note]", "菜单改字")
    await publish.click()
    heard = await engine.hear("publish")
    assert heard["note"] == "菜单改字"
    assert heard["flows"] == {**flow_samples.TEXTS, "main": sound}
    await expect(dialog).to_have_count(0)
    await expect(page.locator("[data-test=in-force]")).to_contain_text("第 3 次发布")


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [("Main.txt", 10, "不是流程文件"), ("main.yaml", 524_289, "最多 512 KB")],
)
async def test_files_that_no_flow_can_be_are_not_taken(
    page: Page, engine: FakeEngine, name: str, size: int, said: str
) -> None:
    await already_logged_in(page, engine, "lina", "/#/flows")
    await page.click("[data-test=publish-open-dialog]")
    await page.set_input_files(
        "[data-test=publish-files]",
        {"name": name, "mimeType": "text/plain", "buffer": b"#" * size},
    )
    await expect(page.locator("[data-test=publish] [role=alert]")).to_contain_text(said)
    await expect(page.locator("[data-draft]")).to_have_count(0)


async def test_a_supervisor_looks_and_changes_nothing(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei", "/#/flows")
    await page.get_by_text("版本记录").click()
    await expect(page.locator("[data-publication='1']")).to_be_visible()
    await expect(page.locator("[data-test=rollback]")).to_have_count(0)
    await expect(page.locator("[data-test=publish-open-dialog]")).to_have_count(0)
    await expect(page.get_by_text("只有管理员可以发布或退回。")).to_be_visible()


async def test_an_agent_has_no_such_page(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "wangfang", "/#/flows")
    await expect(page).to_have_url(f"{engine.url}/#/desk")
