"""Ring all: one agent gets the call, the others' phones fall silent at once."""

from __future__ import annotations

import asyncio

import pytest

from simphones.light.phones import Ring, RingEnd
from tests.kit.centre import Story
from tests.on_asterisk.centre_of_queues import TEN
from tests.on_asterisk.floor import Floor

pytestmark = pytest.mark.asyncio(loop_scope="session")

SILENT_WITHIN_S = 0.2
"""Of the answer, as the losers' phones see it."""
_TALK_S = 0.3
_ROUNDS = 6


@pytest.mark.parametrize("apart_ms", [0, 2, 10])
async def test_ten_answers_at_once_give_one_talk_and_nine_silent_phones(
    floor: Floor, apart_ms: float
) -> None:
    floor.behave(TEN, answers_after=None, talk_s=None)
    for number in range(_ROUNDS):
        call = floor.call("ring_all")
        rings = await floor.rung(call, times=10)
        assert {ring.extension for ring in rings} == set(TEN), floor.tell(call)
        # Another one is first in each round.
        for extension in TEN[number:] + TEN[:number]:
            floor.phone(extension).pick_up()
            if apart_ms:
                await asyncio.sleep(apart_ms / 1000)
        await asyncio.sleep(_TALK_S)
        talks = [ring for ring in floor.rings(call) if ring.end is None]
        assert len(talks) == 1, floor.tell(call)
        floor.phone(talks[0].extension).hang_up()
        story = (await floor.calm(call))[call.ani]
        _check_losers(floor.rings(call), talks[0], story, floor.tell(call, story=story))


def _check_losers(rings: list[Ring], winner: Ring, story: Story, said: str) -> None:
    assert len(rings) == 10, said
    answer = story.one("call.answered")
    assert (answer["agent_id"], answer["offer_id"]) == (winner.extension, winner.offer_id), said
    losers = [ring for ring in rings if ring is not winner]
    assert {ring.end for ring in losers} <= {RingEnd.CANCELLED, RingEnd.HUNG_UP_ON}, said
    # Who answers after the winner is hung up on as soon as its answer is there.
    late = [
        ring.ended_at - max(winner.answered_at, ring.answered_at)
        for ring in losers
        if ring.ended_at > winner.answered_at
    ]
    assert len(late) == 9, f"{late}\n{said}"
    assert max(late) < SILENT_WITHIN_S, f"{late}\n{said}"
    assert {one["result"] for one in story.all("offer.ended")} == {"withdrawn"}, said


async def test_the_caller_hangs_up_while_all_ring(floor: Floor) -> None:
    floor.behave(TEN, answers_after=None)
    call = floor.call("ring_all")
    await floor.rung(call, times=10)
    call.hang_up()
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    assert {ring.end for ring in floor.rings(call)} == {RingEnd.CANCELLED}, said
    assert len(story.all("offer.made")) == 1, said
    assert story.one("call.abandoned")["reason"] == "hung_up", said


async def test_the_caller_hangs_up_in_the_moment_of_all_answers(floor: Floor) -> None:
    floor.behave(TEN, answers_after=None, talk_s=None)
    for after_ms in range(0, 60, 6):
        call = floor.call("ring_all")
        await floor.rung(call, times=10)
        for extension in TEN:
            floor.phone(extension).pick_up()
        await asyncio.sleep(after_ms / 1000)
        call.hang_up()
        story = (await floor.calm(call))[call.ani]
        assert len(story.all("offer.made")) == 1, floor.tell(call, story=story)


async def test_nine_refuse_and_the_tenth_answers(floor: Floor) -> None:
    floor.behave(TEN[:9], refuses_with="486 Busy Here")
    call = floor.call("ring_all")
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    assert story.one("call.answered")["agent_id"] == TEN[9], said
    assert [one["result"] for one in story.all("offer.ended")] == ["refused"] * 9, said


async def test_one_signs_out_while_all_ring_and_the_others_ring_on(floor: Floor) -> None:
    floor.behave(TEN, answers_after=None)
    call = floor.call("ring_all")
    await floor.rung(call, times=10)
    await floor.sign_out(TEN[0])
    floor.phone(TEN[1]).pick_up()
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    assert story.one("call.answered")["agent_id"] == TEN[1], said
    assert len(story.all("offer.made")) == 1, said
