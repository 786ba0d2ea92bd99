"""A deadline that says what did not happen."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def deadline(seconds: float, complaint: str) -> AsyncIterator[None]:
    """Raises ``TimeoutError`` with the complaint in words."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise TimeoutError(f"{complaint} within {seconds} s") from None
