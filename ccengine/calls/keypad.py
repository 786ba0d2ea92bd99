"""The caller's keys on the way to its session: what was typed ahead, and who wants to know at once.

AMI tells of each key twice, when it is pressed and when it is let go; only then it counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ccengine.calls.keys import Keys


class Listener(Protocol):
    """Who plays something that a key may cut."""

    def began(self, key: str) -> None:
        """It is down."""

    def ended(self, key: str) -> None:
        """It was let go: it is a key that counts."""


class Keypad:
    """One for each call; of the time before a queue, a talk or a recording nothing is kept."""

    def __init__(self) -> None:
        self._keys = Keys()
        self._listener: Listener | None = None
        self._settled: asyncio.Future[None] | None = None

    def press(self, key: str) -> None:
        """AMI: a key is down."""
        if self._listener is not None:
            self._listener.began(key)

    def release(self, key: str) -> None:
        """AMI: it was let go."""
        now = _now()
        self._keys.event(key, now)
        if self._settled is not None and not self._keys.in_doubt(now):
            self._end_doubt()
        if self._listener is not None:
            self._listener.ended(key)

    def result(self, key: str, *, event_comes: bool) -> None:
        """AGI: a command was ended by it."""
        self._keys.result(key, _now(), event_comes=event_comes)

    async def settled(self, within_s: float) -> None:
        """Until AMI has told what AGI has, and with it what was pressed before; no longer."""
        if not self._keys.in_doubt(_now()):
            return
        self._settled = asyncio.get_running_loop().create_future()
        late = asyncio.get_running_loop().call_later(within_s, self._end_doubt)
        try:
            await self._settled
        finally:
            late.cancel()
            self._settled = None

    def _end_doubt(self) -> None:
        if self._settled is not None and not self._settled.done():
            self._settled.set_result(None)

    def take(self, keys: str) -> str:
        """The first of these that was pressed and not yet taken, or empty."""
        return self._keys.take(keys)

    def full_without(self, key: str) -> None:
        """A number is complete; should ``key`` follow at once, out of habit, it means nothing."""
        self._keys.ended(key, _now())

    @property
    def voided(self) -> int:
        """So many keys meant nothing in this way."""
        return self._keys.voided

    def forget(self) -> None:
        self._keys.forget()

    @contextmanager
    def told_to(self, listener: Listener) -> Iterator[None]:
        """Until the end of the block it hears of each key at once."""
        self._listener = listener
        try:
            yield
        finally:
            self._listener = None


def _now() -> float:
    return asyncio.get_running_loop().time()
