"""An answer crosses the caller's hang-up, the end of the ring, or the agent's own sign-out.

Ten calls at a time, each with its own agent and its own moment; what must be true afterwards,
whoever was first, is ``Floor.calm``.
"""

from __future__ import annotations

import asyncio

import pytest

from simphones.light.callers import Call
from simphones.light.phones import Ring
from tests.on_asterisk.centre_of_queues import TEN
from tests.on_asterisk.floor import SOON, Floor

pytestmark = pytest.mark.asyncio(loop_scope="session")

RING_TIMEOUT_S = 3.0


async def _ten_ring(floor: Floor) -> list[tuple[Call, Ring]]:
    """Ten callers, each at the phone of one of ten agents, which ring until they are told."""
    floor.behave(TEN, answers_after=None)
    calls = [floor.call("ten") for _ in TEN]
    rings = await floor.rung(*calls, times=10)
    assert sorted(ring.extension for ring in rings) == list(TEN), floor.tell(*calls)
    by_caller = {ring.ani: ring for ring in rings}
    return [(call, by_caller[call.ani]) for call in calls]


@pytest.mark.parametrize("step_ms", [1, 4, 8])
async def test_the_caller_hangs_up_while_the_agent_answers(floor: Floor, step_ms: int) -> None:
    pairs = await _ten_ring(floor)
    loop = asyncio.get_running_loop()
    base = loop.time() + 0.1
    for number, (call, ring) in enumerate(pairs):
        loop.call_at(base + number * 0.005, floor.phone(ring.extension).pick_up)
        loop.call_at(base + number * 0.005 + (number - 2) * step_ms / 1000, call.hang_up)
    stories = await floor.calm(*(call for call, _ in pairs))
    for call, ring in pairs:
        story = stories[call.ani]
        said = floor.tell(call, story=story)
        assert len(story.all("offer.made")) == 1, said
        # Which of the two Asterisk takes first is chance; what comes of it is not.
        possible = ("answered", "abandoned") if ring.talked else ("abandoned",)
        assert story.record["outcome"] in possible, said


@pytest.mark.parametrize("step_ms", [3, 10])
async def test_an_answer_as_the_ring_ends(floor: Floor, step_ms: int) -> None:
    pairs = await _ten_ring(floor)
    loop = asyncio.get_running_loop()
    # The seconds count from Dial's begin, a moment before the INVITE is here.
    now, wall = loop.time(), max(ring.at for _, ring in pairs)
    for number, (_, ring) in enumerate(pairs):
        ends = now + RING_TIMEOUT_S - (wall - ring.at)
        loop.call_at(ends + (number - 6) * step_ms / 1000, floor.phone(ring.extension).pick_up)
    await asyncio.sleep(RING_TIMEOUT_S - 0.2)
    floor.behave(TEN)  # whom it rings next answers at once
    calls = [call for call, _ in pairs]
    stories = await floor.calm(*calls)
    for call in calls:
        story = stories[call.ani]
        said = floor.tell(call, story=story)
        assert len(story.all("call.answered")) == 1, said
        assert {one["result"] for one in story.all("offer.ended")} <= {"missed"}, said
        first = floor.rings(call)[0]
        if not first.answered_at:
            rang_s = first.ended_at - first.at
            assert rang_s == pytest.approx(RING_TIMEOUT_S, abs=0.3), said


async def test_the_agent_signs_out_while_its_phone_rings(floor: Floor) -> None:
    floor.behave([TEN[0]], answers_after=None)
    call = floor.call("ten")
    (ring,) = await floor.rung(call)
    assert ring.extension == TEN[0]
    await floor.sign_out(TEN[0])
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    assert story.one("call.answered")["agent_id"] == TEN[1], said
    assert story.one("offer.ended")["result"] == "withdrawn", said


@pytest.mark.parametrize("answer_ms", [-10, 0, 10, 20])
async def test_the_agent_signs_out_and_answers_at_once(floor: Floor, answer_ms: int) -> None:
    floor.behave([TEN[0]], answers_after=None)
    call = floor.call("ten")
    await floor.rung(call)
    loop = asyncio.get_running_loop()
    loop.call_later(0.02 + answer_ms / 1000, floor.phone(TEN[0]).pick_up)
    await asyncio.sleep(0.02)
    await floor.sign_out(TEN[0])
    story = (await floor.calm(call))[call.ani]
    # Where the ring was stopped in the moment of the answer, the caller waited on for another.
    cut = [talk for talk in story.all("talk.ended") if talk["by"] == "system"]
    assert len(story.all("call.answered")) == 1 + len(cut), floor.tell(call, story=story)
    assert story.all("talk.ended")[-1]["by"] != "system", floor.tell(call, story=story)


async def test_an_agent_says_not_ready_while_its_phone_rings(floor: Floor) -> None:
    """It holds after the talk: the caller is not sent away."""
    floor.behave([TEN[0]], answers_after=None)
    call = floor.call("ten")
    await floor.rung(call)
    page = floor.pages[TEN[0]]
    await page.say(type="not_ready", reason="break")
    floor.phone(TEN[0]).pick_up()
    await floor.over(call)
    await page.until(lambda _: page.state == "not_ready", within=SOON)
    await page.ready()
    story = (await floor.calm(call))[call.ani]
    assert story.one("call.answered")["agent_id"] == TEN[0], floor.tell(call, story=story)
