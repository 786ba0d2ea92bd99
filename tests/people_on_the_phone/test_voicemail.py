"""Callers speak to nobody yet: what they say is kept, told, and heard by the supervisor."""

from __future__ import annotations

import hashlib
import io
import wave
from array import array

import pytest

from simphones import audio
from tests.kit.centre import Centre, Story
from tests.people_on_the_phone.people import spoken

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def heard_by_the_boss(centre: Centre, story: Story, number: int = 1) -> bytes:
    boss = await centre.boss()
    return await boss.download(f"/api/calls/{story.record['call_id']}/messages/{number}")


async def test_a_message_ends_by_key_and_is_played_by_the_supervisor(centre: Centre) -> None:
    call = await centre.callers.call("5001", ani="13950010001", hz=440)
    await call.answered(within=5)
    assert await call.hears(520, within=10)
    await spoken(centre, 1.5)
    await call.press("#")
    assert await call.hears(640, within=5)
    await call.ended(within=10)

    story = await centre.story("13950010001", lambda s: "call.ended" in s.kinds())
    left = story.one("message.left")
    assert (left["purpose"], left["mailbox"]) == ("voicemail", "support")
    assert left["duration_s"] > 1
    assert story.record["outcome"] == "self_served"
    sound = await heard_by_the_boss(centre, story)
    assert hashlib.sha256(sound).hexdigest() == left["sha256"]
    with wave.open(io.BytesIO(sound)) as read:
        samples = array("h", read.readframes(read.getnframes()))
        assert (read.getnchannels(), read.getframerate()) == (1, 8_000)
    assert audio.hears(samples, 440)
    assert not list(centre.settings.messages.glob("*/*.sln"))


async def test_who_hangs_up_while_it_speaks_has_left_its_message(centre: Centre) -> None:
    call = await centre.callers.call("5001", ani="13950010002", hz=440)
    await call.answered(within=5)
    assert await call.hears(520, within=10)
    await spoken(centre, 1.5)
    await call.hang_up()

    story = await centre.story("13950010002", lambda s: "call.ended" in s.kinds())
    assert story.one("message.left")["duration_s"] > 1
    assert story.record["outcome"] == "self_served"
    assert story.one("flow.ended")["result"] == "hung_up"
    assert story.kinds().index("message.left") < story.kinds().index("call.ended")


async def test_who_says_nothing_leaves_no_message(centre: Centre) -> None:
    call = await centre.callers.call("5001", ani="13950010003", hz=0)
    await call.answered(within=5)
    assert await call.hears(780, within=20)
    await call.ended(within=10)

    story = await centre.story("13950010003", lambda s: "call.ended" in s.kinds())
    assert "message.left" not in story.kinds()
    assert story.all("flow.stepped")[0]["result"] == "nothing"
    assert not list(centre.settings.messages.glob(f"*/{story.record['call_id']}*"))


async def test_a_message_outlives_the_engine_that_took_it(centre: Centre) -> None:
    call = await centre.callers.call("5001", ani="13950010004", hz=440)
    await call.answered(within=5)
    assert await call.hears(520, within=10)
    await spoken(centre, 1.5)
    await centre.kill_engine()
    await spoken(centre, 2.5)
    await call.hang_up()
    await centre.start_engine()

    story = await centre.story("13950010004", lambda s: "message.left" in s.kinds(), within=20)
    assert story.one("message.left")["duration_s"] > 2
