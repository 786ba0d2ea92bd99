"""Time that jumps: the world's heap of events, and an event loop for the engine under test.

The world moves the one clock. Each engine has a loop of its own, so that a killed engine is a loop
that never turns again, and a hung one a loop that does not turn for a while.
"""

from __future__ import annotations

import asyncio
import heapq
from asyncio import events
from collections import deque
from collections.abc import Callable
from typing import Any

START = 1_795_000_000.0
NEVER = float("inf")


class Timeline:
    """What happens outside the engine, in the order of its moments."""

    def __init__(self) -> None:
        self.now = START
        self._heap: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._number = 0

    def at(self, moment: float, act: Callable[..., object], *what: Any) -> None:
        self._number += 1
        heapq.heappush(self._heap, (max(moment, self.now), self._number, act, what))

    def after(self, seconds: float, act: Callable[..., object], *what: Any) -> None:
        self.at(self.now + seconds, act, *what)

    def next_at(self) -> float:
        return self._heap[0][0] if self._heap else NEVER

    def step(self) -> None:
        moment, _, act, what = heapq.heappop(self._heap)
        self.now = moment
        act(*what)


class Planned:
    """A callback of the engine's loop, with what asyncio wants of a handle."""

    __slots__ = ("at", "cancelled_", "context", "run", "what")

    def __init__(self, at: float, run: Callable[..., object], what: Any, context: Any) -> None:
        self.at, self.run, self.what, self.context = at, run, what, context
        self.cancelled_ = False

    def cancel(self) -> None:
        self.cancelled_ = True

    def cancelled(self) -> bool:
        return self.cancelled_

    def when(self) -> float:
        return self.at


class EngineLoop(asyncio.AbstractEventLoop):
    """Runs real coroutines on the world's clock; nothing else of a loop is there."""

    def __init__(self, timeline: Timeline, on_fault: Callable[[str], None]) -> None:
        self._timeline = timeline
        self._on_fault = on_fault
        self._ready: deque[Planned] = deque()
        self._timers: list[tuple[float, int, Planned]] = []
        self._number = 0

    def time(self) -> float:
        return self._timeline.now

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:
        planned = Planned(0.0, callback, args, context)
        self._ready.append(planned)
        return planned

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> Any:
        planned = Planned(when, callback, args, context)
        self._number += 1
        heapq.heappush(self._timers, (when, self._number, planned))
        return planned

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> Any:
        return self.call_at(self._timeline.now + delay, callback, *args, context=context)

    def create_future(self) -> Any:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: Any = None, context: Any = None) -> Any:
        return asyncio.Task(coro, loop=self, name=name)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self._on_fault(f"{context.get('message')}: {context.get('exception')!r}")

    # -- turned by the world

    @property
    def busy(self) -> bool:
        return bool(self._ready)

    def next_at(self) -> float:
        if self._ready:
            return self._timeline.now
        timers = self._timers
        while timers and timers[0][2].cancelled_:
            heapq.heappop(timers)
        return timers[0][0] if timers else NEVER

    def turn(self) -> None:
        """Run all that is due now, and what follows from it at once."""
        now, timers, ready = self._timeline.now, self._timers, self._ready
        events._set_running_loop(self)
        try:
            while True:
                while timers and timers[0][0] <= now:
                    ready.append(heapq.heappop(timers)[2])
                if not ready:
                    return
                planned = ready.popleft()
                if planned.cancelled_:
                    continue
                if planned.context is None:
                    planned.run(*planned.what)
                else:
                    planned.context.run(planned.run, *planned.what)
        finally:
            events._set_running_loop(None)
