"""A clock that moves only when the test says so."""

from __future__ import annotations


class HandClock:
    def __init__(self, start: float = 1_795_000_000.0) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += seconds
