"""A caller who is gone at any moment: each call ends exactly once, and no agent is kept."""

from __future__ import annotations

import asyncio

import pytest

from ccengine.journal.facts import CallAnswered, CallArrived, CallEnded, Outcome
from tests.kit.quick_centre import Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open


async def _whole(centre: QuickCentre, **what: int | None) -> list[str]:
    """Menu, queue with an announcement, an offer that rings out, one that is answered, the end."""
    centre.phone_of["1001"] = Phone()
    centre.phone_of["1002"] = Phone(answers=2.0, talks=4.0)
    caller = centre.call(**what)
    await centre.until(lambda: centre.waits(caller) or caller.session_done())
    await asyncio.sleep(2)
    centre.at_work("1001", "1002")
    await centre.until(lambda: caller.session_done(), within=120)
    await centre.stop()
    return caller.commands


@in_quick_time
async def test_a_whole_call(open_centre: Open) -> None:
    centre = open_centre(announce_every=10, max_wait=None)
    commands = await _whole(centre)
    assert [ring[0] for ring in centre.rings] == ["1001", "1002"]
    (ended,) = centre.told(CallEnded)
    assert ended.outcome is Outcome.ANSWERED
    assert len(centre.told(CallAnswered)) == 1
    assert commands[-1] == "HANGUP"
    centre.check_over(["1001", "1002"])


async def _left_at(centre: QuickCentre, **what: int | None) -> None:
    centre.at_work()
    await _whole(centre, **what)
    centre.check_over(["1001", "1002"])


@pytest.mark.parametrize("event_first", [False, True])
@pytest.mark.parametrize("lookup_s", [0.0, 0.9])
def test_the_caller_hangs_up_at_each_command(
    open_centre: Open, event_first: bool, lookup_s: float
) -> None:
    """Whether the socket or the event tells it first, and however slow the database is."""

    def opened() -> QuickCentre:
        centre = open_centre(announce_every=10, max_wait=None)
        centre.floor.lookup_s = lookup_s
        if event_first:
            centre.event_lag_s, centre.socket_lag_s = 0.0, 0.005
        return centre

    @in_quick_time
    async def count() -> None:
        commands.extend(await _whole(opened()))

    commands: list[str] = []
    count()
    assert len(commands) > 15
    outcomes = set()
    for number in range(1, len(commands) + 1):

        @in_quick_time
        async def leave(number: int = number) -> None:
            centre = opened()
            await _left_at(centre, leave_at=number)
            outcomes.add(centre.told(CallEnded)[0].outcome)

        leave()
    assert outcomes >= {Outcome.LEFT_IN_FLOW, Outcome.ABANDONED, Outcome.ANSWERED}


def test_the_caller_hangs_up_at_any_moment(open_centre: Open) -> None:
    """Also between commands: while a lookup runs, a page is asked, a phone rings, they talk."""
    for tenths in range(0, 300, 3):

        @in_quick_time
        async def leave(after_s: float = tenths / 10 + 0.037) -> None:
            centre = open_centre(announce_every=10, max_wait=None)
            centre.floor.lookup_s = 0.9
            caller = centre.call()
            asyncio.get_running_loop().call_later(after_s, caller.hang_up)
            centre.phone_of["1001"] = Phone()
            centre.phone_of["1002"] = Phone(answers=2.0, talks=4.0)
            await asyncio.sleep(5)
            centre.at_work("1001", "1002")
            await asyncio.sleep(40)
            await centre.stop()
            centre.check_over(["1001", "1002"])

        leave()


@pytest.mark.parametrize("link_up", [True, False])
def test_the_connection_is_lost_at_each_command_and_the_caller_comes_back(
    open_centre: Open, link_up: bool
) -> None:
    """The dialplan hands the call over again a second later; it ends once all the same."""
    for number in range(1, 32):

        @in_quick_time
        async def lose(number: int = number) -> None:
            centre = open_centre(announce_every=10, max_wait=None)
            caller = centre.call(drop_at=number)
            centre.phone_of["1001"] = Phone()
            centre.phone_of["1002"] = Phone(answers=2.0, talks=4.0)
            await asyncio.sleep(5)
            centre.at_work("1001", "1002")
            await asyncio.sleep(40)
            await centre.until(caller.session_done, within=120)
            centre.link_up = link_up
            await centre.stop()
            assert len(centre.told(CallEnded)) <= 1
            assert centre.broken == []
            assert len(centre.told(CallArrived)) == 1

        lose()
