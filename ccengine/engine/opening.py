"""Queues open and close by the site's hours: the ACD is told of changes, and of all at start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ccengine.acd.inputs import Input, QueueHours
from ccengine.clock import Clock
from ccengine.engine.flows import InForce
from ccengine.ids import QueueId

LOOK_EVERY_S = 1.0
"""Hours are written in minutes; so soon after the minute the queue is open or closed."""


class Opening:
    """Knows what the ACD was last told of each queue that has hours."""

    def __init__(self, in_force: InForce, clock: Clock, submit: Callable[[Input], None]) -> None:
        self._in_force = in_force
        self._clock = clock
        self._submit = submit
        self._told: dict[QueueId, bool] = {}

    def look(self) -> None:
        """Tell the ACD of queues that have opened or closed since the last look.

        A queue is open until it is said to be closed, and when its hours are taken away.
        """
        now = self._clock.now()
        site = self._in_force.site
        for name, queue in site.queues.items():
            is_open = queue.hours is None or self._in_force.is_open(queue.hours, now)
            if is_open is not self._told.get(QueueId(name), True):
                self._submit(QueueHours(queue=QueueId(name), open=is_open))
            self._told[QueueId(name)] = is_open
        for name in [name for name in self._told if name not in site.queues]:
            del self._told[name]  # the ACD has forgotten it too

    async def watch(self) -> None:
        """For as long as the engine runs."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.look()
