"""Offers carried out on a made-up Asterisk: every way a ring can end, and what races with it."""

from __future__ import annotations

import asyncio
import gc

import pytest

from ccengine.acd.inputs import SignOut
from ccengine.asterisk.events import ChannelGone, LegOver
from ccengine.ids import AgentId
from ccengine.journal.facts import (
    AgentState,
    CallAbandoned,
    CallAnswered,
    CallEnded,
    HangupBy,
    OfferEnded,
    OfferMade,
    OfferResult,
    Outcome,
    PopDelivered,
    TalkEnded,
    WrapUpEnded,
)
from tests.kit.quick_centre import Caller, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open

ONE = {"agents": ["1001"]}


async def _in_queue(centre: QuickCentre) -> Caller:
    caller = centre.call()
    await centre.until(lambda: centre.waits(caller))
    await asyncio.sleep(0.5)
    return caller


async def _rings(centre: QuickCentre, times: int = 1) -> None:
    await centre.until(lambda: len(centre.rings) >= times)


@in_quick_time
async def test_the_pop_comes_before_the_ring(open_centre: Open) -> None:
    centre = open_centre()
    centre.floor.pop_s = 0.08
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await _rings(centre)
    ((agent, call_id, rang_at),) = centre.rings
    (pop,) = centre.floor.pops
    (delivered,) = centre.told(PopDelivered)
    assert (agent, call_id) == ("1001", caller.call_id)
    assert (pop.agents, pop.ani, pop.queue) == (("1001",), "13900000000", "sales")
    assert delivered.before_ring
    assert delivered.latency_ms == pytest.approx(80)
    assert rang_at >= pop.decided_at + 0.08
    await centre.stop()
    centre.check_over(["1001"])


