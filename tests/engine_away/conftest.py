"""A centre whose engine falls, hangs or is away, and whose callers must not notice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.kit.centre import Centre, running_centre


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def centre_with_fallback() -> AsyncIterator[Centre]:
    fallback = {"agents": ["1004"], "ring": 20}
    # Patient: what is proven is that the caller is kept, not how fast a busy machine restarts us.
    async with running_centre(
        {"ring_timeout": 6, "wrap_up": 1}, settings={"fallback_after": 20}, fallback=fallback
    ) as centre:
        yield centre


@pytest_asyncio.fixture(loop_scope="session")
async def fallible_centre(centre_with_fallback: Centre) -> AsyncIterator[Centre]:
    """A centre whose engine a test may kill; the next test finds a new one."""
    yield centre_with_fallback
    await centre_with_fallback.send_home()
    await centre_with_fallback.kill_engine()
    await centre_with_fallback.start_engine()
