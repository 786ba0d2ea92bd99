"""What a caller gets from Asterisk alone, while the engine is away, killed or hung."""

from __future__ import annotations

import asyncio
import csv
import re
import time
from pathlib import Path

from simphones import audio
from simphones.callers import Callers
from simphones.phones import Phones
from tests.kit.agi_engine import agi_engine, hung_engine
from tests.kit.asterisk import TONES, AsteriskSite
from tests.kit.plain_ami import plain_ami

ANNOUNCE = TONES["zh-CN", "fallback_announce"]
MESSAGE = TONES["zh-CN", "leave_message"]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def test_without_engine_the_caller_hears_why_and_may_leave_a_message(
    asterisk_site: AsteriskSite,
) -> None:
    """Given no engine and no phone; when a caller comes; then announcement and message box."""
    async with (
        plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami,
        Callers(target=asterisk_site.sip) as callers,
    ):
        call = await callers.call("4001", hz=440.0)
        answered = await call.answered(within=3)
        told = await ami.event(Event="UserEvent", UserEvent="CcFallback", within=10)

        assert await call.hears(ANNOUNCE, within=3)
        assert time.time() - answered < 10
        assert await call.hears(MESSAGE, within=10)
        kept = asterisk_site.layout.voicemail / f"{told['CallId']}.wav"
        await _holds_sound(kept, seconds=2, within=8)
        await call.hang_up()
        ended = await ami.event(Event="UserEvent", UserEvent="CcEnded", within=5)

    assert UUID.fullmatch(told["CallId"])
    assert (ended["CallId"], ended["End"], ended["Phase"]) == (
        told["CallId"],
        "voicemail",
        "fallback",
    )
    channels, _rate = audio.read_wav(kept)
    assert audio.hears(channels[0], 440.0)
    (row,) = _call_records(asterisk_site, told["CallId"])
    assert row[6:9] == ["4001", "carrier", "13900000000"]
    assert row[10] == "voicemail"


async def test_without_engine_the_fallback_phones_ring_and_talk(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip, hz=1000)
        call = await callers.call("4001", ani="13800000001", hz=440.0)
        ring = await phone.rings(within=12)
        told = await ami.event(Event="UserEvent", UserEvent="CcFallback", within=1)
        assert ring.invite.header("X-CC-Call-Id") == told["CallId"]
        assert "13800000001" in ring.invite.header("From")
        await phone.answer()
        await phone.talking(within=3)
        assert await call.hears(1000.0, within=5)
        await phone.hang_up()
        assert (await call.ended(within=3)).by == "far"
        ended = await ami.event(Event="UserEvent", UserEvent="CcEnded", within=3)
        assert (ended["Served"], ended["End"]) == ("1", "fallback_queue")


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


async def test_engine_killed_speaks_the_callers_language(asterisk_site: AsteriskSite) -> None:
    async with (
        Callers(target=asterisk_site.sip) as callers,
        agi_engine(asterisk_site.settings.agi_port) as engine,
    ):
        call = await callers.call("4001")
        session = await engine.call(within=5)
        await session.set("CC_LANG", "en")
        await engine.kill()
        assert await call.hears(TONES["en", "fallback_announce"], within=10)
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
        assert time.time() - answered < 10
        await call.hang_up()


async def test_an_engine_that_drops_every_call_at_once_is_given_up(
    asterisk_site: AsteriskSite,
) -> None:
    """AGISTATUS says SUCCESS each time; the caller must not go round for ever."""
    async with (
        Callers(target=asterisk_site.sip) as callers,
        agi_engine(asterisk_site.settings.agi_port) as engine,
    ):
        call = await callers.call("4001")

        async def drop_all() -> None:
            while True:
                (await engine.call(within=30)).drop()

        dropping = asyncio.create_task(drop_all())
        assert await call.hears(ANNOUNCE, within=12)
        dropping.cancel()
        await call.hang_up()


async def _holds_sound(path: Path, *, seconds: float, within: float) -> None:
    """Until the file that Asterisk writes holds so much sound (8 kHz, 16 bit).

    No event tells how long a recording is: its file is asked.
    """
    until = time.monotonic() + within
    while _size(path) < seconds * 16_000:
        assert time.monotonic() < until, f"{path.name} holds {_size(path)} bytes"
        await asyncio.sleep(0.05)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _call_records(site: AsteriskSite, call_id: str) -> list[list[str]]:
    with site.layout.call_records.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if row[0] == call_id]
