"""What a caller hears while it waits, told as calls on a made-up Asterisk."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from ccengine.acd.commands import Announce
from ccengine.acd.expectation import Expected
from tests.kit.quick_centre import PROMPT_S
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.queue_site import Open, centre_with, waiting

__all__ = ["centre_with"]

BUSY = {"say": {"zh-CN": "今天很忙。", "en": "We are busy today."}}
ONLINE = {"say": {"zh-CN": "也可在线办理。", "en": "See our site."}}


@in_quick_time
async def test_place_and_wait_are_told_at_entry_and_again(centre_with: Open) -> None:
    centre = centre_with(announce_every=30)
    centre.floor.expected = Expected(low_s=190, high_s=350)
    caller = await waiting(centre)
    await asyncio.sleep(2)
    assert caller.heard == ["您是下一位，请稍候。"]
    await asyncio.sleep(3)
    assert caller.heard[1:] == ["预计等待三到六分钟。"]
    await asyncio.sleep(27)
    assert caller.heard[2:] == ["您是下一位，请稍候。"]
    await centre.stop()


@pytest.mark.parametrize(
    ("position", "wait", "heard"),
    [
        (False, True, ["预计等待三到六分钟。"]),
        (True, False, ["您是下一位，请稍候。"]),
        (False, False, []),
    ],
)
def test_a_site_says_what_of_them_is_told(
    centre_with: Open, position: bool, wait: bool, heard: list[str]
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = centre_with(announce_every=30, announce_position=position, announce_wait=wait)
        centre.floor.expected = Expected(low_s=190, high_s=350)
        caller = await waiting(centre)
        await asyncio.sleep(20)
        assert caller.heard == heard
        await centre.stop()

    run()


@in_quick_time
async def test_a_wait_that_cannot_be_trusted_is_not_told(centre_with: Open) -> None:
    centre = centre_with(announce_every=30)
    caller = await waiting(centre)
    await asyncio.sleep(20)
    assert caller.heard == ["您是下一位，请稍候。"]
    await centre.stop()


@in_quick_time
async def test_messages_take_turns_with_music_between_them(centre_with: Open) -> None:
    centre = centre_with(
        announce_every=20,
        messages={"busy": BUSY | {"every": 20}, "online": ONLINE | {"every": 20}},
    )
    caller = await waiting(centre)
    spoken: list[tuple[float, str]] = []
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() < begun + 180:
        await asyncio.sleep(0.1)
        for text in caller.heard[len(spoken) :]:
            spoken.append((loop.time(), text))
    gaps = [later - at - PROMPT_S for (at, _), (later, _) in pairwise(spoken)]
    assert min(gaps) >= 9.8, "never one upon the other"
    for text in ("您是下一位，请稍候。", "今天很忙。", "也可在线办理。"):
        assert sum(said == text for _, said in spoken) >= 4, "and none is forgotten"
    await centre.stop()


@in_quick_time
async def test_a_rule_speaks_at_once_and_is_not_cut_by_the_next(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY, "online": ONLINE})
    caller = await waiting(centre)
    centre.decides(
        Announce(call_id=caller.call_id, message="busy"),
        Announce(call_id=caller.call_id, message="gone"),
        Announce(call_id=caller.call_id, message="online"),
    )
    await asyncio.sleep(0.5)
    assert caller.heard == ["今天很忙。"]
    await asyncio.sleep(2)
    assert caller.heard == ["今天很忙。", "也可在线办理。"]
    assert not any("stop" in line.lower() and "file" in line.lower() for line in caller.commands)
    await centre.stop()


@in_quick_time
async def test_no_more_messages_wait_than_make_sense(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY})
    caller = await waiting(centre)
    centre.decides(*(Announce(call_id=caller.call_id, message="busy") for _ in range(50)))
    await asyncio.sleep(60)
    assert len(caller.heard) <= 5
    await centre.stop()


@in_quick_time
async def test_an_offer_cuts_a_message_of_a_rule(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY})
    caller = await waiting(centre)
    centre.decides(Announce(call_id=caller.call_id, message="busy"))
    await asyncio.sleep(0.5)
    since = asyncio.get_running_loop().time()
    centre.at_work("1001")
    await centre.until(lambda: len(centre.rings) == 1)
    assert asyncio.get_running_loop().time() - since < 0.2, "not after the words"
    await centre.stop()
