"""What a caller gets from Asterisk alone, while the engine is away, killed or hung."""

from __future__ import annotations

import re
import time

from simphones import audio
from simphones.callers import Callers
from tests.kit.agi_engine import agi_engine, hung_engine
from tests.kit.asterisk import TONES, AsteriskSite

ANNOUNCE = TONES["zh-CN", "fallback_announce"]
MESSAGE = TONES["zh-CN", "leave_message"]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def test_without_engine_the_caller_hears_why_and_may_leave_a_message(
    asterisk_site: AsteriskSite,
) -> None:
    """Given no engine and no phone; when a caller comes; then announcement and message box."""
    before = set(asterisk_site.layout.voicemail.iterdir())
    async with Callers(target=asterisk_site.sip) as callers:
        call = await callers.call("4001", hz=440.0)
        answered = await call.answered(within=3)

        assert await call.hears(ANNOUNCE, within=10)
        assert time.time() - answered < 10
        assert await call.hears(MESSAGE, within=10)
        await call.voice.hears(123, within=2)
        await call.hang_up()
    (kept,) = set(asterisk_site.layout.voicemail.iterdir()) - before
    assert UUID.fullmatch(kept.stem)
    channels, _rate = audio.read_wav(kept)
    assert audio.hears(channels[0], 440.0)


async def test_engine_killed_in_the_menu_gives_the_fallback_within_ten_seconds(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        Callers(target=asterisk_site.sip) as callers,
        agi_engine(asterisk_site.settings.agi_port) as engine,
    ):
        call = await callers.call("4001")
        session = await engine.call(within=5)
        await session.set("TIMEOUT(absolute)", "30")
        killed = time.time()
        await engine.kill()

        assert await call.hears(TONES["zh-CN", "please_hold"], within=6)
        assert await call.hears(ANNOUNCE, within=10)
        assert time.time() - killed < 10
        await call.hang_up()


async def test_hung_engine_loses_the_caller_by_its_lease(asterisk_site: AsteriskSite) -> None:
    """Given an engine that takes connections and never answers; then the lease brings T."""
    async with (
        Callers(target=asterisk_site.sip) as callers,
        hung_engine(asterisk_site.settings.agi_port),
    ):
        call = await callers.call("4001")
        answered = await call.answered(within=3)

        assert await call.hears(ANNOUNCE, within=12)
        assert time.time() - answered < 10.5
        await call.hang_up()
