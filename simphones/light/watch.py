"""Waiting until something has happened, without asking again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Watch:
    """Told of each change; whoever waits then looks whether it is the one."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def tell(self) -> None:
        """Something has changed."""
        for one in self._waiting:
            if not one.done():
                one.set_result(None)
        self._waiting.clear()

    async def until(
        self, true: Callable[[], object], *, within: float, complaint: Callable[[], str]
    ) -> None:
        """Raises ``TimeoutError`` with the complaint, made then."""
        try:
            async with asyncio.timeout(within):
                while not true():
                    change = asyncio.get_running_loop().create_future()
                    self._waiting.append(change)
                    await change
        except TimeoutError:
            raise TimeoutError(f"not within {within} s: {complaint()}") from None
