"""How a call ends: told twice, once, the other way round, or not at all."""

from __future__ import annotations

import asyncio

import pytest

from ccengine.asterisk.events import CallOver, ChannelGone, FallbackBegan
from ccengine.calls.live import LiveCall
from ccengine.engine.endings import COME_BACK_S, SESSION_ENDS_S, outcome_of
from ccengine.ids import CallId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    CallAbandoned,
    CallAdopted,
    CallArrived,
    CallEnded,
    CallQueued,
    HangupBy,
    Outcome,
)
from tests.kit.quick_centre import Caller, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open


async def _waiting(centre: QuickCentre) -> Caller:
    caller = centre.call()
    await centre.until(lambda: centre.waits(caller))
    await asyncio.sleep(0.5)
    return caller


def _gone(caller: Caller) -> ChannelGone:
    return ChannelGone(
        channel="PJSIP/trunk-carrier-0000000a",
        uniqueid=caller.uniqueid,
        linked_to=caller.uniqueid,
        call_id=caller.call_id,
        agent_id=None,
    )


@pytest.mark.parametrize(("socket_s", "event_s"), [(0.0, 0.1), (0.1, 0.0), (0.0, 0.0), (0.0, 4.0)])
def test_both_tell_it_in_whatever_order(open_centre: Open, socket_s: float, event_s: float) -> None:
    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        centre.socket_lag_s, centre.event_lag_s = socket_s, event_s
        caller = await _waiting(centre)
        caller.hang_up()
        await asyncio.sleep(5)
        (ended,) = centre.told(CallEnded)
        assert (ended.outcome, ended.by) == (Outcome.ABANDONED, HangupBy.CALLER)
        (left,) = centre.told(CallAbandoned)
        assert left.reason is AbandonReason.HUNG_UP
        centre.check_over([])

    run()


@pytest.mark.parametrize(
    ("end", "outcome"), [("", Outcome.LEFT_IN_FLOW), ("voicemail", Outcome.FALLBACK)]
)
def test_the_end_is_heard_before_the_call(open_centre: Open, end: str, outcome: Outcome) -> None:
    """Given a caller who hangs up in the first millisecond, or while the engine hung, when the
    events are read before the connection is, then the call has its end at once."""

    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        caller = centre.call()
        caller.gone = True
        caller.drop()
        over = CallOver(call_id=caller.call_id, served=False, end=end, uniqueid=caller.uniqueid)
        centre.phones.heard(over)
        centre.phones.heard(_gone(caller))
        assert len(centre.calls) == 0, "nothing of it is known yet"
        await asyncio.sleep(0.1)
        kinds = [fact.kind for fact in centre.facts]
        assert kinds == ["call.arrived", "flow.entered", "flow.ended", "call.ended"]
        (ended,) = centre.told(CallEnded)
        assert (ended.outcome, ended.by) == (outcome, HangupBy.CALLER)
        centre.check_over([])

    run()


@in_quick_time
async def test_only_the_socket_tells_it_while_the_link_is_down(open_centre: Open) -> None:
    centre = open_centre()
    caller = await _waiting(centre)
    centre.link_up = False
    caller.hang_up()
    await asyncio.sleep(10)
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED
    centre.check_over([])


@in_quick_time
async def test_only_asterisk_tells_it_and_the_socket_hangs(open_centre: Open) -> None:
    """Asterisk's machine went away: no FIN ever comes, a snapshot missed the channel."""
    centre = open_centre()
    caller = await _waiting(centre)
    centre.phones.heard(_gone(caller))
    await asyncio.sleep(SESSION_ENDS_S + 1)
    assert len(centre.told(CallEnded)) == 1
    assert not centre.waits(caller)
    await centre.stop()
    centre.check_over([])


@in_quick_time
async def test_told_again_and_again_it_ends_once(open_centre: Open) -> None:
    centre = open_centre()
    caller = await _waiting(centre)
    live = centre.calls.get(caller.call_id)
    assert live is not None
    caller.hang_up()
    for _ in range(3):
        centre.phones.heard(_gone(caller))
        centre.endings.channel_gone(live)
        centre.endings.session_over(live)
        await asyncio.sleep(1)
    await centre.stop()
    centre.check_over([])


@in_quick_time
async def test_a_call_that_was_lost_for_a_moment_keeps_its_place(open_centre: Open) -> None:
    centre = open_centre(agents=["1001"])
    first = await _waiting(centre)
    second = await _waiting(centre)
    first.drop()
    await asyncio.sleep(3)
    assert centre.told(CallEnded) == []
    first.connect()
    await asyncio.sleep(5)
    assert (centre.acd.position(first.call_id), centre.acd.position(second.call_id)) == (1, 2)
    assert len(centre.told(CallQueued, first)) == 1
    assert len(centre.told(CallArrived, first)) == 1
    assert len(centre.told(CallAdopted, first)) == 1
    # the first timer is no danger to it any more
    await asyncio.sleep(COME_BACK_S + 5)
    assert centre.waits(first)
    await centre.stop()
    centre.check_over([])


