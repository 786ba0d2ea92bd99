"""Simulated callers: never more than so many at once, never more than so many in all."""

from __future__ import annotations

import asyncio
import random

from demo.agents import AGENT_HUM
from demo.people import Plan, plan
from simphones.callers import Call, Callers, CallFailed

_MENU_PATIENCE = 8.0
_LONGEST_CALL = 600.0


class Crowd:
    def __init__(self, callers: Callers, *, at_once: int, in_all: int, seed: int) -> None:
        self._callers = callers
        self._at_once = at_once
        self._left = in_all
        self._dice = random.Random(seed)
        self.on_the_line = 0
        self.talking = 0
        self.done = 0
        self.talked = 0
        self.failed = 0
        """Calls that were refused or broke: in a healthy demo there are none."""

    async def call(self) -> None:
        """Until all calls are made or it is cancelled."""
        async with asyncio.TaskGroup() as lines:
            for _ in range(self._at_once):
                lines.create_task(self._line(random.Random(self._dice.random())))

    async def _line(self, dice: random.Random) -> None:
        while self._left > 0:
            await asyncio.sleep(dice.uniform(0.5, 8.0))
            self._left -= 1
            intention = plan(dice)
            self.on_the_line += 1
            try:
                await self._one(intention)
            except (CallFailed, ConnectionError, TimeoutError):
                self.failed += 1
            finally:
                self.on_the_line -= 1
                self.done += 1

    async def _one(self, intention: Plan) -> None:
        call = await self._callers.call(intention.dnis, ani=intention.ani)
        try:
            await call.answered(within=30)
            if await self._press(call, intention) and intention.patience > 0:
                await self._wait_and_talk(call, intention)
            elif not call.is_over:
                await _over_within(call, _MENU_PATIENCE)
        finally:
            if not call.is_over:
                await call.hang_up(within=10)
        if (await call.ended(within=10)).broken:
            self.failed += 1

    async def _press(self, call: Call, intention: Plan) -> bool:
        for wait, key in intention.keys:
            if await _over_within(call, wait):
                return False
            await call.press(key)
        return not call.is_over

    async def _wait_and_talk(self, call: Call, intention: Plan) -> None:
        listening = asyncio.create_task(call.hears(AGENT_HUM, within=intention.patience))
        ending = asyncio.create_task(call.ended(within=_LONGEST_CALL))
        try:
            await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
            if ending.done() or not listening.result():
                return
            self.talking += 1
            self.talked += 1
            try:
                await _over_within(call, intention.talk or _LONGEST_CALL)
            finally:
                self.talking -= 1
        finally:
            for task in (listening, ending):
                task.cancel()
            await asyncio.gather(listening, ending, return_exceptions=True)


async def _over_within(call: Call, seconds: float) -> bool:
    """Waits for the end, at most so long; whether it came."""
    try:
        await call.ended(within=seconds)
    except TimeoutError:
        return False
    return True
