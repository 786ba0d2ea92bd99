"""What a caller may do while it waits, and where it is led, on a made-up Asterisk."""

from __future__ import annotations

import asyncio

import pytest

from ccengine.acd.commands import Move, Release
from ccengine.ids import QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    CallAbandoned,
    CallAnswered,
    CallEnded,
    FlowEnded,
    OfferEnded,
    OfferResult,
    Outcome,
)
from tests.kit.quick_centre import PROMPT_S, Phone
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.queue_site import Open, centre_with, over, waiting, ways_taken

__all__ = ["centre_with"]

BUSY = {"say": {"zh-CN": "今天很忙。", "en": "We are busy today."}}
ONLINE = {"say": {"zh-CN": "也可在线办理。", "en": "See our site."}}


# -- keys


@in_quick_time
async def test_an_exit_key_leads_out_of_the_queue(centre_with: Open) -> None:
    centre = centre_with()
    caller = await waiting(centre)
    await asyncio.sleep(5)
    caller.press("7")
    await asyncio.sleep(5)
    assert centre.waits(caller), "a key without a meaning does nothing"
    caller.press("9")
    await centre.until(caller.session_done)
    assert caller.heard == ["其他"]
    assert ways_taken(centre)[0] == ("sales", "key_9")
    (left,) = centre.told(CallAbandoned)
    assert (left.reason, left.waited_s) == (AbandonReason.EXIT_KEY, pytest.approx(10, abs=0.1))
    await over(centre)
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED


@in_quick_time
async def test_an_exit_key_stops_the_ringing(centre_with: Open) -> None:
    centre = centre_with()
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: len(centre.rings) == 1)
    await asyncio.sleep(2)
    caller.press("9")
    await centre.until(caller.session_done)
    assert caller.heard == ["其他"]
    (leg,) = centre.told(OfferEnded)
    assert leg.result is OfferResult.WITHDRAWN
    assert leg.rang_s == pytest.approx(2, abs=0.2), "no longer than the caller waited"
    assert len(centre.hung_up) == 1
    await asyncio.sleep(1)
    assert centre.state("1001") == "ready"
    await over(centre)


@in_quick_time
async def test_an_exit_key_while_the_page_is_asked_rings_nobody(centre_with: Open) -> None:
    centre = centre_with()
    centre.floor.pop_s = 0.1
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: centre.floor.pops != [])
    caller.press("0")
    await centre.until(caller.session_done)
    assert (centre.rings, ways_taken(centre)[0]) == ([], ("sales", "key_0"))
    await over(centre)


@in_quick_time
async def test_a_key_in_a_talk_does_nothing(centre_with: Open) -> None:
    centre = centre_with()
    centre.phone_of["1001"] = Phone(answers=1.0, talks=10.0)
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: centre.told(CallAnswered) != [])
    caller.press("9", "9", "9")
    await centre.until(caller.session_done)
    assert ways_taken(centre)[0] == ("sales", "served")
    await over(centre)


@in_quick_time
async def test_an_answer_in_the_moment_of_the_key_is_let_go(centre_with: Open) -> None:
    """The key came first: the ACD has the call out of its line when the answer is told."""
    centre = centre_with()
    centre.phone_of["1001"] = Phone(answers=2.0, talks=1.0)
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: len(centre.rings) == 1)
    live = centre.calls.get(caller.call_id)
    assert live is not None
    await centre.until(lambda: len(live.legs) == 1)
    live.legs.clear()  # the leg cannot be hung up: the answer is quicker
    caller.press("9")
    await centre.until(caller.session_done)
    assert caller.heard == ["其他"]
    assert centre.told(CallAnswered) == []
    assert caller.variables["CC_SERVED"] == "0"
    await over(centre)
    assert centre.told(CallEnded)[0].outcome is Outcome.ABANDONED


@in_quick_time
async def test_keys_outside_a_queue_are_dropped(centre_with: Open) -> None:
    centre = centre_with(messages={"busy": BUSY | {"every": 15}})
    caller = await waiting(centre)
    for _ in range(200):
        caller.press("5")
    live = centre.calls.get(caller.call_id)
    assert live is not None
    assert live.mailbox.empty
    centre.decides(Release(call_id=caller.call_id, reason=AbandonReason.TIMED_OUT))
    await centre.until(lambda: caller.heard == ["太久"])
    caller.press("9")
    assert live.mailbox.empty
    await asyncio.sleep(PROMPT_S)
    await centre.stop()


