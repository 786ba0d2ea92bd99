"""What waits to be done for one call, in the order in which it was decided."""

from __future__ import annotations

import asyncio
from collections import deque

from ccengine.acd.commands import Offer, Release, Withdraw

Mail = Offer | Withdraw | Release


class Mailbox:
    """Filled by the ACD's dispatch, emptied by the call's session; looked at without taking."""

    def __init__(self) -> None:
        self._items: deque[Mail] = deque()
        self._filled = asyncio.Event()

    def put(self, item: Mail) -> None:
        self._items.append(item)
        self._filled.set()

    def ring(self) -> None:
        """Wake whoever waits, with nothing to take: something else about the call changed."""
        self._filled.set()

    def take(self) -> Mail | None:
        item = self._items.popleft() if self._items else None
        if not self._items:
            self._filled.clear()
        return item

    def take_withdrawal(self, offer_id: str) -> bool:
        """True when this offer is to be stopped; takes only that mail out of the box."""
        for item in self._items:
            if isinstance(item, Withdraw) and item.offer_id == offer_id:
                self._items.remove(item)
                if not self._items:
                    self._filled.clear()
                return True
        if not self._items:
            self._filled.clear()
        return False

    @property
    def empty(self) -> bool:
        return not self._items

    async def arrival(self, timeout_s: float) -> bool:
        """Wait until there is mail, without taking it; False when the time is over."""
        try:
            async with asyncio.timeout(max(timeout_s, 0)):
                await self._filled.wait()
        except TimeoutError:
            return False
        return True
