"""The link was down in the moment of the answer: the snapshot tells of the talk, and no one cuts
it, is offered the call again, or takes it for an abandoned one."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from ccengine.asterisk.ami import AmiLink
from ccengine.asterisk.snapshot import ChannelSeen, Snapshot
from ccengine.engine.reconciliation import Reconciliation
from ccengine.ids import AgentId
from ccengine.journal.facts import (
    AgentState,
    CallAbandoned,
    CallAnswered,
    CallEnded,
    OfferEnded,
    Outcome,
    TalkEnded,
)
from tests.kit.quick_centre import Caller, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open


def reconciliation_of(
    centre: QuickCentre, patch: pytest.MonkeyPatch, caller: Caller, agent_id: str
) -> Reconciliation:
    """Its snapshots show this caller in a bridge with this agent."""

    def channel(name: str, uniqueid: str, agent: AgentId | None) -> ChannelSeen:
        return ChannelSeen(
            channel=name,
            uniqueid=uniqueid,
            linked_to=caller.uniqueid,
            call_id=caller.call_id,
            agent_id=agent,
            bridged=True,
        )

    async def take(_link: AmiLink) -> Snapshot:
        legs = (
            channel("PJSIP/trunk-carrier-0000000a", caller.uniqueid, None),
            channel(f"PJSIP/{agent_id}-0000000b", f"{caller.uniqueid}.leg", AgentId(agent_id)),
        )
        return Snapshot(phones={}, channels=legs)

    async def first(_seen: Snapshot) -> None:
        pass

    patch.setattr("ccengine.engine.reconciliation.snapshot.take", take)
    return Reconciliation(
        link=cast(AmiLink, None),
        floor=centre.floor,
        calls=centre.calls,
        on_gone=centre.endings.channel_gone,
        on_first=first,
        on_passed_by=lambda _call: None,
    )


@pytest.mark.parametrize("back_after_s", [3.0, 17.0])
def test_a_talk_that_began_unseen_is_taken_up(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch, back_after_s: float
) -> None:
    """Before the ring would have been over, and after another agent has been offered the call."""

    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        centre.phone_of["1001"] = Phone(answers=1.0, talks=60.0)
        caller = centre.call()
        await centre.until(lambda: centre.waits(caller))
        centre.at_work("1001")
        await centre.until(lambda: centre.rings != [])
        await asyncio.sleep(0.2)
        centre.link_up = False
        centre.at_work("1002")
        await asyncio.sleep(back_after_s)
        centre.link_up = True
        await reconciliation_of(centre, monkeypatch, caller, "1001").link_up()

        assert centre.state("1001") is AgentState.TALKING
        assert centre.state("1002") is AgentState.READY
        assert [fact.agent_id for fact in centre.told(CallAnswered)] == ["1001"]
        assert centre.hung_up == set()

        await centre.until(caller.session_done)
        await centre.stop()
        (talk,) = centre.told(TalkEnded)
        assert talk.talk_s == pytest.approx(61 - back_after_s, abs=1)
        assert "missed" not in {fact.result for fact in centre.told(OfferEnded)}
        assert centre.told(CallAbandoned) == []
        assert centre.told(CallEnded)[0].outcome is Outcome.ANSWERED
        centre.check_over(["1001", "1002"])

    run()


def test_a_talk_that_is_over_is_not_begun_again(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The snapshot was taken before the end, and read after it."""

    @in_quick_time
    async def run() -> None:
        centre = open_centre()
        centre.phone_of["1001"] = Phone(answers=1.0, talks=5.0)
        caller = centre.call()
        await centre.until(lambda: centre.waits(caller))
        centre.at_work("1001")
        await centre.until(lambda: centre.told(TalkEnded) != [])
        await reconciliation_of(centre, monkeypatch, caller, "1001").link_up()
        assert centre.state("1001") is AgentState.WRAP_UP
        assert len(centre.told(CallAnswered)) == 1
        await centre.stop()
        centre.check_over(["1001"])

    run()
