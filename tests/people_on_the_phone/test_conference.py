"""Callers meet in a room."""

from __future__ import annotations

import asyncio

import pytest

from tests.kit.centre import Centre, Story

pytestmark = pytest.mark.asyncio(loop_scope="session")


def result_of(story: Story) -> str:
    return str(story.all("flow.stepped")[0]["result"])


async def test_two_hear_each_other_and_a_third_finds_it_full(centre: Centre) -> None:
    one = await centre.callers.call("5009", ani="13950050001", hz=1000)
    two = await centre.callers.call("5009", ani="13950050002", hz=1500)
    assert await one.hears(1500, within=10)
    assert await two.hears(1000, within=10)
    three = await centre.callers.call("5009", ani="13950050003")
    assert await three.hears(1380, within=10)
    await two.press("*")
    assert await two.hears(640, within=10)
    await one.hang_up()

    ended = "call.ended"
    stories = [
        await centre.story(f"1395005000{n}", lambda s: ended in s.kinds()) for n in (1, 2, 3)
    ]
    assert [story.record["outcome"] for story in stories] == ["self_served"] * 3
    assert [result_of(story) for story in stories[1:]] == ["left", "full"]
    assert stories[0].one("flow.ended")["result"] == "hung_up"


async def test_the_room_closes_with_its_moderator(centre: Centre) -> None:
    moderator = await centre.callers.call("5010", ani="13950050004", hz=1000)
    member = await centre.callers.call("5009", ani="13950050005", hz=1500)
    assert await member.hears(1000, within=10)
    await moderator.hang_up()
    assert await member.hears(640, within=10)

    story = await centre.story("13950050005", lambda s: "call.ended" in s.kinds())
    assert result_of(story) == "closed"


async def test_who_comes_a_moment_after_the_last_place_was_taken_finds_it_full(
    centre: Centre,
) -> None:
    """All at once, so that several see a free place before any of them is in the room."""
    anis = [f"1395005010{n}" for n in range(6)]
    calls = await asyncio.gather(*(centre.callers.call("5009", ani=ani) for ani in anis))
    ending = [asyncio.create_task(call.ended(within=40)) for call in calls]
    async with asyncio.timeout(30):
        while sum(task.done() for task in ending) < len(calls) - 2:
            left = [task for task in ending if not task.done()]
            await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
    for call, task in zip(calls, ending, strict=True):
        if not task.done():
            await call.hang_up()
    await asyncio.gather(*ending)

    stories = [await centre.story(ani, lambda s: "call.ended" in s.kinds()) for ani in anis]
    ends = [
        result_of(story) if story.all("flow.stepped") else story.one("flow.ended")["result"]
        for story in stories
    ]
    assert sorted(ends) == ["full"] * 4 + ["hung_up"] * 2
