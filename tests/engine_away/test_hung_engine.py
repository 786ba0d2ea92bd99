"""The engine hangs without dying: Asterisk takes its callers back when the lease runs out."""

from __future__ import annotations

import os
import signal

import pytest

from tests.engine_away.test_engine_gone import TO_SUPPORT
from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_waiting_caller_is_served_without_it_and_the_truth_is_told(
    fallible_centre: Centre,
) -> None:
    centre = fallible_centre
    phone = await centre.phone("1004", hz=1500)
    call = await centre.callers.call(TO_SUPPORT, ani="13933330001")
    await centre.story("13933330001", lambda s: "call.queued" in s.kinds(), within=15)

    os.kill(centre.pid, signal.SIGSTOP)
    try:
        await phone.rings(within=45)
        await phone.answer()
        await phone.talking(within=5)
        assert await call.hears(1500, within=5)
    finally:
        os.kill(centre.pid, signal.SIGCONT)

    # awake again, it does not take the talk away, and learns that the fallback had the call
    await centre.story("13933330001", lambda s: "call.abandoned" in s.kinds(), within=20)
    assert not call.is_over
    await call.hang_up()
    story = await centre.story("13933330001", lambda s: "call.ended" in s.kinds())
    assert story.record["outcome"] == "fallback"
    assert story.one("call.abandoned")["reason"] == "engine_lost"
