"""A caller who is gone before the engine was asked: Asterisk says so, since nobody else can."""

from __future__ import annotations

import asyncio
import re

import pytest

from ccengine.asterisk import accounts
from ccengine.ids import CallId
from simphones.callers import Callers
from tests.kit.agi_engine import agi_engine
from tests.kit.asterisk import AsteriskSite, running_asterisk
from tests.kit.plain_ami import plain_ami


@pytest.mark.parametrize(("asked", "end"), [(False, "early"), (True, "")])
async def test_the_caller_hangs_up_before_or_after_the_engine_is_asked(
    asked: bool, end: str
) -> None:
    async with (
        running_asterisk() as asterisk,
        plain_ami(asterisk.settings.ami_port, asterisk.secrets.ami) as ami,
        agi_engine(asterisk.settings.agi_port) as engine,
        Callers(target=asterisk.sip) as callers,
    ):
        if not asked:
            await _linger_before_the_answer(asterisk)
        call = await callers.call("4001", ani="13800000001")
        if asked:
            await engine.call(within=5)
        else:
            await _says(asterisk, 'Wait("')
        await call.hang_up()

        told = await ami.event(Event="UserEvent", UserEvent="CcEnded", within=5)
        assert told["End"] == end
        assert await _written_down(asterisk, CallId(told["CallId"])) == end


async def _linger_before_the_answer(asterisk: AsteriskSite) -> None:
    """The moment in which this happens, made so long that a test can meet it."""
    shown = await asterisk.cli("dialplan show s@cc-call")
    answer = re.search(r"(\d+)\. Answer\(", shown)
    assert answer, shown
    done = await asterisk.cli(f"dialplan add extension s,{answer[1]},Wait,20 into cc-call replace")
    assert "replace" in done, done


async def _says(asterisk: AsteriskSite, text: str) -> None:
    async with asyncio.timeout(5):
        while text not in asterisk.log_text():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.05)


async def _written_down(asterisk: AsteriskSite, call_id: CallId) -> str:
    """How it ended, by Asterisk's account, which comes a moment later."""
    async with asyncio.timeout(5):
        while call_id not in (known := accounts.read(asterisk.layout.call_records)):  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.05)
    return known[call_id].end
