"""A phone that refuses, has no registration, or is dead: the caller goes on to the next agent."""

from __future__ import annotations

import itertools

import pytest

from tests.on_asterisk.centre_of_queues import AGENTS, CONGESTED, DEAD_PHONE, NO_PHONE, TEN
from tests.on_asterisk.floor import Floor

pytestmark = pytest.mark.asyncio(loop_scope="session")

WILLING = AGENTS[-1]
AT_ONCE_S = 0.5
"""From the refusal to the next phone's INVITE; nothing is waited for."""
RING_TIMEOUT_S = 3.0
NOTICED_WITHIN_S = 15.0
"""Asked every two seconds, a dead phone has three to answer."""


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("486 Busy Here", "refused"),
        ("603 Decline", "refused"),
        ("480 Temporarily Unavailable", "missed"),
    ],
)
async def test_who_refuses_is_followed_at_once(floor: Floor, status: str, result: str) -> None:
    floor.behave(TEN[:3], refuses_with=status)
    call = floor.call("ten")
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    rings = floor.rings(call)
    assert [ring.extension for ring in rings] == list(TEN[:4]), said
    assert [one["result"] for one in story.all("offer.ended")] == [result] * 3, said
    for refused, following in itertools.pairwise(rings):
        assert following.at - refused.ended_at < AT_ONCE_S, said


async def test_who_refuses_after_it_rang_is_followed_at_once(floor: Floor) -> None:
    floor.behave([TEN[0]], answers_after=None)
    call = floor.call("ten")
    await floor.rung(call)
    floor.phone(TEN[0]).refuse("603 Decline")
    await floor.over(call)
    await floor.calm(call)
    refused, following = floor.rings(call)
    assert following.at - refused.ended_at < AT_ONCE_S, floor.tell(call)


async def test_a_phone_that_cannot_take_calls_is_followed_at_once_and_rests(floor: Floor) -> None:
    await floor.register([CONGESTED])
    await floor.sign_in([CONGESTED])
    floor.behave([CONGESTED], refuses_with="503 Service Unavailable")
    first, second = floor.call("congested"), floor.call("congested")
    await floor.over(first, second)
    stories = await floor.calm(first, second)
    # Dialled together: which of them is offered first is chance.
    first, second = sorted((first, second), key=lambda call: len(floor.rings(call)), reverse=True)
    said = floor.tell(first, second, story=stories[first.ani])
    failed, following, *_ = floor.rings(first)
    assert stories[first.ani].one("offer.ended")["result"] == "unreachable", said
    assert following.at - failed.ended_at < AT_ONCE_S, said
    assert [ring.extension for ring in floor.rings(second)] == [WILLING], said
    await floor.sign_out(CONGESTED)


async def test_a_phone_without_registration_is_passed_by(floor: Floor) -> None:
    await floor.sign_in([NO_PHONE])
    call = floor.call("no_phone")
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    assert [one["agents"] for one in story.all("offer.made")] == [[WILLING]], said
    await floor.sign_out(NO_PHONE)


async def test_a_phone_that_died_costs_one_ring_and_is_then_passed_by(floor: Floor) -> None:
    await floor.register([DEAD_PHONE])
    await floor.sign_in([DEAD_PHONE])
    floor.phone(DEAD_PHONE).is_dead = True

    call = floor.call("dead_phone")
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    said = floor.tell(call, story=story)
    (ring,) = floor.rings(call)
    assert ring.extension == WILLING, said
    assert [one["agents"] for one in story.all("offer.made")] == [[DEAD_PHONE], [WILLING]], said
    assert ring.at - call.answered_at < RING_TIMEOUT_S + 2 * AT_ONCE_S, said

    await floor.centre.asterisk_shows(
        "pjsip show contacts", lambda shown: "Unavail" in shown, within=NOTICED_WITHIN_S
    )
    call = floor.call("dead_phone")
    await floor.over(call)
    story = (await floor.calm(call))[call.ani]
    assert [one["agents"] for one in story.all("offer.made")] == [[WILLING]], floor.tell(
        call, story=story
    )
    await floor.sign_out(DEAD_PHONE)
