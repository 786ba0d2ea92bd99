"""How the dialplan hands a call to the engine and takes it back."""

from __future__ import annotations

import asyncio
import re

import pytest

from simphones.callers import Callers
from tests.kit.agi_engine import AgiCall, agi_engine
from tests.kit.asterisk import TONES, AsteriskSite
from tests.kit.plain_ami import plain_ami

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def test_a_call_comes_marked_with_its_id_token_number_and_trunk(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Callers(target=asterisk_site.sip) as callers,
    ):
        await callers.call("4001", ani="13800000001", display="王芳")
        session = await engine.call(within=5)

        kind, token, call_id, *marks = session.path.split("/")
        assert (kind, token) == ("call", asterisk_site.secrets.agi)
        assert call_id == session.call_id
        assert set(marks) >= {"trunk-carrier", "bad-0", "dnis-4001", "phase-"}
        assert UUID.fullmatch(session.call_id)
        assert session.environment["agi_callerid"] == "13800000001"
        assert session.environment["agi_calleridname"] == "王芳"
        assert await session.get("CC_CALL_ID") == session.call_id
        assert await session.get("CC_REF") == session.call_id
        assert await session.get("CC_DNIS") == "4001"
        assert await session.get("CC_TRUNK") == "carrier"
        assert await session.get("CC_TRUSTED") == "1"
        assert await session.get("CC_BAD_CID") == "0"
        assert await session.get("CC_TRIES") == "1"


@pytest.mark.parametrize(
    "ani",
    [
        "138%0D%0AEvent:%20Hangup",
        "138%0A%0Aagi_network_script:%20x",
        "138,1,x",
        "138%22",
        "138%28x%29",
        "138%5C",
        "%24%7BEPOCH%7D",
        "1" * 80,
    ],
)
async def test_a_caller_id_that_no_network_makes_is_emptied_and_flagged(
    asterisk_site: AsteriskSite, ani: str
) -> None:
    async with (
        plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami,
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Callers(target=asterisk_site.sip) as callers,
    ):
        call = await callers.call("4001", ani=ani)
        session = await engine.call(within=5)
        assert await session.get("CC_BAD_CID") == "1"
        assert await session.full("${CALLERID(num)}${CALLERID(name)}${CALLERID(ANI)}") == ""
        assert session.environment["agi_callerid"] in ("", "unknown")
        assert len(session.environment) > 20
        await call.hang_up()
        await ami.event(Event="UserEvent", CallId=session.call_id, within=5)
        await ami.event(Event="Hangup", within=5)
        for event in ami.events:
            assert event.get("CallerIDNum", "<unknown>") in ("", "<unknown>"), event


@pytest.mark.parametrize("number", ["alice", "h", "T", "4001%0D%0AEvent:%20x", "4" * 21, "s"])
async def test_what_is_no_number_has_no_extension(asterisk_site: AsteriskSite, number: str) -> None:
    async with Callers(target=asterisk_site.sip) as callers:
        call = await callers.call(number)
        assert (await call.ended(within=5)).code == 404


async def test_a_stranger_is_challenged(asterisk_site: AsteriskSite) -> None:
    """An address that is no trunk's gets no call through."""
    assert asterisk_site.site.trunks["carrier"].match == ("127.0.0.1",)
    async with Callers(target=asterisk_site.sip, host="127.0.0.9") as callers:
        call = await callers.call("4001")
        assert (await call.ended(within=5)).code == 401


async def test_a_new_engine_gets_the_waiting_call_back_with_its_place(
    asterisk_site: AsteriskSite,
) -> None:
    """When the engine is killed and comes again, it finds all it needs on the channel."""
    port = asterisk_site.settings.agi_port
    async with Callers(target=asterisk_site.sip) as callers:
        async with agi_engine(port) as engine:
            call = await callers.call("4001")
            first = await engine.call(within=5)
            for name, value in {
                "CC_QUEUE": "sales",
                "CC_QUEUED_AT": "1700000000.5",
                "CC_PHASE": "queued",
                "CC_LANG": "en",
            }.items():
                await first.set(name, value)
            await engine.kill()
        async with agi_engine(port) as engine:
            second = await engine.call(within=4)
            assert second.call_id == first.call_id
            assert int(await second.get("CC_TRIES")) > 1
            assert await second.get("CC_QUEUE") == "sales"
            assert await second.get("CC_QUEUED_AT") == "1700000000.5"
            assert await second.get("CC_PHASE") == "queued"
            await second.set("CC_DONE", "1")
            second.drop()
            assert (await call.ended(within=5)).by == "far"


async def test_a_served_caller_is_not_queued_again(asterisk_site: AsteriskSite) -> None:
    async with Callers(target=asterisk_site.sip) as callers:
        async with agi_engine(asterisk_site.settings.agi_port) as engine:
            call = await callers.call("4001")
            session = await engine.call(within=5)
            await session.set("CC_SERVED", "1")
        ended = await call.ended(within=5)
        assert ended.by == "far"
        assert not await call.hears(TONES["zh-CN", "please_hold"], within=0.1)


async def test_a_lease_that_runs_out_gives_the_call_to_an_engine_that_wakes_up(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Callers(target=asterisk_site.sip) as callers,
    ):
        call = await callers.call("4001")
        first = await engine.call(within=5)
        await first.set("TIMEOUT(absolute)", "1")
        again = await engine.call(within=4)
        assert again.call_id == first.call_id
        await first.gone(within=1)
        await again.set("TIMEOUT(absolute)", "30")
        await again.set("CC_DONE", "1")
        again.drop()
        await call.ended(within=5)


async def test_a_caller_who_hangs_up_frees_even_a_hung_engine(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Callers(target=asterisk_site.sip) as callers,
    ):
        call = await callers.call("4001")
        session: AgiCall = await engine.call(within=5)
        await session.set("TIMEOUT(absolute)", "60")
        await asyncio.gather(call.hang_up(), session.gone(within=2))
