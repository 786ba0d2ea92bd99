"""The engine dies, at the worst moments: no caller is dropped, none is lost, none in silence."""

from __future__ import annotations

import pytest

from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

TO_SUPPORT = "4002"


async def test_killed_in_the_menu_the_caller_gets_a_person_without_it(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    phone = await centre.phone("1004", hz=1200)
    call = await centre.callers.call("4001", ani="13922220001")
    await call.answered(within=5)
    await centre.story("13922220001", lambda s: "flow.entered" in s.kinds())

    await centre.kill_engine()

    # announcement and static queue, all by Asterisk itself
    await phone.rings(within=45)
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(1200, within=5)
    await call.hang_up()

    # and the next engine closes the call in the journal with a reason
    await centre.start_engine()
    story = await centre.story("13922220001", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "fallback"


async def test_killed_and_back_at_once_the_caller_goes_on_in_the_menu(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    call = await centre.callers.call("4001", ani="13922220002")
    await call.answered(within=5)
    await call.press("9")
    await centre.passed("opening_hours", ani="13922220002")

    await centre.kill_engine()
    await centre.start_engine()

    await centre.story("13922220002", lambda s: "call.adopted" in s.kinds())
    await call.press("1")
    story = await centre.story("13922220002", lambda s: "call.queued" in s.kinds(), within=15)
    assert story.one("call.queued")["queue"] == "sales"
    assert len(story.all("call.arrived")) == 1
    await call.hang_up()
    story = await centre.story("13922220002", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "abandoned"


async def test_killed_while_they_wait_callers_keep_their_place(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    first = await centre.callers.call(TO_SUPPORT, ani="13922220003")
    before = await centre.story("13922220003", lambda s: "call.queued" in s.kinds(), within=15)
    second = await centre.callers.call(TO_SUPPORT, ani="13922220004")
    await centre.story("13922220004", lambda s: "call.queued" in s.kinds(), within=15)

    await centre.kill_engine()
    await centre.start_engine()
    for ani in ("13922220003", "13922220004"):
        await centre.story(ani, lambda s: "call.adopted" in s.kinds())

    # the one who came first is served first, and has waited since it came
    page, phone = await centre.agent("1002")
    pop = await page.pop(within=10)
    assert pop.message["ani"] == "13922220003"
    await phone.rings(within=5)
    await phone.answer()
    await phone.talking(within=5)
    await first.hang_up()
    await second.hang_up()
    story = await centre.story("13922220003", lambda s: "call.ended" in s.kinds())
    assert {fact["queued_at"] for fact in story.all("call.queued")} == {
        before.one("call.queued")["queued_at"]
    }
    assert story.record["outcome"] == "answered"
    report = await (await centre.boss()).get("/api/report/queues")
    assert report["balanced"] is True


async def test_killed_while_they_talk_they_talk_on_and_it_is_told(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    _, phone = await centre.agent("1002", hz=1300)
    call = await centre.callers.call(TO_SUPPORT, ani="13922220005")
    await phone.rings(within=15)
    await phone.answer()
    await phone.talking(within=5)
    await centre.story("13922220005", lambda s: "call.answered" in s.kinds())

    await centre.kill_engine()
    assert await call.hears(1300, within=5)
    await centre.start_engine()
    assert not call.is_over

    # the restarted engine knows the agent is in this talk, and hears its end
    page = await centre.page("liqiang")
    await page.becomes("talking", within=10)
    await phone.hang_up()
    assert (await call.ended(within=10)).by == "far"
    await page.becomes("wrap_up", within=5)
    story = await centre.story("13922220005", lambda s: "recording.stored" in s.kinds())
    assert story.record["outcome"] == "answered"
    assert story.record["talk_s"] > 1
    assert len(story.all("call.answered")) == 1


async def test_answered_while_it_was_dead_the_call_counts_as_answered(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    _, phone = await centre.agent("1002", hz=1350)
    call = await centre.callers.call(TO_SUPPORT, ani="13922220007")
    await phone.rings(within=15)
    await centre.story("13922220007", lambda s: "offer.made" in s.kinds())

    await centre.kill_engine()
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(1350, within=5)
    await call.hang_up()
    await phone.ended(within=5)
    await centre.start_engine()

    story = await centre.story("13922220007", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "answered"
    assert story.one("call.answered")["agent_id"] == "1002"
    assert "call.abandoned" not in story.kinds()
    report = await (await centre.boss()).get("/api/report/queues")
    assert report["balanced"] is True


async def test_stopped_in_order_it_gives_its_callers_back(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    phone = await centre.phone("1004", hz=1400)
    call = await centre.callers.call(TO_SUPPORT, ani="13922220006")
    await centre.story("13922220006", lambda s: "call.queued" in s.kinds(), within=15)

    assert await centre.stop_engine() == 0

    await phone.rings(within=45)
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(1400, within=5)
    await call.hang_up()
