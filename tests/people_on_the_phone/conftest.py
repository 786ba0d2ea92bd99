"""One centre whose numbers lead to flows with people in them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.kit.centre import Centre, running_centre
from tests.people_on_the_phone.people import FLOWS, RECOGNISER, TONES, site


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_centre() -> AsyncIterator[Centre]:
    async with running_centre(
        queues={"ring_timeout": 6, "wrap_up": 1, "announce_every": 10},
        site_as_written=site(),
        recordings=TONES,
        settings={
            "flows": FLOWS,
            "asr_command": f"{sys.executable} {RECOGNISER} {{audio}} {{language}} {{phrases_file}}",
        },
    ) as centre:
        yield centre


@pytest_asyncio.fixture(loop_scope="session")
async def centre(whole_centre: Centre) -> AsyncIterator[Centre]:
    """The centre with nobody at work yet."""
    yield whole_centre
    await whole_centre.send_home()
