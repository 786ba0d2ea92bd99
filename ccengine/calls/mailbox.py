"""What waits to be done for one call, in the order in which it was decided or pressed."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

import structlog

from ccengine.acd.commands import Announce, Move, Offer, ProposeCallback, Release, Withdraw

log = structlog.get_logger(__name__)

MOST_WORDS = 4
"""Messages that wait to be heard; one more is dropped: it would be heard too late to be true."""
MOST_KEYS = 32
"""Keys that wait to be read: a telephone number and some impatience."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed:
    """By a caller who waits. Written to no log and no journal."""

    key: str


Mail = Offer | Withdraw | Release | Move | Announce | ProposeCallback | KeyPressed


class Mailbox:
    """Filled by the ACD's dispatch and by keys, emptied by the call's session.

    All that changes where the call stands is *urgent*: it cuts what the caller hears. Words are
    not; they wait until the words before them are over.
    """

    def __init__(self) -> None:
        self._items: deque[Mail] = deque()
        self._filled = asyncio.Event()
        self._urgent = asyncio.Event()
        self._listening = ""

    def put(self, item: Mail) -> None:
        if isinstance(item, (Announce, ProposeCallback)) and self._words() >= MOST_WORDS:
            log.warning("mailbox.words_dropped", call_id=item.call_id)
            return
        self._items.append(item)
        self._mark()

    def listen(self, keys: str) -> None:
        """From now on these keys mean something; what was pressed before is forgotten."""
        self._listening = keys
        self._items = deque(item for item in self._items if not isinstance(item, KeyPressed))
        self._mark()

    def press(self, key: str) -> None:
        """The caller pressed a key while it waits. A key nobody listens for is dropped unread."""
        waiting = sum(isinstance(item, KeyPressed) for item in self._items)
        if key in self._listening and waiting < MOST_KEYS:
            self.put(KeyPressed(key=key))

    def _words(self) -> int:
        return sum(isinstance(item, (Announce, ProposeCallback)) for item in self._items)

    def ring(self) -> None:
        """Wake whoever waits, with nothing to take: something else about the call changed."""
        self._filled.set()
        self._urgent.set()

    def _mark(self) -> None:
        """Say by the two events what is in the box; a ring is heard now."""
        _set(self._filled, bool(self._items))
        _set(self._urgent, self.urgent)

    def take(self) -> Mail | None:
        item = self._items.popleft() if self._items else None
        self._mark()
        return item

    def take_withdrawal(self, offer_id: str) -> bool:
        """True when this offer is to be stopped; takes only that mail out of the box."""
        for item in self._items:
            if isinstance(item, Withdraw) and item.offer_id == offer_id:
                self._items.remove(item)
                self._mark()
                return True
        self._mark()
        return False

    def take_key(self, keys: str) -> str:
        """The first of these keys that was pressed, empty when none was; other mail stays."""
        for item in self._items:
            if isinstance(item, KeyPressed) and item.key in keys:
                self._items.remove(item)
                self._mark()
                return item.key
        self._mark()
        return ""

    def drop_all(self) -> None:
        """The stay in the queue is over: what was still to be done for it is void."""
        self._listening = ""
        self._items.clear()
        self._mark()

    @property
    def empty(self) -> bool:
        return not self._items

    @property
    def urgent(self) -> bool:
        """Something in the box cuts what the caller hears."""
        return self._words() < len(self._items)

    @property
    def decided(self) -> bool:
        """The ACD has decided something that changes where the call stands."""
        return any(isinstance(item, (Offer, Withdraw, Release, Move)) for item in self._items)

    async def arrival(self, timeout_s: float) -> bool:
        """Wait until there is mail, without taking it; False when the time is over."""
        return await _wait(self._filled, timeout_s)

    async def urgent_arrival(self, timeout_s: float) -> bool:
        """The same, for mail that is urgent."""
        return await _wait(self._urgent, timeout_s)


def _set(event: asyncio.Event, there: bool) -> None:
    if there:
        event.set()
    else:
        event.clear()


async def _wait(event: asyncio.Event, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(max(timeout_s, 0)):
            await event.wait()
    except TimeoutError:
        return False
    return True
