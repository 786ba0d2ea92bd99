"""Callers through three menus: what a call costs, and how soon the next prompt follows a key.

The key is pressed over the prompt. Counted from the packet that says its end to the first packet
of the next prompt, both at the caller: Asterisk's own work is in both, the flow's in one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bench.figures import in_ms
from bench.machine import Stopwatch
from bench.menu_floor import KEY, MENUS, NUMBERS, MenuFloor, Menus
from simphones.light.callers import Call, Callers, CallRefused

LISTENS_S = 0.25
"""So long a caller listens to a prompt before it presses the key."""
_CALL_LIMIT = 12.0
_REST_S = 2.0


class _Caller:
    """One caller's way: hears a prompt, presses, hears the next."""

    def __init__(self, callers: Callers, call: Call) -> None:
        self._sound = callers.wire.sound
        self._watch = callers.wire.watch
        self._call = call
        self._level = -1
        self._came = asyncio.Event()
        self._came_at = 0.0
        self.took: list[float] = []
        """Seconds from each key's end to the next prompt."""
        self.menus = 0
        """So many were heard."""

    async def walk(self) -> None:
        call = self._call
        await self._watch.until(
            lambda: call.answered_at or call.is_over,
            within=_CALL_LIMIT,
            complaint=lambda: "no answer",
        )
        self._sound.listen(call.call_id, self._heard)
        pressed = 0.0
        for _ in range(MENUS):
            async with asyncio.timeout(_CALL_LIMIT):
                await self._came.wait()
            self.menus += 1
            if pressed:
                self.took.append(self._came_at - pressed)
            await asyncio.sleep(LISTENS_S)
            self._came.clear()
            pressed = await self._sound.press(call.call_id, KEY)
        await call.over(_CALL_LIMIT)

    def _heard(self, sound: bytes, at: float) -> None:
        """A new prompt is a new level."""
        level = sound[len(sound) // 2]
        if level != self._level:
            self._level, self._came_at = level, at
            self._came.set()


async def measure(floor: MenuFloor, menus: Menus, *, rate: float, seconds: float) -> dict[str, Any]:
    await asyncio.sleep(_REST_S)
    watch = Stopwatch(**floor.pids(menus))
    loop = asyncio.get_running_loop()
    began = loop.time()
    walks: list[asyncio.Task[None]] = []
    callers: list[_Caller] = []
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        call = floor.callers.call(NUMBERS[menus])
        callers.append(_Caller(floor.callers, call))
        walks.append(asyncio.create_task(callers[-1].walk()))
    ends = await asyncio.gather(*walks, return_exceptions=True)
    took = loop.time() - began
    used, others = watch.read()
    for end in ends:
        if end is not None and not isinstance(end, TimeoutError | CallRefused | KeyError):
            raise end
    served = [caller for caller, end in zip(callers, ends, strict=True) if end is None]
    per_call = {name: round(spent / max(1, len(served)) * 1_000, 2) for name, spent in used.items()}
    load = per_call.pop("load")
    return {
        "rate": rate,
        "offered": len(callers),
        "served": len(served),
        "served_per_s": round(len(served) / took, 2),
        "key_to_prompt": in_ms([one for caller in served for one in caller.took]),
        "cpu_ms_per_call": per_call | {"all": round(sum(per_call.values()), 2)},
        "load_generator_cpu_ms_per_call": load,
        "others": round(others, 3),
    }


def compared(flow: dict[str, Any], dialplan: dict[str, Any]) -> dict[str, Any]:
    """A flow against the same menus in dialplan."""
    ours, plain = flow["key_to_prompt"], dialplan["key_to_prompt"]
    return {
        "calls_at_the_same_cpu": round(
            dialplan["cpu_ms_per_call"]["all"] / flow["cpu_ms_per_call"]["all"], 3
        ),
        "p50_more_ms": round(ours["p50_ms"] - plain["p50_ms"], 2),
        "p99_more_ms": round(ours["p99_ms"] - plain["p99_ms"], 2),
    }
