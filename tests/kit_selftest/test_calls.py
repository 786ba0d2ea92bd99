"""Callers and phones against a real Asterisk."""

from __future__ import annotations

import asyncio

import pytest

from simphones import audio
from simphones.callers import CallFailed
from simphones.phones import PhoneRefused
from tests.kit_selftest.conftest import Floor


async def test_a_caller_presses_a_key_and_hears_what_it_leads_to(floor: Floor) -> None:
    call = await floor.callers.call("100", ani="13800000001")
    await call.answered(within=5)

    await call.press("1")

    assert await call.hears(620, within=5)
    result = await call.hang_up()
    assert (result.code, result.by, result.broken) == (200, "caller", "")


async def test_another_key_leads_elsewhere(floor: Floor) -> None:
    call = await floor.callers.call("100")
    await call.answered(within=5)

    await call.press("2")

    assert await call.hears(350, within=5)
    assert not audio.hears(call.heard(), 620)


async def test_a_phone_rings_with_the_callers_name_and_the_calls_headers(floor: Floor) -> None:
    phone = await floor.phone("71")

    call = await floor.callers.call("71", ani="13800000002", display="王女士")
    ring = await phone.rings(within=5)

    assert ring.invite.header("X-Call-Id") == "call-of-13800000002"
    assert '"王女士" <sip:13800000002@' in ring.invite.header("From")
    await call.ringing(within=5)
    assert not call.is_over


async def test_caller_and_phone_hear_each_other(floor: Floor) -> None:
    phone = await floor.phone("71", hz=1000)
    call = await floor.callers.call("71", hz=440)
    await phone.rings(within=5)

    await phone.answer()
    answered_at = await call.answered(within=5)
    talking_at = await phone.talking(within=5)

    assert abs(talking_at - answered_at) < 1
    assert await call.hears(1000, within=5)
    # What came to the phone's ear is known after the call; until then both get as much.
    await call.listened(1.0, within=5)
    await call.hang_up()
    ended = await phone.ended(within=5)
    assert audio.hears(ended.heard(), 440)
    assert not audio.hears(ended.heard(), 1000)


async def test_sound_that_is_moved_by_a_re_invite_is_still_heard(floor: Floor) -> None:
    phone = await floor.phone("72", hz=1000)
    call = await floor.callers.call("72")
    await phone.rings(within=5)
    await phone.answer()
    await phone.talking(within=5)
    await call.listened(0.5, within=5)
    call.voice.hush()

    assert await call.hears(1000, within=5)
    moved = [message for message in call.messages if message.method == "INVITE"]
    assert [message.direction for message in moved] == ["out", "in"]
    assert (await call.hang_up()).broken == ""


async def test_a_phone_that_refuses_says_486(floor: Floor) -> None:
    phone = await floor.phone("71")
    call = await floor.callers.call("71")
    await phone.rings(within=5)

    await phone.reject()

    result = await call.ended(within=5)
    assert (result.code, result.by) == (486, "far")
    assert 486 in [message.code for message in phone.messages if message.direction == "out"]


async def test_a_phone_rings_out(floor: Floor) -> None:
    phone = await floor.phone("71")
    call = await floor.callers.call("71")
    await phone.rings(within=5)

    ended = await phone.ended(within=10)
    result = await call.ended(within=5)

    assert ended.answered_at is None
    assert result.code == 480
    assert 4.5 < result.ended_at - result.placed_at < 8


async def test_a_caller_hangs_up_while_it_rings(floor: Floor) -> None:
    phone = await floor.phone("71")
    call = await floor.callers.call("71")
    await phone.rings(within=5)

    result = await call.hang_up()

    assert (result.code, result.by, result.broken) == (487, "caller", "")
    assert (await phone.ended(within=5)).answered_at is None
    with pytest.raises(CallFailed):
        await call.answered(within=1)


async def test_hanging_up_at_the_moment_of_the_answer_leaves_no_call(floor: Floor) -> None:
    phone = await floor.phone("71")
    for _ in range(5):
        call = await floor.callers.call("71")
        await phone.rings(within=5)

        _, result = await asyncio.gather(phone.answer(), call.hang_up())

        assert result.broken == ""
        assert result.by == "caller"
        await phone.ended(within=5)


async def test_the_far_side_hangs_up(floor: Floor) -> None:
    call = await floor.callers.call("400")
    await call.answered(within=5)

    result = await call.ended(within=5)

    assert (result.code, result.by) == (200, "far")
    assert 0.2 < result.talk_s < 2


async def test_an_agent_hangs_up(floor: Floor) -> None:
    phone = await floor.phone("71")
    call = await floor.callers.call("71")
    await phone.rings(within=5)
    await phone.answer()
    await phone.talking(within=5)

    await phone.hang_up()

    assert (await call.ended(within=5)).by == "far"


async def test_a_number_that_does_not_exist_is_refused(floor: Floor) -> None:
    call = await floor.callers.call("999")

    with pytest.raises(CallFailed) as failed:
        await call.answered(within=5)

    assert failed.value.result.code == 404


async def test_a_phone_calls_a_phone_and_presses_keys(floor: Floor) -> None:
    first, second = await floor.phone("71", hz=440), await floor.phone("72", hz=1000)

    await first.dial("72")
    await second.rings(within=5)
    await second.answer()
    await first.talking(within=5)
    await second.talking(within=5)
    await first.press("12#")
    await first.hang_up()

    assert (await second.ended(within=5)).direction == "incoming"
    assert (await first.ended(within=5)).direction == "outgoing"


async def test_what_one_says_comes_back(floor: Floor) -> None:
    call = await floor.callers.call("300", hz=700)

    assert await call.hears(700, within=5)


async def test_a_wrong_password_is_refused(floor: Floor) -> None:
    with pytest.raises(PhoneRefused, match="401"):
        await floor.phones.register("71", "wrong", target=floor.target)


async def test_ten_callers_at_once(floor: Floor) -> None:
    calls = await asyncio.gather(*(floor.callers.call("300", hz=500 + 50 * n) for n in range(10)))

    heard = await asyncio.gather(
        *(call.hears(500 + 50 * n, within=10) for n, call in enumerate(calls))
    )

    assert heard == [True] * 10
