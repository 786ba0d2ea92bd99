"""One open page of a supervisor: it is sent the newest picture, never one that is already old.

A page that is slow misses pictures in between and gets the latest; nothing piles up for it.
"""

from __future__ import annotations

import asyncio

from ccengine.desk.page import Farewell
from ccengine.wire import dumps

PONG = dumps({"type": "pong"})


class Watcher:
    """Filled by ``LiveQueues``, emptied by the socket's writer."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        self.cut = asyncio.Event()
        """Set by the writer when the page does not take what it is sent."""
        self._news = asyncio.Event()
        self._picture: str | None = None
        self._beat: str | None = None
        self._ponged = True
        self._farewell: Farewell | None = None

    @property
    def ending(self) -> bool:
        return self._farewell is not None

    def take_activity(self) -> bool:
        """A page that only looks is no sign that its person is there."""
        return False

    def show(self, picture: str) -> None:
        """This is how it is now; a picture that has not gone out yet goes no more."""
        self._picture, self._beat = picture, None
        self._news.set()

    def beat(self, beat: str) -> None:
        """Nothing has changed, and all is well."""
        if self._picture is None:
            self._beat = beat
            self._news.set()

    def pong(self) -> None:
        self._ponged = False
        self._news.set()

    def close(self, farewell: Farewell) -> None:
        self._farewell = self._farewell or farewell
        self._news.set()

    async def next(self) -> str | Farewell:
        """What is to be sent next; waits until there is something."""
        while True:
            if self._farewell is not None:
                return self._farewell
            if not self._ponged:
                self._ponged = True
                return PONG
            if self._picture is not None:
                picture, self._picture = self._picture, None
                return picture
            if self._beat is not None:
                beat, self._beat = self._beat, None
                return beat
            self._news.clear()
            await self._news.wait()
