"""One clock for the engine: seconds since the epoch that never step.

The wall clock is read once, at start; from then on the monotonic clock carries it forward.
So a duration is a difference of two readings, a moment is a reading turned into UTC, and a
machine whose clock is set while calls wait neither ages nor rejuvenates them.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch, never stepping back."""
        ...


class EngineClock:
    """The real one; tests move a clock of their own by hand."""

    def __init__(self) -> None:
        self._base = time.time() - time.monotonic()

    def now(self) -> float:
        return self._base + time.monotonic()


def moment(seconds: float) -> datetime:
    """The aware UTC moment of a clock reading."""
    return datetime.fromtimestamp(seconds, UTC)
