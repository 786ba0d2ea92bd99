""" "Press 1 to be called back": the number that a caller confirms or keys in."""

from __future__ import annotations

import asyncio

import pytest

from ccengine.acd.commands import ProposeCallback
from ccengine.acd.inputs import AskCallback, Input
from ccengine.calls.callback_number import callable_number
from ccengine.journal.facts import (
    CallEnded,
    Outcome,
)
from ccengine.site.model import Trunk
from tests.kit.quick_centre import PROMPT_S, Caller, Phone, QuickCentre, QuickFloor
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.queue_site import Open, centre_with, over, waiting, ways_taken

__all__ = ["centre_with"]

OFFER = "如需我们给您回电，请按1。您的排队位置将为您保留。"
CONFIRM = "确认请按1。使用其他号码，请直接输入号码，按井号键结束。"
ASK = "请输入您希望接听回电的号码，固定电话请加区号，按井号键结束。"
BAD = "很抱歉，我们无法拨打这个号码。"
WAIT_ON = "没有登记回电，您仍在排队，请继续等待。"
ARRANGED = "回电已登记，轮到您时我们会给您去电。感谢您的来电，再见。"
OWN_NUMBER = list("幺三九") + ["零"] * 8


CALLBACK = {"callback": {"trunk": "carrier", "offer_every": 20}}


async def _asks(centre: QuickCentre) -> Caller:
    """A caller who was told of the key has pressed it."""
    caller = await waiting(centre)
    caller.press("1")
    await asyncio.sleep(1)
    assert centre.waits(caller), "before it is offered the key means nothing"
    await centre.until(lambda: caller.heard == [OFFER])
    caller.press("1")
    return caller


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[AskCallback]:
    """What the ACD was asked for; it takes the call out of its line, as its callbacks do."""
    asked: list[AskCallback] = []
    submit = QuickFloor.submit

    def taken(floor: QuickFloor, item: Input) -> None:
        if isinstance(item, AskCallback):
            asked.append(item)
        submit(floor, item)

    monkeypatch.setattr(QuickFloor, "submit", taken)
    return asked


@in_quick_time
async def test_a_callback_at_the_callers_own_number(
    centre_with: Open, asked: list[AskCallback]
) -> None:
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    assert caller.heard[2:-1] == OWN_NUMBER
    caller.press("1")
    await centre.until(caller.session_done)
    assert caller.heard[-1] == ARRANGED
    assert [(ask.call_id, ask.number, ask.at) for ask in asked] == [
        (caller.call_id, "13900000000", None)
    ]
    assert asked[0].callback_id != caller.call_id
    assert ways_taken(centre)[0] == ("sales", "callback")
    await centre.stop()
    assert centre.broken == []
    assert centre.told(CallEnded, caller)[0].outcome is Outcome.CALLBACK


@in_quick_time
async def test_a_callback_at_another_number(centre_with: Open, asked: list[AskCallback]) -> None:
    """1 begins a number as well: only alone, or followed by a pause, it confirms."""
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    caller.press(*"13")
    await asyncio.sleep(1)
    caller.press(*"811112222#")
    before = len(caller.heard)
    await centre.until(lambda: caller.heard[before:].count(CONFIRM) == 1)
    caller.press("1", "#")
    await centre.until(caller.session_done)
    assert [ask.number for ask in asked] == ["13811112222"]
    await centre.stop()


@in_quick_time
async def test_after_three_tries_the_caller_waits_on(
    centre_with: Open, asked: list[AskCallback]
) -> None:
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    for keys in ("110#", "200#", ""):
        before = len(caller.heard)
        await centre.until(lambda before=before: CONFIRM in caller.heard[before:])  # type: ignore[misc]
        caller.press(*keys)
        await asyncio.sleep(3)
    await centre.until(lambda: WAIT_ON in caller.heard)
    assert caller.heard.count(BAD) == 2
    assert asked == []
    assert centre.waits(caller)
    await asyncio.sleep(PROMPT_S + 0.5)
    assert caller.commands[-2].startswith("SET MUSIC ON")
    await over(centre)