@pytest.mark.parametrize(
    ("phone", "result"),
    [
        (Phone(), OfferResult.MISSED),
        (Phone(result="BUSY"), OfferResult.REFUSED),
        (Phone(result="CHANUNAVAIL"), OfferResult.UNREACHABLE),
        (Phone(result="CONGESTION"), OfferResult.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("link_up", [True, False])
def test_a_ring_that_comes_to_nothing_is_told_once_and_the_caller_waits_on(
    open_centre: Open, phone: Phone, result: OfferResult, link_up: bool
) -> None:
    """With the AMI link down, Dial's own result is all there is."""

    @in_quick_time
    async def run() -> None:
        centre = open_centre(**ONE)
        caller = await _in_queue(centre)
        centre.phone_of["1001"] = phone
        centre.link_up = link_up
        centre.at_work("1001")
        await centre.until(lambda: centre.told(OfferEnded) != [])
        await asyncio.sleep(1.5)
        (ended,) = centre.told(OfferEnded)
        assert (ended.result, ended.agent_id) == (result, "1001")
        assert centre.waits(caller)
        after = caller.commands.index("GET FULL VARIABLE ${DIALSTATUS}") + 1
        following = [line for line in caller.commands[after:] if "HANGUPCAUSE" not in line]
        assert following[:2] == ['SET MUSIC ON "default"', _LEASE]
        assert len(centre.told(OfferMade)) == 1
        await centre.stop()
        assert centre.broken == []

    run()


@pytest.mark.parametrize("status", ["CHANUNAVAIL", "NOANSWER"])
@in_quick_time
async def test_a_phone_that_declines_has_refused_whatever_dial_calls_it(
    open_centre: Open, status: str
) -> None:
    centre = open_centre(**ONE)
    caller = await _in_queue(centre)
    caller.variables["HANGUPCAUSE"] = "21"
    centre.phone_of["1001"] = Phone(result=status)
    centre.link_up = False
    centre.at_work("1001")
    await centre.until(lambda: centre.told(OfferEnded) != [])
    assert [ended.result for ended in centre.told(OfferEnded)] == [OfferResult.REFUSED]
    await centre.stop()


@pytest.mark.parametrize("status", ["CANCEL", "NOANSWER"])
@in_quick_time
async def test_a_ring_that_ends_with_its_caller_rings_nobody_else(
    open_centre: Open, status: str
) -> None:
    """Asterisk tells of the agent's leg before it tells that the caller has gone."""
    centre = open_centre(agents=["1001", "1002"])
    caller = await _in_queue(centre)
    centre.at_work("1001")
    call = centre.calls.get(caller.call_id)
    assert call is not None
    await centre.until(lambda: AgentId("1001") in call.legs)
    centre.at_work("1002")
    centre.phones.heard(
        LegOver(
            caller_uniqueid=caller.uniqueid,
            agent_id=AgentId("1001"),
            channel=call.legs[AgentId("1001")],
            status=status,
        )
    )
    caller.hang_up()
    await centre.until(lambda: centre.is_over(caller))
    assert len(centre.told(OfferMade)) == 1
    assert [ended.result for ended in centre.told(OfferEnded)] == [OfferResult.WITHDRAWN]
    await centre.stop()
    centre.check_over(["1001", "1002"])


_LEASE = 'SET VARIABLE TIMEOUT(absolute) "6.0"'


@in_quick_time
async def test_a_missed_call_goes_to_the_next_agent(open_centre: Open) -> None:
    centre = open_centre()
    centre.phone_of["1002"] = Phone(answers=1.0, talks=7.0)
    caller = await _in_queue(centre)
    centre.at_work("1001", "1002")
    await centre.until(caller.session_done)
    await centre.stop()
    (ended,) = centre.told(OfferEnded)
    (answered,) = centre.told(CallAnswered)
    (talk,) = centre.told(TalkEnded)
    assert (ended.agent_id, ended.result) == ("1001", OfferResult.MISSED)
    assert ended.rang_s == pytest.approx(10, abs=0.2)
    assert (answered.agent_id, talk.by) == ("1002", HangupBy.AGENT)
    assert talk.talk_s == pytest.approx(7, abs=0.1)
    assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
    assert [fact.wrap_up_s for fact in centre.told(WrapUpEnded)] == [pytest.approx(3)]
    centre.check_over(["1001", "1002"])


@in_quick_time
async def test_ring_all_rings_both_and_one_has_the_call(open_centre: Open) -> None:
    centre = open_centre(strategy="ring_all")
    centre.phone_of["1002"] = Phone(answers=1.0)
    centre.at_work("1001", "1002")
    caller = centre.call()
    await centre.until(caller.session_done)
    await centre.stop()
    answered = [fact.agent_id for fact in centre.told(CallAnswered)]
    assert answered[-1] == "1002"
    assert len(answered) == 1
    assert [(f.agent_id, f.result) for f in centre.told(OfferEnded)] == [("1001", "withdrawn")]
    centre.check_over(["1001", "1002"])


@in_quick_time
async def test_an_offer_during_an_announcement_stops_the_sound(open_centre: Open) -> None:
    centre = open_centre(announce_every=10, **ONE)
    caller = centre.call()
    await centre.until(lambda: len(caller.heard) == 2)
    await asyncio.sleep(0.3)
    centre.at_work("1001")
    since = centre.clock.now()
    await _rings(centre)
    assert centre.rings[0][2] - since < 0.2
    assert len(caller.heard) == 2, "the expected wait is not begun"
    await centre.stop()
    centre.check_over(["1001"])


@in_quick_time
async def test_without_the_link_an_announcement_plays_out_and_then_the_offer_comes(
    open_centre: Open,
) -> None:
    centre = open_centre(announce_every=10, **ONE)
    caller = centre.call()
    await centre.until(lambda: len(caller.heard) == 2)
    centre.link_up = False
    centre.at_work("1001")
    await _rings(centre)
    assert centre.broken == []
    centre.link_up = True
    await centre.stop()
    centre.check_over(["1001"])


@in_quick_time
async def test_a_missing_announcement_is_passed_over(open_centre: Open) -> None:
    centre = open_centre(announce_every=10, **ONE)
    centre.floor.sounds.missing = {"您是下一位，马上为您接通。", "您好。", "再见。"}
    centre.phone_of["1001"] = Phone(answers=1.0)
    caller = centre.call()
    await asyncio.sleep(15)
    assert centre.waits(caller)
    centre.at_work("1001")
    await centre.until(caller.session_done)
    await centre.stop()
    assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
    centre.check_over(["1001"])


@in_quick_time
async def test_an_agent_who_leaves_while_the_page_is_asked_is_not_rung(open_centre: Open) -> None:
    centre = open_centre(**ONE)
    centre.floor.pop_s = 0.1
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await asyncio.sleep(0.05)
    centre.dispatch.submit(SignOut(agent_id=AgentId("1001")))
    await asyncio.sleep(1)
    assert centre.rings == []
    assert centre.waits(caller)
    assert [fact.result for fact in centre.told(OfferEnded)] == [OfferResult.WITHDRAWN]
    await centre.stop()
    assert centre.broken == []


@pytest.mark.parametrize("after_s", [0.02, 0.04, 0.3, 5.0])
def test_an_agent_who_leaves_while_the_phone_rings_is_rung_no_more(
    open_centre: Open, after_s: float
) -> None:
    """Also when Asterisk has not yet said which channel rings."""

    @in_quick_time
    async def run() -> None:
        centre = open_centre(**ONE)
        centre.leg_lag_s = 0.1
        caller = await _in_queue(centre)
        centre.at_work("1001")
        await _rings(centre)
        await asyncio.sleep(after_s)
        centre.dispatch.submit(SignOut(agent_id=AgentId("1001")))
        await asyncio.sleep(0.4)
        assert len(centre.hung_up) == 1, "the phone rings on"
        assert caller.commands[-1] == _LEASE, "Dial is not back"
        assert [fact.result for fact in centre.told(OfferEnded)] == [OfferResult.WITHDRAWN]
        assert centre.waits(caller)
        await centre.stop()
        assert centre.broken == []

    run()


@in_quick_time
async def test_served_without_the_link_is_still_served(open_centre: Open) -> None:
    """Nobody told of the answer; the agent's own leg left its mark on the caller's channel."""
    centre = open_centre(**ONE)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=4.0)
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await _rings(centre)
    centre.link_up = False
    await centre.until(caller.session_done)
    await centre.stop()
    assert [fact.agent_id for fact in centre.told(CallAnswered)] == ["1001"]
    assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
    centre.check_over(["1001"])


@in_quick_time
async def test_the_caller_ends_the_talk(open_centre: Open) -> None:
    centre = open_centre(**ONE)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=60.0)
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await centre.until(lambda: centre.state("1001") is AgentState.TALKING)
    await asyncio.sleep(12)
    caller.hang_up()
    await asyncio.sleep(1)
    (talk,) = centre.told(TalkEnded)
    (ended,) = centre.told(CallEnded)
    assert (talk.by, ended.by, ended.outcome) == (
        HangupBy.CALLER,
        HangupBy.CALLER,
        Outcome.ANSWERED,
    )
    assert talk.talk_s == pytest.approx(12, abs=0.1)
    assert centre.state("1001") is AgentState.WRAP_UP
    await centre.stop()
    centre.check_over(["1001"])


@in_quick_time
async def test_a_second_stay_in_a_queue_is_not_served_by_the_first_talk(open_centre: Open) -> None:
    """After the talk the flow queues the call again; there the phone rings out."""
    centre = open_centre(flow="again", max_wait=25, **ONE)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=4.0)
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await centre.until(lambda: centre.told(TalkEnded) != [])
    centre.phone_of["1001"] = Phone()
    await centre.until(caller.session_done)
    await centre.stop()
    assert len(centre.told(CallAnswered)) == 1
    assert next(fact.result for fact in centre.told(OfferEnded)) is OfferResult.MISSED
    assert len(centre.told(CallAbandoned)) == 1
    centre.check_over(["1001"])


