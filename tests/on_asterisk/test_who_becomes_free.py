"""An agent becomes free, or a call goes on, in the very moment when something else happens."""

from __future__ import annotations

import asyncio

import pytest

from simphones.light.callers import Call
from tests.on_asterisk.centre_of_queues import TEN
from tests.on_asterisk.floor import Floor

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHARED = "2011"
"""The only agent of the queues ``one`` and ``other``."""
MOVES_AFTER_S = 1.0
WRAP_UP_S = 1.0


async def _talks(floor: Floor, extension: str, queue: str) -> Call:
    floor.behave([extension], talk_s=None)
    call = floor.call(queue)
    (ring,) = await floor.rung(call)
    await floor.connected(ring)
    floor.behave([extension])
    return call


@pytest.mark.parametrize("later_ms", [-20, -8, -2, 0, 2, 8, 20])
async def test_two_calls_come_to_two_queues_as_their_agent_becomes_free(
    floor: Floor, later_ms: int
) -> None:
    talk = await _talks(floor, SHARED, "one")
    loop = asyncio.get_running_loop()
    base = loop.time() + 0.05
    calls: list[Call] = []
    loop.call_at(base, floor.phone(SHARED).hang_up)
    for queue in ("other", "one"):
        loop.call_at(base + later_ms / 1000, lambda queue=queue: calls.append(floor.call(queue)))
    await floor.over(talk)
    await asyncio.sleep(0.05)
    stories = await floor.calm(talk, *calls)
    for call in calls:
        assert len(floor.rings(call)) == 1, floor.tell(*calls, story=stories[call.ani])
        assert stories[call.ani].record["outcome"] == "answered"


async def test_of_two_queues_the_longer_waiting_call_is_first(floor: Floor) -> None:
    talk = await _talks(floor, SHARED, "one")
    first = floor.call("other")
    await floor.centre.story(first.ani, lambda story: "call.queued" in story.kinds())
    second = floor.call("one")
    await floor.centre.story(second.ani, lambda story: "call.queued" in story.kinds())
    floor.phone(SHARED).hang_up()
    await floor.calm(talk, first, second)
    rings = floor.rings(first, second)
    assert [ring.ani for ring in rings] == [first.ani, second.ani], floor.tell(first, second)
    assert rings[0].ended_at <= rings[1].at


@pytest.mark.parametrize("step_ms", [1, 5])
async def test_calls_are_moved_as_agents_become_free(floor: Floor, step_ms: int) -> None:
    for extension in TEN:
        await floor.pages[extension].say(type="not_ready", reason="break")
    for extension in TEN:
        page = floor.pages[extension]
        await page.until(lambda _, page=page: page.state == "not_ready", within=5)
    loop = asyncio.get_running_loop()
    calls = [floor.call("moving") for _ in TEN]
    base = loop.time() + MOVES_AFTER_S
    for number, extension in enumerate(TEN):
        await asyncio.sleep(max(0.0, base + (number - 3) * step_ms / 1000 - loop.time()))
        await floor.pages[extension].say(type="ready")
    stories = await floor.calm(*calls)
    for call in calls:
        story = stories[call.ani]
        said = floor.tell(call, story=story)
        moved = bool(story.all("call.overflowed"))
        answer = story.one("call.answered")
        assert answer["queue"] == ("moved_to" if moved else "moving"), said
        assert not moved or answer["waited_s"] >= MOVES_AFTER_S, said


async def test_calls_come_as_wrap_ups_end(floor: Floor) -> None:
    floor.behave(TEN, talk_s=None)
    before = [floor.call("wrapping") for _ in TEN]
    rings = await floor.rung(*before, times=10)
    await floor.connected(*rings)
    floor.behave(TEN)
    loop = asyncio.get_running_loop()
    for extension in TEN:
        floor.phone(extension).hang_up()
    ends = loop.time() + WRAP_UP_S
    free_from = {ring.extension: ring.ended_at + WRAP_UP_S for ring in rings}
    calls = []
    for number in range(len(TEN)):
        await asyncio.sleep(max(0.0, ends + (number - 5) * 0.01 - loop.time()))
        calls.append(floor.call("wrapping"))
    stories = await floor.calm(*before, *calls)
    for call in calls:
        said = floor.tell(call, story=stories[call.ani])
        (ring,) = floor.rings(call)
        assert stories[call.ani].record["outcome"] == "answered", said
        assert ring.at >= free_from.get(ring.extension, 0.0), said
        free_from[ring.extension] = ring.ended_at + WRAP_UP_S


async def test_a_caller_goes_back_to_a_queue_after_its_talk(floor: Floor) -> None:
    """The second agent is another one; the first is free at once."""
    call = floor.call("twice")
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    assert [ring.extension for ring in floor.rings(call)] == ["2001", "2004"], said
    assert [one["queue"] for one in story.all("call.queued")] == ["back", "specialists"], said
    assert [one["agent_id"] for one in story.all("call.answered")] == ["2001", "2004"], said
    first, second = story.all("call.queued")
    assert second["queued_at"] > first["queued_at"], "a new stay, at the end of its line"
    assert second["moved_from"] is None, said


async def test_a_caller_who_comes_back_waits_behind_who_waited_meanwhile(floor: Floor) -> None:
    floor.behave(["2001", "2003", "2004"], talk_s=None)
    busy = [floor.call("specialists"), floor.call("specialists")]
    rings = await floor.rung(*busy, times=2)
    await floor.connected(*rings)
    returning = floor.call("twice")
    (talk,) = await floor.rung(returning)
    await floor.connected(talk)
    waiting = floor.call("specialists")
    await floor.centre.story(waiting.ani, lambda story: "call.queued" in story.kinds())
    floor.phone("2001").hang_up()
    await floor.centre.story(
        returning.ani, lambda story: len(story.all("call.queued")) == 2, within=5
    )
    floor.behave(["2003", "2004"])
    floor.phone("2004").hang_up()
    await floor.over(waiting, returning)
    floor.phone("2003").hang_up()
    await floor.calm(*busy, waiting, returning)
    rung = [ring.ani for ring in floor.rings(waiting, returning)]
    assert rung == [returning.ani, waiting.ani, returning.ani], floor.tell(waiting, returning)
