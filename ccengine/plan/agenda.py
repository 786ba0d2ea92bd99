"""Virtual time: what will happen, in the order in which it does."""

from __future__ import annotations

import heapq
from collections.abc import Callable


class Agenda:
    """``now`` is in seconds of the engine's clock. What is booked for one moment happens in the
    order of its booking; what is booked for the past happens now."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._booked: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, moment: float, happen: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._booked, (moment, self._count, happen))

    def after(self, seconds: float, happen: Callable[[], None]) -> None:
        self.at(self.now + seconds, happen)

    def run(self, until: float) -> None:
        """Live through it; what lies later does not happen."""
        while self._booked and self._booked[0][0] <= until:
            moment, _, happen = heapq.heappop(self._booked)
            self.now = max(self.now, moment)
            happen()
