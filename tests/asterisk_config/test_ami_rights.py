"""What the engine's AMI account may do and hear, and what not."""

from __future__ import annotations

import asyncio
import re

import pytest

from simphones.callers import Callers
from tests.kit.agi_engine import agi_engine
from tests.kit.asterisk import AsteriskSite
from tests.kit.plain_ami import plain_ami


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("Ping", {}),
        ("CoreShowChannels", {}),
        ("Status", {}),
        ("BridgeList", {}),
        ("DeviceStateList", {}),
    ],
)
async def test_what_the_engine_asks_is_answered(
    asterisk_site: AsteriskSite, action: str, fields: dict[str, str]
) -> None:
    async with plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami:
        said = await ami.action(action, **fields)
        assert said["Response"] == "Success", said


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("Command", {"Command": "core show version"}),
        ("GetConfig", {"Filename": "manager.conf"}),
        ("UpdateConfig", {"SrcFilename": "x.conf", "DstFilename": "x.conf"}),
        ("ModuleLoad", {"LoadType": "reload"}),
        ("DBPut", {"Family": "a", "Key": "b", "Val": "c"}),
        ("Originate", {"Channel": "PJSIP/1001", "Application": "System", "Data": "true"}),
        ("Reload", {}),
        ("PJSIPShowAuths", {}),
        ("CreateConfig", {"Filename": "x.conf"}),
        ("QueueAdd", {"Queue": "fallback", "Interface": "PJSIP/1005"}),
        ("AGI", {"Channel": "x", "Command": "ANSWER"}),
    ],
)
async def test_what_the_engine_does_not_need_is_denied(
    asterisk_site: AsteriskSite, action: str, fields: dict[str, str]
) -> None:
    async with plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami:
        said = await ami.action(action, **fields)
        assert said["Response"] == "Error"
        assert re.search("denied|forbidden", said["Message"], re.IGNORECASE), said


async def test_functions_that_touch_files_are_closed(asterisk_site: AsteriskSite) -> None:
    async with plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami:
        for name in ("FILE(/tmp/x)", "SHELL(id)", "AST_CONFIG(manager.conf,ccengine,secret)"):
            said = await ami.action("Getvar", Variable=name)
            assert said["Response"] == "Error" or said.get("Value", "") == "", said


async def test_only_events_that_the_engine_understands_are_heard(
    asterisk_site: AsteriskSite,
) -> None:
    """Given a call from INVITE to end; then no Newchannel, VarSet or Newexten is told, and a key
    once, with the call's mark."""
    async with (
        plain_ami(asterisk_site.settings.ami_port, asterisk_site.secrets.ami) as ami,
        agi_engine(asterisk_site.settings.agi_port) as engine,
        Callers(target=asterisk_site.sip) as callers,
    ):
        call = await callers.call("4001")
        session = await engine.call(within=5)
        waiting = asyncio.create_task(session.say("WAIT FOR DIGIT 5000"))
        await call.press("5")
        assert await waiting == "200 result=53", "Asterisk has the key"
        await session.set("CC_DONE", "1")
        session.drop()
        ended = await ami.event(Event="UserEvent", UserEvent="CcEnded", within=5)
        assert (ended["CallId"], ended["Served"], ended["Done"]) == (session.call_id, "0", "1")
        hangup = await ami.event(Event="Hangup", within=5)
        assert hangup["ChanVariable"] == f"CC_REF={session.call_id}"
        assert (await call.ended(within=5)).by == "far"
        keys = [event for event in ami.events if event["Event"] == "DTMFEnd"]
        assert [(key["Digit"], key["Direction"], key["ChanVariable"]) for key in keys] == [
            ("5", "Received", f"CC_REF={session.call_id}")
        ]
        kinds = {event["Event"] for event in ami.events}
        assert kinds <= {"UserEvent", "Hangup", "DeviceStateChange", "DTMFBegin", "DTMFEnd"}
