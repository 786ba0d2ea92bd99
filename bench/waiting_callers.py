"""Callers wait while all agents talk: an agent hangs up, how long until its phone rings again?

The time begins when the agent's BYE leaves its phone and ends when the next INVITE reaches that
same phone. The line is kept at its length: who leaves is followed by another. Both queues take
turns in rounds. Plain Dial has no line, so there is nothing to compare.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
from typing import Any

from bench.figures import in_ms
from bench.floor import Floor, System, Team
from bench.machine import Stopwatch
from simphones.light.callers import Call, CallRefused
from simphones.light.phones import Ring

QUEUES = (System.CCENGINE, System.APP_QUEUE)
TALK_S = (1.0, 2.0)
_FILL_EVERY_S = 0.02
_FILL_LIMIT = 15.0
_LATE_RING_LIMIT = 3.0
_LONGEST_STAY = 120.0
_REST_LIMIT = 10.0


class _Round:
    """One system with its line full, for so many seconds."""

    def __init__(self, floor: Floor, system: System, line: int, dice: random.Random) -> None:
        self._floor = floor
        self._number = floor.number(system, Team.SOME)
        self._agents = floor.teams[Team.SOME]
        self._line = line
        self._freed: dict[str, float] = {}
        self._rung: set[str] = set()
        self._all_rung = asyncio.Event()
        self._none_left = asyncio.Event()
        self._live: dict[str, Call] = {}
        self._measuring = False
        self.took: list[float] = []
        self.rings = 0
        self.failed = 0
        self.shortest_line = line
        for extension in self._agents:
            phone = floor.phones.all[extension]
            phone.on_ring = self._ring
            phone.on_free = functools.partial(self._free, extension)
            phone.talk_s = lambda: dice.uniform(*TALK_S)

    async def run(self, seconds: float) -> int:
        """The number of agents who were free at the end and never rung."""
        callers = [asyncio.create_task(self._seat(n * _FILL_EVERY_S)) for n in range(self._seats)]
        try:
            async with asyncio.timeout(_FILL_LIMIT + self._seats * _FILL_EVERY_S):
                await self._all_rung.wait()
            await asyncio.sleep(self._seats * _FILL_EVERY_S + TALK_S[1])
            self._measuring = True
            await asyncio.sleep(seconds)
            self._measuring = False
            self._none_left.clear()
            if self._freed:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LATE_RING_LIMIT):
                        await self._none_left.wait()
            return len(self._freed)
        finally:
            for caller in callers:
                caller.cancel()
            await asyncio.gather(*callers, return_exceptions=True)
            await self._send_home()

    @property
    def _seats(self) -> int:
        return len(self._agents) + self._line

    async def _seat(self, delay: float) -> None:
        """One place in the line, always taken."""
        await asyncio.sleep(delay)
        while True:
            call = self._floor.callers.call(self._number)
            self._live[call.call_id] = call
            try:
                await call.over(_LONGEST_STAY)
            except (CallRefused, TimeoutError):
                self.failed += 1
                await asyncio.sleep(0.5)
            del self._live[call.call_id]

    def _ring(self, ring: Ring) -> None:
        self.rings += 1
        self._rung.add(ring.extension)
        if len(self._rung) == len(self._agents):
            self._all_rung.set()
        freed = self._freed.pop(ring.extension, None)
        if freed is not None:
            self.took.append(ring.at - freed)
            if not self._freed:
                self._none_left.set()

    def _free(self, extension: str, at: float) -> None:
        if self._measuring:
            self._freed[extension] = at
            busy = sum(phone.busy for phone in self._floor.phones.all.values())
            answered = sum(1 for call in self._live.values() if call.answered_at)
            self.shortest_line = min(self.shortest_line, answered - busy - 1)

    async def _send_home(self) -> None:
        """Those who wait first, so that nobody is offered to an agent who becomes free."""
        leaving = list(self._live.values())
        for call in leaving:
            call.hang_up()
        async with asyncio.TaskGroup() as group:
            for call in leaving:
                group.create_task(_gone(call))
        await self._floor.phones.idle(_REST_LIMIT)


async def _gone(call: Call) -> None:
    with contextlib.suppress(TimeoutError, CallRefused):
        await call.over(_REST_LIMIT)


async def measure(floor: Floor, *, waiting: int, rounds: int, seconds: float) -> dict[str, Any]:
    dice = random.Random(1)
    took: dict[System, list[float]] = {system: [] for system in QUEUES}
    notes: dict[System, dict[str, Any]] = {
        system: {"never": 0, "failed": 0, "rings": 0, "shortest_line": waiting, "others": []}
        for system in QUEUES
    }
    for _ in range(rounds):
        for system in QUEUES:
            watch = Stopwatch(**floor.pids(System.CCENGINE))
            one = _Round(floor, system, waiting, dice)
            note = notes[system]
            note["never"] += await one.run(seconds)
            note["failed"] += one.failed
            note["rings"] += one.rings
            note["shortest_line"] = min(note["shortest_line"], one.shortest_line)
            note["others"].append(round(watch.read()[1], 3))
            took[system] += one.took
            await asyncio.sleep(1.0)
    return {system.value: in_ms(took[system]) | notes[system] for system in QUEUES}