@in_quick_time
async def test_in_a_second_stay_a_ring_can_be_withdrawn_as_in_the_first(open_centre: Open) -> None:
    centre = open_centre(flow="again", **ONE)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=4.0)
    await _in_queue(centre)
    centre.at_work("1001")
    await centre.until(lambda: centre.told(TalkEnded) != [])
    centre.phone_of["1001"] = Phone()
    await _rings(centre, 2)
    await asyncio.sleep(1)
    centre.dispatch.submit(SignOut(agent_id=AgentId("1001")))
    await asyncio.sleep(0.5)
    assert len(centre.hung_up) == 1
    await centre.stop()
    assert centre.broken == []


@in_quick_time
async def test_a_late_end_of_an_old_ring_does_not_end_the_new_one(open_centre: Open) -> None:
    """Asterisk's event about the first Dial comes when the second is already ringing."""
    centre = open_centre(**ONE)
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await _rings(centre, 2)
    await asyncio.sleep(1)
    assert len(centre.told(OfferEnded)) == 1
    centre.phones.heard(
        LegOver(
            caller_uniqueid=caller.uniqueid,
            agent_id=AgentId("1001"),
            channel="PJSIP/1001-00000001",
            status="NOANSWER",
        )
    )
    assert len(centre.told(OfferEnded)) == 1
    assert centre.state("1001") is AgentState.OFFERED
    await centre.stop()
    centre.check_over(["1001"])


