"""One contact centre for all calls of this folder; each test has its own callers and agents."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.kit.centre import Centre, running_centre

QUICK = {"ring_timeout": 4, "wrap_up": 1, "announce_every": 10}
"""Short times, so that a test of what rings out does not wait a real caller's time."""


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_centre() -> AsyncIterator[Centre]:
    async with running_centre(queues=QUICK) as centre:
        yield centre


@pytest_asyncio.fixture(loop_scope="session")
async def centre(whole_centre: Centre) -> AsyncIterator[Centre]:
    """The centre with nobody at work yet."""
    yield whole_centre
    await whole_centre.send_home()
