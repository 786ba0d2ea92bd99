"""A caller chooses when to be called back."""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ccengine.calls.callback_times import times_on_offer
from ccengine.ivr.announce_times import callback_arranged_at, callback_choice
from ccengine.journal.facts import CallbackAsked
from ccengine.site.callback_times import callback_time
from tests.kit.quick_centre import Caller, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.queue_site import Open, centre_with, over, waiting
from tests.rules.calls.test_callback_question import ARRANGED, CONFIRM

__all__ = ["centre_with"]

WHEN = "轮到您时回电请按1，预约其他时间请按2。"
IN_AN_HOUR = "一小时后回电，请按1。"
TOMORROW = "明天上午九点回电，请按2。"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def callback(**more: object) -> dict[str, object]:
    times = ["in 1h", "tomorrow 09:00"]
    return {"callback": {"trunk": "carrier", "offer_every": 20, "times": times} | more}


async def asked_when(centre: QuickCentre) -> Caller:
    caller = await waiting(centre)
    await centre.until(lambda: caller.heard != [])
    caller.press("1")
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    caller.press("1", "#")
    await centre.until(lambda: caller.heard[-1] == WHEN)
    return caller


def chosen(centre: QuickCentre) -> float | None:
    (asked,) = centre.told(CallbackAsked)
    return asked.chosen_at


@in_quick_time
async def test_in_turn(centre_with: Open) -> None:
    centre = centre_with(**callback())
    caller = await asked_when(centre)
    caller.press("1")
    await centre.until(caller.session_done)
    assert (chosen(centre), caller.heard[-1]) == (None, ARRANGED)
    await centre.stop()
    assert centre.broken == []


@in_quick_time
async def test_tomorrow_morning(centre_with: Open) -> None:
    centre = centre_with(**callback())
    caller = await asked_when(centre)
    caller.press("2")
    await centre.until(lambda: caller.heard[-1] == TOMORROW)
    assert caller.heard[-2] == IN_AN_HOUR
    caller.press("2")
    await centre.until(caller.session_done)
    at = datetime.fromtimestamp(chosen(centre) or 0.0, SHANGHAI)
    today = datetime.fromtimestamp(centre.clock.now(), SHANGHAI)
    assert ((at.date() - today.date()).days, at.hour, at.minute) == (1, 9, 0)
    assert caller.heard[-1] == "回电已登记，我们会在明天上午九点给您去电。感谢您的来电，再见。"
    await centre.stop()
    assert centre.broken == []


@in_quick_time
async def test_who_presses_nothing_is_called_in_turn(centre_with: Open) -> None:
    centre = centre_with(**callback())
    caller = await asked_when(centre)
    await centre.until(caller.session_done)
    assert (chosen(centre), caller.heard.count(WHEN)) == (None, 3)
    await centre.stop()
    assert centre.broken == []


@in_quick_time
async def test_only_times_at_which_somebody_works_and_before_it_expires(centre_with: Open) -> None:
    centre = centre_with(
        **callback(times=["in 1h", "in 2h", "tomorrow 09:00"], expires_after=7_200)
    )
    closed_from = centre.floor.clock.now() + 5_400
    queues = dict(centre.floor.site.queues)
    queues["sales"] = queues["sales"].model_copy(update={"hours": "office"})
    centre.floor.site = centre.floor.site.model_copy(update={"queues": queues})
    centre.floor.is_open = lambda hours, now: now < closed_from  # type: ignore[method-assign]
    caller = await asked_when(centre)
    caller.press("2")
    await centre.until(lambda: caller.heard[-1] == IN_AN_HOUR)
    await asyncio.sleep(3)
    assert caller.heard[-1] == IN_AN_HOUR
    caller.press("1")
    await centre.until(caller.session_done)
    assert chosen(centre) == pytest.approx(centre.clock.now() + 3_600, abs=60)
    await centre.stop()
    assert centre.broken == []


@in_quick_time
async def test_no_time_at_which_the_callback_would_be_over(centre_with: Open) -> None:
    centre = centre_with(**callback(times=["in 1h", "in 3h", "in 2h"], expires_after=7_200))
    found = times_on_offer(centre.floor.site.queues["sales"], centre.floor)
    assert [(key, time) for key, (time, _) in found.items()] == [("1", "in 1h"), ("3", "in 2h")]


@in_quick_time
async def test_with_no_time_to_be_had_nobody_is_asked(centre_with: Open) -> None:
    centre = centre_with(**callback(times=["in 24h"], expires_after=86_400))
    queues = dict(centre.floor.site.queues)
    queues["sales"] = queues["sales"].model_copy(update={"hours": "office"})
    centre.floor.site = centre.floor.site.model_copy(update={"queues": queues})
    centre.floor.is_open = lambda hours, now: False  # type: ignore[method-assign]
    caller = await waiting(centre)
    await centre.until(lambda: caller.heard != [])
    caller.press("1")
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    caller.press("1", "#")
    await centre.until(caller.session_done)
    assert (WHEN in caller.heard, chosen(centre)) == (False, None)
    await centre.stop()
    assert centre.broken == []


@in_quick_time
async def test_an_offer_cuts_the_choice_and_the_call_is_served(centre_with: Open) -> None:
    centre = centre_with(**callback())
    caller = await asked_when(centre)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=1.0)
    centre.at_work("1001")
    await centre.until(caller.session_done)
    assert centre.told(CallbackAsked) == []
    assert len(centre.rings) == 1
    await over(centre)


@pytest.mark.parametrize(
    ("time", "zh", "en"),
    [
        ("in 30m", "三十分钟后", "in 30 minutes"),
        ("in 2h", "两小时后", "in 2 hours"),
        ("in 12h", "十二小时后", "in 12 hours"),
        ("today 00:05", "今天凌晨零点零五分", "today at 12:05 a.m."),
        ("today 12:00", "今天中午十二点", "today at 12 p.m."),
        ("tomorrow 14:30", "明天下午两点半", "tomorrow at 2:30 p.m."),
        ("tomorrow 20:45", "明天晚上八点四十五分", "tomorrow at 8:45 p.m."),
    ],
)
def test_as_people_say_it(time: str, zh: str, en: str) -> None:
    assert callback_choice(time, "1", "zh-CN").text == f"{zh}回电，请按1。"
    assert f"We will call you {en}".lower() in callback_arranged_at(time, "en").text.lower()


@pytest.mark.parametrize("time", ["9:00", "in 0h", "in 25h", "tomorrow 24:00", "today 09:01", ""])
def test_what_is_no_time(time: str) -> None:
    with pytest.raises(ValueError, match="no time for a callback"):
        callback_time(time)


def test_a_clock_time_is_the_sites_own() -> None:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    at = callback_time("tomorrow 09:00").at(now, "Asia/Shanghai")
    assert at == datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
