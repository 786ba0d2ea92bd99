"""A caller says its name and arranges a callback, while nobody is at work."""

from __future__ import annotations

import pytest

from ccengine.ivr import announce
from tests.kit.centre import Centre
from tests.people_on_the_phone.people import OUTSIDE, spoken

pytestmark = pytest.mark.asyncio(loop_scope="session")
ANI = "13950040001"


async def test_who_never_stood_in_line_is_called_back(centre: Centre) -> None:
    call = await centre.callers.call("5008", ani=ANI, hz=440)
    await call.answered(within=5)
    await spoken(centre, 1.0)
    await call.press("#")
    await centre.asterisk_plays(announce.callback_number_is("zh-CN"))
    await call.press("1")
    assert await call.hears(640, within=15)
    await call.ended(within=10)
    story = await centre.story(ANI, lambda s: "call.ended" in s.kinds())
    assert story.one("message.left")["purpose"] == "message"
    assert story.one("callback.asked")["waited_s"] == 0
    assert story.record["outcome"] == "callback"

    customer = await centre.customer(ANI, port=OUTSIDE, hz=1200)
    _, phone = await centre.agent("1002")
    await phone.rings(within=15)
    await phone.answer()
    await customer.rings(within=15)
    await customer.answer()
    await customer.talking(within=10)
    await phone.hang_up()
    told = await centre.story(ANI, lambda s: "talk.ended" in s.kinds(), within=15)
    assert told.one("callback.ended")["result"] == "connected"
    report = await (await centre.boss()).get("/api/report/queues")
    assert report["balanced"]
