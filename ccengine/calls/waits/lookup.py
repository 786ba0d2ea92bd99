"""A question to the outside: the caller hears music when it takes longer than a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.ids import FlowId
from ccengine.ivr.answers import LookedUp
from ccengine.ivr.frames import json_bytes
from ccengine.ivr.waits import LookupWait
from ccengine.journal.facts import OutsideAsked

T = TypeVar("T")

LONGEST_S = 10.0
"""No deadline of a site file is longer."""
MOMENT_S = 1.0
"""So long the caller hears nothing; then music, if there is to be any."""


async def lookup(wait: LookupWait, on: OnCall) -> LookedUp:
    """Raises CallerGoneError."""
    taken_up, on.taken_up = on.taken_up, False
    if taken_up and wait.method == "POST":
        # Whether it was sent before the restart is not known, and it is sent once at most.
        answer = LookedUp(found=False, why="late")
        told_outside(on, wait.source, answer.why, 0.0)
        return answer
    began = on.floor.clock.now()
    asked = await with_music(on.floor.look_up(wait, on.call), wait.music, on)
    answer = asked.answer
    if sum(map(json_bytes, answer.values.values())) > wait.room:
        answer = LookedUp(found=False, why="too_much")
    result = answer.why or ("found" if answer.found else "nothing")
    took_s = on.floor.clock.now() - began
    told_outside(on, wait.source or wait.kind, result, took_s, cached=asked.cached)
    return answer


async def with_music(asking: Awaitable[T], music: str, on: OnCall) -> T:
    """Wait for the outside; the caller hears the music after a moment, and is never left to us for
    longer than a deadline can be."""
    await on.channel.lease(LONGEST_S + LEASE_S)
    work = asyncio.ensure_future(asking)
    try:
        await asyncio.wait({work}, timeout=MOMENT_S)
        if not work.done() and music:
            await on.channel.music(music)
        return await work
    finally:
        work.cancel()


def told_outside(
    on: OnCall, source: str, result: str, took_s: float, *, cached: bool = False
) -> None:
    """The fact; neither the question nor the answer is in it."""
    run = on.call.run
    on.floor.record(
        OutsideAsked(
            at=on.floor.clock.now(),
            call_id=on.call.call_id,
            flow=run.flow_now.id if run is not None else FlowId(""),
            step=run.step if run is not None else "",
            source=source,
            result=result,
            took_ms=round(took_s * 1_000, 1),
            cached=cached,
        )
    )
