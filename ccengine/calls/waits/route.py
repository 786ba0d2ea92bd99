"""A business system is asked what becomes of the call."""

from __future__ import annotations

from ccengine.calls.waits.lookup import told_outside, with_music
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.answers import Routed
from ccengine.ivr.waits import RouteWait


async def route(wait: RouteWait, on: OnCall) -> Routed:
    """Raises CallerGoneError. After a restart it is asked again: it only says what to do."""
    on.taken_up = False
    began = on.floor.clock.now()
    answer = await with_music(on.floor.route(wait, on.call), wait.music, on)
    took_s = on.floor.clock.now() - began
    told_outside(on, wait.system, answer.action or answer.why, took_s)
    return answer
