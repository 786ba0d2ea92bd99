"""Digits on the phone: a PIN that is nowhere to be found afterwards, a number read back."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path

import pytest

from tests.keys.test_typed_ahead import ended, steps
from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

PIN = "739164"
ORDER = "20418857"
STATE = re.compile(r"CC_FLOW_STATE=([A-Za-z0-9+/=]+)")


async def test_a_pin_is_written_nowhere_and_an_order_number_is_read_back(centre: Centre) -> None:
    call = await centre.callers.call("4013", ani="13944500001")
    await call.answered(within=5)
    # over the question; the pound key behind six digits is a habit, and no answer to what follows
    await call.press(f"{PIN}#", seconds=0.06, gap=0.06)
    await centre.passed("pin", ani="13944500001")
    await call.press(f"{ORDER}#", seconds=0.06, gap=0.06)
    await call.press("1", gap=0.3)
    await centre.passed("order", ani="13944500001")
    kept = _states(await _channel_variables(centre))
    await call.press("9", gap=0.3)
    story = await ended(centre, "13944500001")

    assert steps(story)[:3] == [("pin", "collected"), ("order", "collected"), ("menu", "9")]
    assert all(fact["invalid"] == 0 for fact in story.all("flow.stepped"))
    assert ORDER in kept[-1], "what a restarted engine would find: the number, and not the PIN"
    for state in (*kept, *_states(centre.asterisk.log_text())):
        assert PIN not in state
    for file in _files(centre):
        assert PIN.encode() not in file.read_bytes(), file
        assert PIN not in file.name


async def test_hanging_up_is_a_fact_with_the_step(centre: Centre) -> None:
    ways = {
        "13944500011": ("4013", "", "pin"),
        "13944500012": ("4013", "12", "pin"),
        "13944500013": ("4001", "", "first"),
        "13944500014": ("4011", "1", "next"),
    }
    for ani, (dnis, keys, _) in ways.items():
        call = await centre.callers.call(dnis, ani=ani)
        await call.answered(within=5)
        await call.listened(0.3, within=5)
        if keys:
            await call.press(keys, gap=0.3)
        await call.hang_up()
    for ani, (_, _, step) in ways.items():
        over = (await ended(centre, ani)).one("flow.ended")
        assert (over["step"], over["result"]) == (step, "hung_up")


async def test_hanging_up_in_the_silence_behind_a_menu_is_no_silence(centre: Centre) -> None:
    """Asterisk does not tell one from the other in that command; its time does."""
    call = await centre.callers.call("4001", ani="13944500021")
    await call.answered(within=5)
    await call.listened(2.5, within=10)  # the prompt
    await asyncio.sleep(1.5)
    await call.hang_up()
    story = await ended(centre, "13944500021")
    assert steps(story) == []
    assert story.one("flow.ended")["result"] == "hung_up"


async def _channel_variables(centre: Centre) -> str:
    lines = (await centre.asterisk.cli("core show channels concise")).splitlines()
    names = [line.split("!")[0] for line in lines if line.startswith("PJSIP/")]
    return "".join([await centre.asterisk.cli(f"core show channel {name}") for name in names])


def _states(text: str) -> list[str]:
    """What the engine has left on channels, as plain text."""
    whole = (one[: len(one) // 4 * 4] for one in STATE.findall(text))  # a log cuts long lines
    return [base64.b64decode(one).decode(errors="replace") for one in whole]


def _files(centre: Centre) -> list[Path]:
    """All that is kept: logs, databases, the journals, recordings."""
    home = centre.asterisk.home
    return [file for file in home.rglob("*") if file.is_file() and file.suffix not in (".wav",)]
