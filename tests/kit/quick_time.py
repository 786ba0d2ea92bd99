"""A day in a second: an event loop whose clock jumps to the next timer when nothing else is to do.

For code that waits by the loop's clock and touches no socket, file or thread. Order and durations
are exact, so a test may say "after 6 s" and mean it.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

P = ParamSpec("P")
LONGEST_TEST_S = 86_400.0


class _NoWaiting(selectors.DefaultSelector):
    """Instead of sleeping until the next timer, it moves the clock there."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise AssertionError("all wait for something that nobody does")
        self.now += max(timeout, 0.0)
        if self.now > LONGEST_TEST_S:
            raise AssertionError("a test of more than a day")
        return super().select(0)


class QuickLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._quick = _NoWaiting()
        super().__init__(self._quick)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._quick.now


class LoopClock:
    """The engine's clock, read from the loop."""

    def now(self) -> float:
        return 1_795_000_000.0 + asyncio.get_running_loop().time()


def in_quick_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test on a loop of its own whose time is quick."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=QuickLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
