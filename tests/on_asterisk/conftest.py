"""One centre with a queue for each strategy and race; fourteen agents who are always there."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.kit.centre import running_centre
from tests.on_asterisk.centre_of_queues import AGENTS, site, wide_rtp, write_flows
from tests.on_asterisk.floor import Floor


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_floor() -> AsyncIterator[Floor]:
    with tempfile.TemporaryDirectory() as folder:
        write_flows(Path(folder))
        async with running_centre(
            site_as_written=site(), settings={"flows": folder, "sip_qualify": 2} | wide_rtp()
        ) as centre:
            floor = Floor(centre)
            try:
                await floor.register(AGENTS)
                await floor.sign_in(AGENTS)
                yield floor
            finally:
                floor.close()


@pytest_asyncio.fixture(loop_scope="session")
async def floor(whole_floor: Floor) -> AsyncIterator[Floor]:
    """Everybody is ready, and answers the next call at once."""
    whole_floor.behave(AGENTS)
    await whole_floor.sign_in([one for one in AGENTS if one not in whole_floor.pages])
    yield whole_floor
    whole_floor.send_callers_home()
