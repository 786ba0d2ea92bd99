"""The supervisor's report and calls."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import samples
from tests.browser.acts import already_logged_in
from tests.browser.fake_engine import FakeEngine

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_report_shows_its_rows_and_how_they_are_counted(
    page: Page, engine: FakeEngine
) -> None:
    await already_logged_in(page, engine, "zhaolei")
    support = page.locator("[data-queue=support] td")
    await expect(support.nth(0)).to_have_text("96")
    await expect(support.nth(8)).to_contain_text("68.7%")
    await expect(support.nth(9)).to_have_text("00:24")
    await expect(page.locator("[data-tile=offered]")).to_have_text("156")
    await expect(page.locator("[data-test=balanced]")).to_contain_text("账目平衡")
    await page.hover("[data-metric=service_level]")
    await expect(page.get_by_role("tooltip").filter(has_text="规定秒数内")).to_be_visible()


async def test_the_report_follows_by_itself(page: Page, engine: FakeEngine) -> None:
    # Its five seconds pass in a tenth of one.
    await page.add_init_script(
        "const wait = window.setTimeout;"
        "window.setTimeout = (act, ms, ...more) => wait(act, ms === 5000 ? 100 : ms, ...more)"
    )
    await already_logged_in(page, engine, "zhaolei")
    await expect(page.locator("[data-tile=offered]")).to_have_text("156")
    engine.report["total"]["offered"] = 157
    engine.report["balanced"] = False
    await expect(page.locator("[data-tile=offered]")).to_have_text("157")
    await expect(page.locator("[data-test=balanced]")).to_contain_text("账目不平")


async def test_a_week_is_seven_local_days(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei")
    await expect(page.locator("[data-queue=sales]")).to_be_visible()
    async with page.expect_request("**/api/report/queues?*") as asked:
        await page.get_by_text("近 7 天").click()
    days = await page.evaluate(
        "address => { const q = new URL(address).searchParams;"
        " return (new Date(q.get('to')) - new Date(q.get('from'))) / 86400000 }",
        (await asked.value).url,
    )
    assert 6 <= days < 7


async def test_a_row_leads_to_its_calls_and_a_call_to_its_story(
    page: Page, engine: FakeEngine
) -> None:
    await already_logged_in(page, engine, "zhaolei")
    await page.get_by_text("近 7 天").click()
    await page.click("[data-queue=support]")
    rows = page.locator("[data-test=calls] tr")
    await expect(rows.first).to_contain_text("技术支持")
    await expect(rows).to_have_count(5)
    await page.click("[data-call=call-0]")
    detail = page.locator("[data-test=call-detail]")
    await expect(detail).to_contain_text("138 0000 0001")
    await expect(detail.locator("[data-kind='pop.delivered']")).to_contain_text("38 ms")
    length = "audio => new Promise(done => audio.duration ? done(audio.duration) :"
    length += " audio.addEventListener('loadedmetadata', () => done(audio.duration)))"
    assert await detail.locator("audio").evaluate(length) == pytest.approx(2.0, abs=0.1)
    await page.keyboard.press("Escape")
    await expect(detail).to_be_hidden()
    await expect(rows).to_have_count(5)


async def test_satisfaction_and_callbacks_have_their_tables(page: Page, engine: FakeEngine) -> None:
    await already_logged_in(page, engine, "zhaolei", "/#/report")
    await expect(page.locator("[data-queue=sales]")).to_be_visible()
    await expect(page.locator("[data-test=surveys]")).to_have_count(0)
    await expect(page.locator("[data-test=callbacks]")).to_have_count(0)
    engine.surveys = samples.surveys()
    engine.report["total"].update(samples.CALLBACKS)
    await page.reload()
    surveys = page.locator("[data-test=surveys]")
    await expect(surveys.locator("tbody tr").first).to_contain_text("王芳 1001")
    await expect(surveys.locator("tbody tr").first).to_contain_text("4.58 / 5")
    await expect(surveys.locator("tbody tr").last).to_contain_text("未与坐席通话")
    await expect(surveys.locator("tfoot")).to_contain_text("4.20 / 5")
    await expect(page.locator("[data-test=callbacks] tfoot")).to_contain_text("6")


@pytest.mark.parametrize("path", ["report", "calls", "flows", "floor"])
async def test_a_narrow_page_is_not_wider_than_its_screen(
    page: Page, engine: FakeEngine, path: str
) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await already_logged_in(page, engine, "lina", f"/#/{path}")
    await expect(page.locator("h1")).to_be_visible()
    await page.click("[data-test=language]")  # English words are the longer ones
    await expect(page.locator("nav a")).to_have_count(4)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
