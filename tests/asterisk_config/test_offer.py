"""An offer: a Dial that the engine runs on the caller's channel, as the agent's phone sees it."""

from __future__ import annotations

import asyncio

import pytest

from simphones.callers import Call, Callers
from simphones.phones import PhoneRefused, Phones
from tests.kit.agi_engine import AgiCall, agi_engine
from tests.kit.asterisk import TONES, AsteriskSite
from tests.kit.plain_ami import plain_ami

DIAL = "PJSIP/1001,15,b(cc-offer^headers^1(offer-1))U(cc-connect^offer-1)m(default)ig"


async def _offered(session: AgiCall) -> None:
    """The lease outlasts the ring, as the engine sets it."""
    await session.set("TIMEOUT(absolute)", "21")


async def test_the_phone_gets_call_offer_and_pop_and_the_engine_hears_of_the_connection(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami,
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip, hz=1000)
        await ami.event(Event="DeviceStateChange", Device="PJSIP/1001", State="NOT_INUSE", within=3)
        call: Call = await callers.call("4001", ani="13800000001")
        session = await engine.call(within=5)
        await _offered(session)
        dial = asyncio.create_task(session.say(f'EXEC Dial "{DIAL}"'))

        invite = (await phone.rings(within=3)).invite
        assert invite.header("X-CC-Call-Id") == session.call_id
        assert invite.header("X-CC-Offer-Id") == "offer-1"
        page = f"{asterisk_site.settings.url}/desk?call={session.call_id}"
        assert invite.header("X-CC-Pop-Url") == page
        assert invite.header("Call-Info") == f"<{page}>;purpose=info"
        assert invite.header("Alert-Info").endswith(";info=ccengine-queue")
        begun = await ami.event(Event="DialBegin", within=3)
        assert begun["DestChannel"].startswith("PJSIP/1001-")
        assert begun["DestChanVariable"] == f"CC_REF={session.call_id}/offer-1"
        assert begun["ChanVariable"] == f"CC_REF={session.call_id}"

        await phone.answer()
        connected = await ami.event(Event="UserEvent", UserEvent="CcConnected", within=3)
        assert connected["CallId"] == session.call_id
        assert connected["OfferId"] == "offer-1"
        assert connected["Agent"] == "1001"
        await phone.talking(within=3)
        # Killed in the talk: the two talk on, and the caller is not queued again afterwards.
        await engine.kill()
        dial.cancel()
        assert await call.hears(1000.0, within=5)
        await phone.hang_up()
        assert (await call.ended(within=3)).by == "far"
        ended = await ami.event(Event="UserEvent", UserEvent="CcEnded", within=3)
        assert (ended["Served"], ended["Done"]) == ("1", "0")
        assert not await call.hears(TONES["zh-CN", "please_hold"], within=0.1)


async def test_engine_killed_while_the_phone_rings_unanswered_gives_the_fallback(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip)
        call = await callers.call("4001")
        session = await engine.call(within=5)
        await _offered(session)
        dial = asyncio.create_task(session.say(f'EXEC Dial "{DIAL.replace(",15,", ",2,")}"'))
        await phone.rings(within=3)
        await engine.kill()
        dial.cancel()
        assert await call.hears(TONES["zh-CN", "fallback_announce"], within=12)
        await phone.rings(within=5)
        await call.hang_up()


async def test_engine_hung_while_the_phone_rings_unanswered_gives_the_fallback(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip)
        call = await callers.call("4001")
        session = await engine.call(within=5)
        await session.set("TIMEOUT(absolute)", "4")
        await session.say(f'EXEC Dial "{DIAL.replace(",15,", ",2,")}"')
        await phone.rings(within=3)
        # Nothing more is said, and the connection stays open.
        assert await call.hears(TONES["zh-CN", "fallback_announce"], within=15)
        await call.hang_up()


async def test_a_talk_goes_on_past_the_lease_that_was_over_its_ring(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip, hz=1000)
        call = await callers.call("4001")
        session = await engine.call(within=5)
        await session.set("TIMEOUT(absolute)", "3")
        dial = asyncio.create_task(session.say(f'EXEC Dial "{DIAL.replace(",15,", ",2,")}"'))
        await phone.rings(within=3)
        await phone.answer()
        await phone.talking(within=3)
        await call.listened(5.0, within=10)
        assert not call.is_over
        assert await call.hears(1000.0, within=3)
        await phone.hang_up()
        await dial
        await call.hang_up()


async def test_engine_hung_in_a_talk_lets_the_caller_go_when_the_agent_hangs_up(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip)
        call = await callers.call("4001")
        session = await engine.call(within=5)
        dial = asyncio.create_task(session.say(f'EXEC Dial "{DIAL}"'))
        await phone.rings(within=3)
        await phone.answer()
        await phone.talking(within=3)
        await phone.hang_up()
        await dial
        # Nothing more is said: the talk was had, and silence without end is no end.
        assert (await call.ended(within=10)).by == "far"


async def test_an_engine_that_saw_the_talks_end_keeps_its_caller(
    asterisk_site: AsteriskSite,
) -> None:
    async with (
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Phones() as phones,
        Callers(target=asterisk_site.sip) as callers,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip)
        call = await callers.call("4001")
        session = await engine.call(within=5)
        dial = asyncio.create_task(session.say(f'EXEC Dial "{DIAL}"'))
        await phone.rings(within=3)
        await phone.answer()
        await phone.talking(within=3)
        await phone.hang_up()
        await dial
        await session.set("CC_TALKING", "0")
        await session.set("TIMEOUT(absolute)", "60")
        await session.say('SET MUSIC ON "default"')
        await call.listened(8.0, within=12)
        assert not call.is_over
        await call.hang_up()


async def test_a_wrong_password_registers_nothing(asterisk_site: AsteriskSite) -> None:
    async with Phones() as phones:
        with pytest.raises(PhoneRefused):
            await phones.register("1002", "not-the-password", target=asterisk_site.sip)


async def test_an_agent_cannot_dial_out(asterisk_site: AsteriskSite) -> None:
    async with (
        plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami,
        Phones() as phones,
    ):
        password = asterisk_site.secrets.sip["1001"]
        phone = await phones.register("1001", password, target=asterisk_site.sip)
        await phone.dial("13800000001")
        await phone.talking(within=5)
        over = await phone.ended(within=10)
        assert over.direction == "outgoing"
        assert not [event for event in ami.events if event["Event"] == "DialBegin"]
