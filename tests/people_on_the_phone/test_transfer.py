"""A flow connects callers with people who wait for no call of a queue."""

from __future__ import annotations

import asyncio

import pytest

from tests.kit.centre import Centre
from tests.people_on_the_phone.people import OUTSIDE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_colleague_answers_and_hangs_up_first(centre: Centre) -> None:
    colleague = await centre.phone("1003")
    call = await centre.callers.call("5003", ani="13950030001")
    ring = await colleague.rings(within=10)
    assert ring is not None
    await colleague.answer()
    await colleague.talking(within=5)
    assert await call.hears(1000, within=5)
    await call.press("*")  # keys of a caller do nothing in a talk
    await call.listened(1.0, within=5)
    await colleague.hang_up()
    assert await call.hears(640, within=5)
    await call.ended(within=10)

    story = await centre.story("13950030001", lambda s: "call.ended" in s.kinds())
    told = story.one("call.transferred")
    assert (told["to"], told["result"]) == ("1003", "answered")
    assert told["talk_s"] > 1
    assert story.record["outcome"] == "transferred"


async def test_nobody_answers_and_nobody_is_there(centre: Centre) -> None:
    call = await centre.callers.call("5003", ani="13950030002")
    assert await call.hears(1660, within=10)
    await call.ended(within=10)
    colleague = await centre.phone("1003")
    call = await centre.callers.call("5003", ani="13950030003")
    await colleague.rings(within=10)
    assert await call.hears(780, within=10)
    await call.ended(within=10)

    absent = await centre.story("13950030002", lambda s: "call.ended" in s.kinds())
    silent = await centre.story("13950030003", lambda s: "call.ended" in s.kinds())
    assert absent.one("call.transferred")["result"] == "unreachable"
    assert silent.one("call.transferred")["result"] == "no_answer"
    assert silent.one("call.transferred")["rang_s"] == pytest.approx(5, abs=1.5)
    assert silent.record["outcome"] == "self_served"


async def test_who_talks_by_a_transfer_is_offered_no_call_of_its_queue(centre: Centre) -> None:
    page, phone = await centre.agent("1003")
    transferred = await centre.callers.call("5003", ani="13950030004")
    await phone.rings(within=10)
    await phone.answer()
    await phone.talking(within=5)
    waiting = await centre.callers.call("5007", ani="13950030005")
    await centre.story("13950030005", lambda s: "call.queued" in s.kinds(), within=15)

    # a second caller for the same colleague is told that it is busy, and does not ring it
    second = await centre.callers.call("5003", ani="13950030006")
    assert await second.hears(1380, within=10)
    story = await centre.story("13950030005", lambda s: True)
    assert "offer.made" not in story.kinds()

    await transferred.hang_up()
    pop = await page.pop(within=10)
    assert pop.message["ani"] == "13950030005"
    await phone.rings(within=5)
    await waiting.hang_up()
    story = await centre.story("13950030004", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "transferred"
    assert story.one("call.transferred")["result"] == "answered"


async def test_all_phones_of_a_group_ring_and_the_first_has_the_caller(centre: Centre) -> None:
    first, second = await centre.phone("1003"), await centre.phone("1004", hz=1500)
    call = await centre.callers.call("5004", ani="13950030007")
    await asyncio.gather(first.rings(within=10), second.rings(within=10))
    await second.answer()
    await second.talking(within=5)
    assert await call.hears(1500, within=5)
    assert (await first.ended(within=5)).answered_at is None
    await call.hang_up()

    story = await centre.story("13950030007", lambda s: "call.ended" in s.kinds())
    assert story.one("call.transferred")["result"] == "answered"


async def test_the_phones_of_a_group_ring_in_order(centre: Centre) -> None:
    first, second = await centre.phone("1003"), await centre.phone("1004")
    call = await centre.callers.call("5005", ani="13950030008")
    await first.rings(within=10)
    await first.ended(within=10)
    await second.rings(within=5)
    await second.answer()
    await second.talking(within=5)
    await second.hang_up()
    assert await call.hears(640, within=5)

    story = await centre.story("13950030008", lambda s: "call.ended" in s.kinds())
    told = [(fact["to"], fact["result"]) for fact in story.all("call.transferred")]
    assert told == [("1003", "no_answer"), ("1004", "answered")]


async def test_an_outside_number_of_the_list_and_its_limit(centre: Centre) -> None:
    outside = await centre.customer("13950039999", port=OUTSIDE, hz=1200)
    for time in range(2):
        call = await centre.callers.call("5006", ani=f"1395003010{time}")
        assert await call.hears(2000, within=10)
        await call.press("13950039999#")
        await outside.rings(within=10)
        await outside.answer()
        await outside.talking(within=5)
        assert await call.hears(1200, within=5)
        await outside.hang_up()
        assert await call.hears(640, within=5)
        await call.ended(within=10)
    call = await centre.callers.call("5006", ani="13950030102")
    assert await call.hears(2000, within=10)
    await call.press("13950039999#")
    assert await call.hears(2300, within=10)

    story = await centre.story("13950030102", lambda s: "call.ended" in s.kinds())
    told = story.one("call.transferred")
    assert (told["result"], told["why"]) == ("not_allowed", "number_too_often")
    assert "transfer.began" not in story.kinds()


@pytest.mark.parametrize("keyed", ["0012025550123#", "110#", "01012345678#"])
async def test_what_is_not_on_the_list_is_not_dialled(centre: Centre, keyed: str) -> None:
    ani = f"13950031{len(keyed):03}"
    call = await centre.callers.call("5006", ani=ani)
    assert await call.hears(2000, within=10)
    await call.press(keyed)
    assert await call.hears(2300, within=10)
    await call.ended(within=10)

    story = await centre.story(ani, lambda s: "call.ended" in s.kinds())
    assert story.one("call.transferred")["why"] == "not_allowed"


async def test_the_two_talk_on_when_the_engine_is_killed(centre: Centre) -> None:
    colleague = await centre.phone("1003")
    call = await centre.callers.call("5003", ani="13950030009")
    await colleague.rings(within=10)
    await colleague.answer()
    await colleague.talking(within=5)
    await centre.story("13950030009", lambda s: "transfer.began" in s.kinds())
    await centre.kill_engine()
    await call.listened(8.0, within=12)
    assert colleague.is_busy
    await centre.start_engine()
    await colleague.hang_up()
    assert await call.hears(640, within=15)
    await call.ended(within=10)

    story = await centre.story("13950030009", lambda s: "call.ended" in s.kinds(), within=20)
    assert story.one("call.transferred")["result"] == "answered"
    assert story.record["outcome"] == "transferred"
