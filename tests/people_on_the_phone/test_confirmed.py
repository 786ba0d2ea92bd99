"""A caller hears what it has recorded, says it again, and accepts it."""

from __future__ import annotations

import pytest

from tests.kit.centre import Centre
from tests.people_on_the_phone.people import spoken

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_is_heard_said_again_and_accepted(centre: Centre) -> None:
    call = await centre.callers.call("5012", ani="13950120001", hz=440)
    await call.answered(within=5)
    assert await call.hears(850, within=10)
    await spoken(centre, 1.5)
    await call.press("#")
    assert await call.hears(1250, within=10)
    await call.press("1")
    assert await call.hears(440, within=10)
    assert await call.hears(1250, within=10)
    await call.press("2")
    assert await call.hears(850, within=10)
    await spoken(centre, 1.0)
    await call.press("#")
    assert await call.hears(1250, within=10)
    await call.press("3")
    assert await call.hears(640, within=10)
    await call.ended(within=10)

    story = await centre.story("13950120001", lambda s: "call.ended" in s.kinds())
    assert len(story.all("message.left")) == 2
    assert story.all("flow.stepped")[0]["result"] == "recorded"


async def test_silence_accepts_it(centre: Centre) -> None:
    call = await centre.callers.call("5012", ani="13950120002", hz=440)
    await call.answered(within=5)
    assert await call.hears(850, within=10)
    await spoken(centre, 1.0)
    await call.press("#")
    assert await call.hears(1250, within=10)
    assert await call.hears(640, within=15)
    await call.ended(within=10)

    story = await centre.story("13950120002", lambda s: "call.ended" in s.kinds())
    assert story.all("flow.stepped")[0]["result"] == "recorded"
    assert len(story.all("message.left")) == 1
