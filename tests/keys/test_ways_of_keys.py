"""A key is a key, however it comes: in RTP (RFC 4733) or as SIP INFO."""

from __future__ import annotations

import asyncio

import pytest

from simphones.light.callers import Callers
from tests.keys.test_typed_ahead import ARRIVED, ended, steps
from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("key_events", [True, False], ids=["could do both", "INFO alone"])
async def test_keys_by_sip_info(centre: Centre, key_events: bool) -> None:
    callers = Callers(centre.asterisk.sip, key_events=key_events)
    ani = f"139444900{key_events:02d}"
    try:
        call = callers.call("4001", ani)
        await callers.wire.watch.until(
            lambda: call.answered_at, within=5, complaint=lambda: "not answered"
        )
        for key in "120":
            call.press_by_info(key)
            await asyncio.sleep(0.3)
        assert steps(await ended(centre, ani)) == ARRIVED
    finally:
        callers.wire.close()
