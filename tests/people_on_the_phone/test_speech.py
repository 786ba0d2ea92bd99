"""Callers say what they want, where a recogniser is; keys work beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.kit.centre import Centre, Story

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def chosen(centre: Centre, ani: str) -> tuple[str, Story]:
    story = await centre.story(ani, lambda s: "call.ended" in s.kinds(), within=15)
    assert not list(centre.settings.messages.glob("*/*.speech.*")), "what was said is kept"
    return str(story.all("flow.stepped")[0]["result"]), story


@pytest.mark.parametrize(
    ("hz", "heard", "result"), [(440, 640, "1"), (600, 1380, "2"), (800, 1660, "invalid")]
)
async def test_what_is_said_is_compared_with_the_menu(
    centre: Centre, hz: int, heard: int, result: str
) -> None:
    ani = f"139500600{hz // 10}"
    call = await centre.callers.call("5011", ani=ani, hz=hz)
    assert await call.hears(heard, within=25)
    await call.ended(within=10)
    assert (await chosen(centre, ani))[0] == result


async def test_a_key_cuts_what_is_said(centre: Centre) -> None:
    call = await centre.callers.call("5011", ani="13950060001", hz=440)
    assert await call.hears(2600, within=10)
    await call.press("2")
    assert await call.hears(1380, within=5)
    await call.ended(within=10)
    assert (await chosen(centre, "13950060001"))[0] == "2"


async def test_who_says_nothing_is_told_so(centre: Centre) -> None:
    call = await centre.callers.call("5011", ani="13950060002", hz=0)
    assert await call.hears(780, within=15)
    await call.ended(within=10)
    assert (await chosen(centre, "13950060002"))[0] == "no_input"


async def test_a_recogniser_that_hangs_is_killed_with_its_children(centre: Centre) -> None:
    call = await centre.callers.call("5011", ani="13950060003", hz=1000)
    assert await call.hears(1660, within=25)
    await call.ended(within=10)
    assert (await chosen(centre, "13950060003"))[0] == "invalid"
    async with asyncio.timeout(5):
        while _recognisers():  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0.05)


def _recognisers() -> list[str]:
    """Processes of it that run, whoever their parent is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = stat.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.endswith(b"people_on_the_phone/recogniser.py") for word in words):
            found.append(stat.parent.name)
    return found
