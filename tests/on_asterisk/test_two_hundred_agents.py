"""Two hundred agents sign in, and a hundred callers come within a few seconds."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ccengine.asterisk import snapshot
from ccengine.asterisk.ami import AmiLink
from tests.kit.centre import running_centre
from tests.on_asterisk.centre_of_queues import site, wide_rtp, write_flows
from tests.on_asterisk.floor import Floor

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXTENSIONS = tuple(str(extension) for extension in range(2001, 2201))
CALLS, EVERY_S, TALK_S = 100, 0.03, 1.0
PATIENCE_S = 15.0
"""From the caller's INVITE to the agent's, on a machine with other work."""


def _site() -> dict[str, Any]:
    whole = site(EXTENSIONS)
    whole["queues"]["least_recent"] |= {"agents": list(EXTENSIONS), "ring_timeout": 15}
    return whole


@pytest_asyncio.fixture(loop_scope="session")
async def big_floor() -> AsyncIterator[Floor]:
    with tempfile.TemporaryDirectory() as folder:
        write_flows(Path(folder))
        async with running_centre(
            site_as_written=_site(), settings={"flows": folder, "sip_qualify": 30} | wide_rtp()
        ) as centre:
            floor = Floor(centre)
            try:
                yield floor
            finally:
                floor.close()


async def test_two_hundred_agents_take_a_hundred_calls(
    big_floor: Floor, capsys: pytest.CaptureFixture[str]
) -> None:
    floor = big_floor
    began = time.monotonic()
    await floor.register(EXTENSIONS)
    registered = time.monotonic()
    await floor.sign_in(EXTENSIONS)
    signed_in = time.monotonic()
    looked = await _snapshot_s(floor)

    floor.behave(EXTENSIONS, talk_s=TALK_S)
    calls = []
    for _ in range(CALLS):
        calls.append(floor.call("least_recent"))
        await asyncio.sleep(EVERY_S)
    await floor.over(*calls, within=30)
    assert await floor.phones.idle(within=5)
    assert floor.phones.collisions == 0

    refused = [call.refused for call in calls if call.refused]
    assert refused == [], f"{len(refused)} callers were refused by Asterisk"
    rings = floor.rings(*calls)
    assert len(rings) == CALLS, "each call rang once"
    assert len({ring.extension for ring in rings}) == CALLS, "nobody has a second call"
    assert all(ring.talked for ring in rings)
    stories = await _stories(floor)
    assert {story["record"]["outcome"] for story in stories.values()} == {"answered"}
    waits = []
    for ring in rings:
        queued = _moment(stories[ring.call_id]["record"]["queued_at"])
        waits.append(ring.at - queued)
    waits.sort()
    p50, p99 = waits[CALLS // 2 - 1], waits[CALLS - 2]
    with capsys.disabled():
        sys.stdout.write(
            f"\n200 phones registered in {registered - began:.2f} s, 200 agents signed in within"
            f" {signed_in - registered:.1f} s more; snapshot {looked * 1000:.0f} ms;"
            f" {CALLS} calls, one each {EVERY_S * 1000:.0f} ms, none lost; from the queue to the"
            f" agent's INVITE p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms\n"
        )
    assert p99 < PATIENCE_S


def _moment(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()


async def _stories(floor: Floor) -> dict[str, Any]:
    """Records by call, as soon as the journal has the end of each."""
    boss = await floor.centre.boss()
    async with asyncio.timeout(20):
        while True:
            found = (await boss.get("/api/calls?limit=200"))["calls"]
            if len(found) == CALLS and all(call["outcome"] for call in found):
                return {call["call_id"]: {"record": call} for call in found}
            await asyncio.sleep(0.1)


async def _snapshot_s(floor: Floor) -> float:
    """How long Asterisk takes to tell of all phones and channels."""
    settings = floor.centre.settings

    async def up() -> None:
        return

    link = AmiLink(
        host=settings.ami_host,
        port=settings.ami_port,
        username="ccengine",
        secret=floor.centre.asterisk.secrets.ami,
        on_event=lambda _: None,
        on_up=up,
        on_down=lambda: None,
    )
    running = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(10):
            await link.up.wait()
        began = time.monotonic()
        seen = await snapshot.take(link)
        took = time.monotonic() - began
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert {str(agent) for agent, phone in seen.phones.items() if phone.value == "idle"} >= set(
        EXTENSIONS
    )
    return took