# -- ways out by decision


@pytest.mark.parametrize(
    ("reason", "branch", "heard"),
    [
        (AbandonReason.TIMED_OUT, "", "太久"),
        (AbandonReason.NO_AGENTS, "", "没有人"),
        (AbandonReason.QUEUE_FULL, "", "太久"),
        (AbandonReason.CLOSED, "", "下班了"),
        (AbandonReason.OVERFLOW, "sorry", "其他"),
    ],
)
def test_who_is_let_go_takes_its_way(
    centre_with: Open, reason: AbandonReason, branch: str, heard: str
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = centre_with()
        caller = await waiting(centre)
        centre.decides(Release(call_id=caller.call_id, reason=reason, branch=branch))
        await centre.until(caller.session_done)
        assert caller.heard == [heard]
        await centre.stop()

    run()


@in_quick_time
async def test_who_is_to_leave_a_message_is_handed_to_the_dialplan(centre_with: Open) -> None:
    centre = centre_with()
    caller = await waiting(centre)
    centre.decides(
        Release(call_id=caller.call_id, reason=AbandonReason.OVERFLOW, branch="voicemail")
    )
    await centre.until(caller.session_done)
    assert caller.variables["CC_DONE"] == "voicemail"
    assert "HANGUP" not in caller.commands
    assert [fact.result for fact in centre.told(FlowEnded)] == ["voicemail"]
    caller.end = "message"
    await asyncio.sleep(60)
    assert centre.told(CallEnded) == [], "the caller still speaks its message"
    await centre.stop()
    (ended,) = centre.told(CallEnded)
    assert (ended.outcome, ended.by) == (Outcome.ABANDONED, "caller")


@in_quick_time
async def test_a_moved_call_hears_the_other_queue_and_is_recorded_as_that_one_wants(
    centre_with: Open,
) -> None:
    centre = centre_with({"record": False, "messages": {"online": ONLINE | {"every": 20}}})
    caller = await waiting(centre)
    centre.decides(Move(call_id=caller.call_id, queue=QueueId("support")))
    await asyncio.sleep(1)
    assert caller.variables["CC_QUEUE"] == "support"
    assert caller.commands.count('SET MUSIC ON "calm"') == 1
    assert [line for line in caller.commands if "MixMonitor" in line][-1].startswith(
        "EXEC StopMixMonitor"
    )
    await asyncio.sleep(22)
    assert caller.heard == ["也可在线办理。"]
    caller.press("9")
    await centre.until(caller.session_done)
    assert ways_taken(centre)[0] == ("sales", "key_9"), "the step's own ways still hold"
    await centre.stop()


@in_quick_time
async def test_a_moved_call_that_comes_back_stands_where_it_was_moved_to(
    centre_with: Open,
) -> None:
    centre = centre_with()
    caller = await waiting(centre)
    centre.decides(Move(call_id=caller.call_id, queue=QueueId("support")))
    await asyncio.sleep(1)
    caller.drop()
    await asyncio.sleep(1)
    caller.connect()
    await asyncio.sleep(1)
    live = centre.calls.get(caller.call_id)
    assert live is not None
    assert live.queue == "support"
    assert caller.commands[-3:].count('SET MUSIC ON "calm"') <= 1
    assert 'SET MUSIC ON "calm"' in caller.commands[-6:]
    await centre.stop()


@in_quick_time
async def test_an_offer_that_died_with_its_connection_holds_no_agent(centre_with: Open) -> None:
    """Given an offer to a caller whose connection closed before a phone rang, when the caller is
    back from the dialplan, then the agent is free again at once."""
    centre = centre_with()
    caller = await waiting(centre)
    caller.drop()
    centre.at_work("1001")
    await asyncio.sleep(0.5)
    assert centre.state("1001") is AgentState.OFFERED
    caller.connect()
    await centre.until(lambda: centre.told(OfferEnded) != [], within=1.0)
    assert [fact.result for fact in centre.told(OfferEnded)] == [OfferResult.WITHDRAWN]
    assert centre.state("1001") is AgentState.READY
    await centre.stop()
