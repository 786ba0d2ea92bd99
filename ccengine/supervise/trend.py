"""How many waited in each queue lately: a few numbers, kept whether anybody watches or not."""

from __future__ import annotations

import asyncio
from collections import deque

from ccengine.acd.core import Acd
from ccengine.ids import QueueId

EVERY_S = 15.0
KEPT = 60
"""A quarter of an hour."""


class Trends:
    def __init__(self, acd: Acd) -> None:
        self._acd = acd
        self.of_queues: dict[QueueId, deque[int]] = {}
        """The oldest first."""

    def note(self) -> None:
        """Write down how many callers wait now; queues that are gone are forgotten."""
        counts = self._acd.callers()
        for queue in self.of_queues.keys() - counts.keys():
            del self.of_queues[queue]
        for queue, callers in counts.items():
            self.of_queues.setdefault(queue, deque(maxlen=KEPT)).append(callers)

    async def run(self) -> None:
        while True:
            self.note()
            await asyncio.sleep(EVERY_S)