@in_quick_time
async def test_an_offer_cuts_the_question_and_the_call_is_served(
    centre_with: Open, asked: list[AskCallback]
) -> None:
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await asyncio.sleep(2.5)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=1.0)
    since = asyncio.get_running_loop().time()
    centre.at_work("1001")
    await centre.until(lambda: len(centre.rings) == 1)
    assert asyncio.get_running_loop().time() - since < 0.2
    await centre.until(caller.session_done)
    assert (ways_taken(centre)[0], asked) == (("sales", "served"), [])
    await over(centre)


@in_quick_time
async def test_a_rule_proposes_a_callback(centre_with: Open) -> None:
    centre = centre_with(callback={"trunk": "carrier", "offer_every": None, "key": "*"})
    caller = await waiting(centre)
    await asyncio.sleep(100)
    assert caller.heard == []
    centre.decides(ProposeCallback(call_id=caller.call_id))
    await asyncio.sleep(0.5)
    assert "请按星号键" in caller.heard[0]
    caller.press("*")
    await asyncio.sleep(0.5)
    assert caller.heard[1].startswith("我们将拨打"), "the key cut the words that named it"
    await centre.stop()


@pytest.mark.parametrize(
    ("keyed", "number"),
    [
        ("13811112222", "13811112222"),
        ("013811112222", "13811112222"),
        ("8613811112222", "13811112222"),
        ("01012345678", "01012345678"),
        ("110", ""),
        ("10086", ""),
        ("4008000000", ""),
        ("0012025550123", ""),
        ("+12025550123", ""),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_only_allowed_numbers_are_called(keyed: str, number: str) -> None:
    allowed = ("1", "01", "02")
    trunk = Trunk(match=("192.0.2.1",), outbound="192.0.2.1", allowed=allowed)
    assert callable_number(keyed, trunk) == number
    assert callable_number(keyed, trunk.model_copy(update={"allowed": ()})) == ""


@pytest.mark.parametrize(
    ("keyed", "number"),
    [
        ("13811112222", "13811112222"),
        ("02112345678", "02112345678"),
        ("008821612345678", ""),  # a satellite, at the price of one
        ("0019005550123", ""),
        ("+12025550123", ""),
        ("17951001202555012", ""),  # by a carrier's prefix to anywhere
        ("16812345678", "16812345678"),  # a mobile's shape
        ("1681234567", ""),
    ],
)
def test_who_allows_mobiles_and_fixed_lines_has_not_allowed_the_world(
    keyed: str, number: str
) -> None:
    trunk = Trunk(match=("192.0.2.1",), outbound="192.0.2.1", allowed=("1", "0"))
    assert callable_number(keyed, trunk) == number


@pytest.mark.parametrize(
    ("allowed", "called"), [("00", True), ("001", True), ("0044", False), ("0", False)]
)
def test_a_number_abroad_needs_a_prefix_of_its_own(allowed: str, called: bool) -> None:
    trunk = Trunk(match=("192.0.2.1",), outbound="192.0.2.1", allowed=(allowed,))
    assert bool(callable_number("+12025550123", trunk)) is called


@in_quick_time
async def test_a_caller_whom_the_acd_cannot_take_on_is_told_so(
    centre_with: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its queue takes no more callbacks: it must not hang up in the belief that it has one."""
    monkeypatch.setattr("ccengine.acd.callbacks.MOST_OPEN", 0)
    centre = centre_with(**CALLBACK)
    caller = await _asks(centre)
    await centre.until(lambda: caller.heard[-1] == CONFIRM)
    caller.press("1")
    await centre.until(lambda: WAIT_ON in caller.heard)
    assert centre.waits(caller)
    await centre.stop()
    assert centre.broken == []
