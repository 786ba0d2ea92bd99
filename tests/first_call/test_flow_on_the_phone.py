"""What callers do in the flow, on a real line: English, the wrong keys, an answer read out."""

from __future__ import annotations

import pytest

from simphones import audio
from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_english_by_nine_and_an_answer_from_the_knowledge_base(centre: Centre) -> None:
    call = await centre.callers.call("4001", ani="13944440001")
    await call.answered(within=5)
    await call.press("9")
    await centre.passed("opening_hours", ani="13944440001")

    await call.press("3")

    story = await centre.passed("broadband_fault", ani="13944440001", within=40)
    assert [fact["result"] for fact in story.all("flow.stepped")][-1] == "found"
    assert audio.level_of(call.heard()[-8_000 * 4 :]) > -45
    await call.hang_up()
    story = await centre.story("13944440001", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "left_in_flow"
    assert story.one("flow.ended")["step"] == "after_answer"


async def test_only_wrong_keys_lead_to_a_person(centre: Centre) -> None:
    page, phone = await centre.agent("1001")
    call = await centre.callers.call("4001", ani="13944440002")
    await call.answered(within=5)
    await call.press("9")
    story = await centre.passed("opening_hours", ani="13944440002")

    # a key during the menu cuts it; wrong three times, the flow gives up and calls a person
    for _ in range(3):
        mark = centre.asterisk.log_text().count("Playing")
        await call.press("7")
        await centre.asterisk_plays_more(than=mark)

    pop = await page.pop(within=20)
    await phone.rings(within=5)
    assert pop.message["queue"] == "operator"
    last = pop.message["path"][-1]
    assert (last["step"], last["result"]) == ("main_menu", "invalid")
    assert last["led_to"]["zh-CN"] == "人工"
    assert pop.message["language"] == "en"
    await call.hang_up()
    story = await centre.story("13944440002", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "abandoned"


async def test_who_waits_is_told_its_place_and_an_offer_cuts_the_words(centre: Centre) -> None:
    call = await centre.callers.call("4002", ani="13944440003")
    await centre.story("13944440003", lambda s: "call.queued" in s.kinds(), within=15)
    mark = centre.asterisk.log_text().count("Playing")
    await centre.asterisk_plays_more(than=mark)

    page, phone = await centre.agent("1002")
    await page.pop(within=5)
    await phone.rings(within=2)
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(1000, within=5)
    await call.hang_up()
    story = await centre.story("13944440003", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "answered"
    assert "call.broke" not in centre.log_text()