@in_quick_time
async def test_a_forged_end_of_a_channel_is_not_believed(open_centre: Open) -> None:
    """Unique ids can be guessed, the dialplan's mark cannot."""
    centre = open_centre()
    caller = await _in_queue(centre)
    centre.phones.heard(
        ChannelGone(
            channel="PJSIP/trunk-carrier-0000000a",
            uniqueid=caller.uniqueid,
            linked_to=caller.uniqueid,
            call_id=None,
            agent_id=None,
        )
    )
    await asyncio.sleep(30)
    assert centre.waits(caller)
    assert centre.told(CallEnded) == []
    await centre.stop()
    centre.check_over([])


@in_quick_time
async def test_the_lease_is_renewed_as_long_as_the_caller_waits(open_centre: Open) -> None:
    centre = open_centre(max_wait=600)
    caller = await _in_queue(centre)
    before = len(caller.commands)
    await asyncio.sleep(100)
    assert caller.commands[before:] == [_LEASE] * (len(caller.commands) - before)
    assert 40 <= len(caller.commands) - before <= 52
    await centre.stop()
    centre.check_over([])


@in_quick_time
async def test_who_waits_too_long_goes_on_in_the_flow(open_centre: Open) -> None:
    centre = open_centre(max_wait=20)
    caller = centre.call()
    await centre.until(caller.session_done)
    await centre.stop()
    assert caller.heard == ["您好。", "再见。"]
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED
    centre.check_over([])


@in_quick_time
async def test_each_stay_has_one_recording_and_not_two(open_centre: Open) -> None:
    """A second MixMonitor would write into the same file beside the first."""
    centre = open_centre(flow="again", **ONE)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=4.0)
    caller = await _in_queue(centre)
    centre.at_work("1001")
    await centre.until(caller.session_done)
    running, most = 0, 0
    for command in caller.commands:
        running = 0 if "StopMixMonitor" in command else running + ("EXEC MixMonitor" in command)
        most = max(most, running)
    assert most == 1
    await centre.stop()
    centre.check_over(["1001"])


def test_a_stopped_engine_leaves_nothing_behind(open_centre: Open) -> None:
    """Its sessions are cancelled wherever they stand; no task is left, no error unseen."""
    errors: list[str] = []
    for tenths in range(0, 120, 5):

        @in_quick_time
        async def run(after_s: float = tenths / 10 + 0.013) -> None:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _loop, what: errors.append(str(what)))
            centre = open_centre(announce_every=10, **ONE)
            centre.phone_of["1001"] = Phone(answers=2.0, talks=4.0)
            caller = centre.call()
            centre.at_work("1001")
            await asyncio.sleep(after_s)
            session = caller.session
            assert session is not None
            session.cancel()
            await asyncio.wait({session})
            del session
            centre.dispatch.stop()
            await asyncio.sleep(1)
            left = {task.get_name() for task in asyncio.all_tasks()} - {
                task.get_name() for task in (asyncio.current_task(),) if task
            }
            assert left == set()

        run()
    gc.collect()
    assert errors == []
