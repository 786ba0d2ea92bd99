"""Callers do not wait for a system that is down: after some failures in a row it is skipped."""

from __future__ import annotations

FAILURES = 5
"""In a row, without one usable answer."""
PAUSE_S = 10.0
"""So long nobody is made to wait; then one question tries it."""


class Breaker:
    """Of one system or database. Pure: times are given."""

    def __init__(self) -> None:
        self._failures = 0
        self._skipped_until = 0.0

    @property
    def is_down(self) -> bool:
        return self._failures >= FAILURES

    def lets(self, now: float) -> bool:
        """Whether it may be asked. While it is down, one question each pause."""
        if not self.is_down:
            return True
        if now < self._skipped_until:
            return False
        self._skipped_until = now + PAUSE_S
        return True

    def failed(self, now: float) -> bool:
        """Whether it is down by this."""
        self._failures += 1
        if self._failures < FAILURES:
            return False
        self._skipped_until = now + PAUSE_S
        return self._failures == FAILURES

    def answered(self) -> bool:
        """Whether it is back by this."""
        was_down, self._failures = self.is_down, 0
        return was_down