@in_quick_time
async def test_a_call_lost_twice_has_its_time_twice(open_centre: Open) -> None:
    centre = open_centre(max_wait=None)
    caller = await _waiting(centre)
    caller.drop()
    await asyncio.sleep(1)
    caller.connect()
    await asyncio.sleep(COME_BACK_S - 2.5)
    caller.drop()
    await asyncio.sleep(3)  # the first absence would be over now
    assert centre.waits(caller)
    caller.connect()
    await asyncio.sleep(30)
    assert centre.waits(caller)
    assert len(centre.told(CallQueued)) == 1
    await centre.stop()
    centre.check_over([])


@in_quick_time
async def test_a_call_that_stays_away_leaves_the_queue_and_ends_when_asterisk_says_so(
    open_centre: Open,
) -> None:
    centre = open_centre(max_wait=None)
    caller = await _waiting(centre)
    caller.drop()
    await asyncio.sleep(COME_BACK_S + 1)
    assert not centre.waits(caller)
    (left,) = centre.told(CallAbandoned)
    assert left.reason is AbandonReason.ENGINE_LOST
    assert centre.told(CallEnded) == []
    caller.hang_up()
    await asyncio.sleep(1)
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED
    centre.check_over([])


@in_quick_time
async def test_a_call_that_comes_back_late_is_queued_anew(open_centre: Open) -> None:
    centre = open_centre(max_wait=None, agents=["1001"])
    caller = await _waiting(centre)
    caller.drop()
    await asyncio.sleep(COME_BACK_S + 1)
    caller.connect()
    await asyncio.sleep(1)
    assert centre.waits(caller)
    centre.phone_of["1001"] = Phone(answers=1.0)
    centre.at_work("1001")
    await centre.until(caller.session_done)
    await centre.stop()
    assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
    centre.check_over(["1001"])


@in_quick_time
async def test_the_fallback_takes_a_call(open_centre: Open) -> None:
    """No agent of ours waits for it any more; however it ends there, it was the fallback's."""
    centre = open_centre(max_wait=None)
    caller = await _waiting(centre)
    caller.drop()
    await asyncio.sleep(2)
    centre.phones.heard(FallbackBegan(call_id=caller.call_id))
    assert not centre.waits(caller)
    caller.end = "fallback_queue"
    caller.hang_up()
    await asyncio.sleep(1)
    assert [fact.outcome for fact in centre.told(CallEnded)] == [Outcome.FALLBACK]


@in_quick_time
async def test_a_talk_outlives_its_connection(open_centre: Open) -> None:
    """The engine's connection broke in the talk: the two talk on, and the end is Asterisk's."""
    centre = open_centre(agents=["1001"])
    centre.phone_of["1001"] = Phone(answers=1.0, talks=600.0)
    caller = await _waiting(centre)
    centre.at_work("1001")
    await centre.until(lambda: centre.state("1001") is AgentState.TALKING)
    caller.drop()
    await asyncio.sleep(60)
    assert centre.state("1001") is AgentState.TALKING
    caller.hang_up()
    await asyncio.sleep(1)
    assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
    await asyncio.sleep(5)
    centre.check_over(["1001"])


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        ({}, Outcome.LEFT_IN_FLOW),
        ({"finished": True}, Outcome.SELF_SERVED),
        ({"abandoned": True}, Outcome.ABANDONED),
        ({"abandoned": True, "finished": True}, Outcome.ABANDONED),
        ({"served": True, "finished": True}, Outcome.ANSWERED),
        ({"served": True, "abandoned": True}, Outcome.ANSWERED),
        ({"dialplan_end": "done", "finished": True}, Outcome.SELF_SERVED),
        ({"dialplan_end": "fallback"}, Outcome.FALLBACK),
        ({"dialplan_end": "fallback_queue", "abandoned": True}, Outcome.FALLBACK),
        ({"dialplan_end": "voicemail", "abandoned": True}, Outcome.FALLBACK),
    ],
)
def test_each_call_has_one_outcome(known: dict[str, object], outcome: Outcome) -> None:
    @in_quick_time
    async def run() -> None:
        caller = LiveCall(
            call_id=CallId("c-1"),
            uniqueid="u",
            channel="PJSIP/trunk-carrier-0000000a",
            ani="",
            dnis="4001",
            trunk="carrier",
            ani_verified=False,
            ani_malformed=False,
            vip_level="",
            language="en",
            arrived_at=0.0,
        )
        for name, value in known.items():
            setattr(caller, name, value)
        assert outcome_of(caller) is outcome

    run()
