"""When the agent has hung up the caller says what it thinks of the talk."""

from __future__ import annotations

import pytest

from simphones.callers import Call
from simphones.phones import Phone
from tests.kit.centre import Centre
from tests.people_on_the_phone.people import spoken

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def talking(centre: Centre, ani: str) -> tuple[Call, Phone]:
    _, phone = await centre.agent("1002")
    call = await centre.callers.call("5002", ani=ani)
    await phone.rings(within=15)
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(1000, within=5)
    return call, phone


async def test_a_low_score_is_asked_for_its_reason(centre: Centre) -> None:
    call, phone = await talking(centre, "13950020001")
    await phone.hang_up()
    assert await call.hears(940, within=10)
    await call.press("1")
    assert await call.hears(1140, within=10)
    await spoken(centre, 1.0)
    await call.press("#")
    assert await call.hears(640, within=10)
    await call.ended(within=10)

    story = await centre.story("13950020001", lambda s: "call.ended" in s.kinds())
    answer = story.one("survey.answered")
    assert (answer["survey"], answer["score"], answer["of"]) == ("after_talk", 1, 3)
    assert (answer["queue"], answer["agent_id"]) == ("support", "1002")
    assert story.one("message.left")["purpose"] == "reason"
    assert story.record["outcome"] == "answered"


async def test_a_good_score_is_thanked_for_at_once(centre: Centre) -> None:
    call, phone = await talking(centre, "13950020002")
    await phone.hang_up()
    assert await call.hears(940, within=10)
    await call.press("7")
    await call.press("3")
    assert await call.hears(640, within=10)
    await call.ended(within=10)

    story = await centre.story("13950020002", lambda s: "call.ended" in s.kinds())
    assert story.one("survey.answered")["score"] == 3
    assert "message.left" not in story.kinds()


async def test_a_caller_who_hangs_up_first_is_asked_nothing(centre: Centre) -> None:
    call, _ = await talking(centre, "13950020003")
    await call.hang_up()

    story = await centre.story("13950020003", lambda s: "call.ended" in s.kinds())
    assert "survey.answered" not in story.kinds()
    assert story.one("talk.ended")["by"] == "caller"


async def test_a_hang_up_in_the_reason_keeps_the_score(centre: Centre) -> None:
    call, phone = await talking(centre, "13950020004")
    await phone.hang_up()
    assert await call.hears(940, within=10)
    await call.press("1")
    await spoken(centre, 0.5)
    await call.hang_up()

    story = await centre.story("13950020004", lambda s: "call.ended" in s.kinds())
    assert story.one("survey.answered")["score"] == 1
