"""Who there is in one queue, as numbers: what its gates and its overflow rules look at."""

from __future__ import annotations

from bisect import bisect_left, insort

from ccengine.acd.rules import Empty, OverflowMeasure, QueueRules
from ccengine.ids import CallId


class Crowd:
    """Kept up to date with each call and agent, so that no rule has to count."""

    def __init__(self) -> None:
        self.logged_in = 0
        self.ready = 0
        self.watched = False
        """A rule of the queue wants to hear at once when agents go."""
        self.callbacks: dict[CallId, None] = {}
        """All that are open, asleep or not, in the order in which they were asked for."""
        self._callers: list[tuple[float, CallId]] = []
        """In line, offered ones included, by the moment their wait began."""

    def follow(self, rules: QueueRules) -> None:
        """The queue has these rules from now on."""
        self.watched = rules.leave_when_empty is not Empty.NEVER or any(
            rule.measure is OverflowMeasure.AGENTS_LOGGED_IN for rule in rules.overflow
        )

    @property
    def callers(self) -> int:
        """Callers in line. Callbacks are not counted: nobody holds a line for them."""
        return len(self._callers)

    def caller_ids(self) -> tuple[CallId, ...]:
        """Callers in line, those who wait the longest first."""
        return tuple(call_id for _, call_id in self._callers)

    def enter(self, call_id: CallId, queued_at: float) -> None:
        insort(self._callers, (queued_at, call_id))

    def leave(self, call_id: CallId, queued_at: float) -> None:
        """Nothing happens if it does not stand here."""
        at = bisect_left(self._callers, (queued_at, call_id))
        if at < len(self._callers) and self._callers[at][1] == call_id:
            del self._callers[at]

    @property
    def longest_since(self) -> float | None:
        """When the wait of the caller began who waits the longest; None without one."""
        return self._callers[0][0] if self._callers else None

    def came_before(self, moment: float) -> int:
        """How many of the callers in line have waited since before this moment."""
        return bisect_left(self._callers, (moment, ""))

    def longest_wait_s(self, now: float) -> float:
        """Of the callers in line; 0 without one."""
        return max(0.0, now - self._callers[0][0]) if self._callers else 0.0
