"""The ACD's one inbox: order whatever races, and no fault that stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from ccengine.acd.commands import CancelTimer, Command, Ignored, Offer, Release, SetTimer, Withdraw
from ccengine.acd.core import Acd
from ccengine.acd.inputs import (
    Input,
    Join,
    PhoneChanged,
    PhoneState,
    Ready,
    SignIn,
    SignOut,
    TimerFired,
)
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.engine.dispatch import Dispatch
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason, AgentState, AgentStateChanged, CallEnded, Fact
from tests.kit.quick_time import LoopClock, in_quick_time
from tests.rules.acd.floor_driver import queue, rules

ANN = AgentId("ann")
CALL = CallId("c-1")


def live(call_id: CallId = CALL) -> LiveCall:
    return LiveCall(
        call_id=call_id,
        uniqueid=f"u-{call_id}",
        channel="PJSIP/trunk-carrier-00000001",
        ani="",
        dnis="4001",
        trunk="carrier",
        ani_verified=False,
        ani_malformed=False,
        vip_level="",
        language="en",
        arrived_at=0.0,
    )


class ScriptedAcd:
    """Says what the test tells it to say to an agent's name; keeps the order of what it heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.says: dict[str, list[Command | Fact] | Exception] = {}

    def handle(self, said: Input, _now: float) -> list[Command | Fact]:
        match said:
            case SignIn(agent_id=name):
                pass
            case TimerFired(timer_id=name):
                name = AgentId(f"timer {name}")
            case _:
                raise AssertionError(said)
        self.heard.append(name)
        answer = self.says.get(name, [])
        if isinstance(answer, Exception):
            raise answer
        return answer


class Inbox:
    def __init__(self) -> None:
        self.acd = ScriptedAcd()
        self.calls = LiveCalls()
        self.facts: list[Fact] = []
        self.dispatch = Dispatch(cast(Acd, self.acd), LoopClock(), self.calls, self.record)
        self.then: list[str] = []

    def record(self, facts: Sequence[Fact]) -> None:
        """Whoever is told of a fact may say something at once: a page, a wallboard."""
        self.facts.extend(facts)
        while self.then:
            self.say(self.then.pop(0))

    def say(self, name: str) -> None:
        self.dispatch.submit(SignIn(agent_id=AgentId(name)))


def changed(agent: AgentId = ANN) -> AgentStateChanged:
    return AgentStateChanged(at=0.0, agent_id=agent, state=AgentState.READY)


@in_quick_time
async def test_what_is_said_while_deciding_is_decided_after_in_its_order() -> None:
    inbox = Inbox()
    inbox.acd.says = {"first": [changed()], "second": [changed()]}
    inbox.then = ["second", "third"]
    inbox.say("first")
    assert inbox.acd.heard == ["first", "second", "third"]


@in_quick_time
async def test_facts_are_told_before_commands_are_carried_out() -> None:
    inbox = Inbox()
    call = live()
    inbox.calls.add(call)
    release = Release(call_id=CALL, reason=AbandonReason.TIMED_OUT)
    inbox.acd.says = {"first": [release, changed()]}
    seen: list[bool] = []
    inbox.record = lambda facts: seen.append(call.mailbox.empty)  # type: ignore[method-assign]
    inbox.dispatch = Dispatch(cast(Acd, inbox.acd), LoopClock(), inbox.calls, inbox.record)
    inbox.say("first")
    assert seen == [True]
    assert call.mailbox.take() == release


@in_quick_time
async def test_an_acd_that_breaks_does_not_stop_the_inbox() -> None:
    inbox = Inbox()
    inbox.acd.says = {"first": [changed()], "bad": ZeroDivisionError("ours")}
    inbox.then = ["bad", "good"]
    inbox.say("first")
    inbox.say("later")
    assert inbox.acd.heard == ["first", "bad", "good", "later"]


@in_quick_time
async def test_a_recorder_that_breaks_does_not_stop_the_inbox() -> None:
    inbox = Inbox()
    inbox.acd.says = {"first": [changed(), SetTimer(timer_id=TimerId("t"), at=0.0)]}

    def broken(_facts: Sequence[Fact]) -> None:
        raise ZeroDivisionError("ours")

    inbox.dispatch = Dispatch(cast(Acd, inbox.acd), LoopClock(), inbox.calls, broken)
    inbox.say("first")
    inbox.say("second")
    await asyncio.sleep(0.1)
    assert inbox.acd.heard == ["first", "second", "timer t"]


@in_quick_time
async def test_timers_fire_once_at_their_moment_and_not_when_cancelled() -> None:
    inbox = Inbox()
    clock = LoopClock()
    one, two = TimerId("one"), TimerId("two")
    inbox.acd.says = {
        "set": [
            SetTimer(timer_id=one, at=clock.now() + 5),
            SetTimer(timer_id=two, at=clock.now() + 6),
        ],
        "again": [SetTimer(timer_id=one, at=clock.now() + 9)],
        "cancel": [CancelTimer(timer_id=two), CancelTimer(timer_id=TimerId("unknown"))],
        "past": [SetTimer(timer_id=TimerId("past"), at=clock.now() - 60)],
    }
    for name in ("set", "again", "cancel", "past"):
        inbox.say(name)
    await asyncio.sleep(8.9)
    assert inbox.acd.heard == ["set", "again", "cancel", "past", "timer past"]
    await asyncio.sleep(0.2)
    assert inbox.acd.heard[-1] == "timer one"
    await asyncio.sleep(60)
    assert len(inbox.acd.heard) == 6


@in_quick_time
async def test_a_stopped_dispatch_fires_no_timer() -> None:
    inbox = Inbox()
    inbox.acd.says = {"set": [SetTimer(timer_id=TimerId("t"), at=LoopClock().now() + 5)]}
    inbox.say("set")
    inbox.dispatch.stop()
    await asyncio.sleep(60)
    assert inbox.acd.heard == ["set"]


@in_quick_time
async def test_mail_comes_in_the_order_of_its_decision() -> None:
    inbox = Inbox()
    call = live()
    inbox.calls.add(call)
    withdraw = Withdraw(offer_id=OfferId("o-1"), call_id=CALL)
    release = Release(call_id=CALL, reason=AbandonReason.NO_AGENTS)
    inbox.acd.says = {"first": [withdraw, Ignored(what="x", why="y"), release]}
    inbox.say("first")
    assert [call.mailbox.take(), call.mailbox.take(), call.mailbox.take()] == [
        withdraw,
        release,
        None,
    ]


@pytest.mark.parametrize(
    "command",
    [
        Withdraw(offer_id=OfferId("o-1"), call_id=CALL),
        Release(call_id=CALL, reason=AbandonReason.TIMED_OUT),
    ],
)
def test_mail_for_a_call_that_is_gone_is_dropped(command: Command) -> None:
    @in_quick_time
    async def dropped() -> None:
        inbox = Inbox()
        inbox.acd.says = {"first": [command]}
        inbox.say("first")
        assert inbox.acd.heard == ["first"]

    dropped()


@in_quick_time
async def test_a_call_that_nobody_holds_is_taken_out_of_its_queue() -> None:
    """With the real ACD: else it would stand first for ever, and ring one agent after another."""
    calls = LiveCalls()
    facts: list[Fact] = []
    acd = Acd(rules(queue(agents="ann bob")), boot="b")
    dispatch = Dispatch(acd, LoopClock(), calls, facts.extend)
    for name in ("ann", "bob"):
        agent_id = AgentId(name)
        dispatch.submit(PhoneChanged(agent_id=agent_id, phone=PhoneState.IDLE))
        dispatch.submit(SignIn(agent_id=agent_id))
        dispatch.submit(Ready(agent_id=agent_id))
    behind = live(CallId("c-2"))
    calls.add(behind)
    now = LoopClock().now()
    dispatch.submit(Join(call_id=CALL, queue=QueueId("sales"), queued_at=now))
    assert acd.waiting(QueueId("sales")) == ()
    assert [acd.agent(AgentId(name)).state for name in ("ann", "bob")] == [AgentState.READY] * 2
    dispatch.submit(Join(call_id=behind.call_id, queue=QueueId("sales"), queued_at=now))
    assert isinstance(behind.mailbox.take(), Offer)
    dispatch.submit(SignOut(agent_id=ANN))
    assert [fact for fact in facts if isinstance(fact, CallEnded)] == []
    dispatch.stop()


async def test_it_is_told_when_a_phone_comes_or_goes_and_not_when_it_rings() -> None:
    acd = Acd(rules(queue("q", ANN)), boot="b")
    inbox = Dispatch(acd, LoopClock(), LiveCalls(), lambda _facts: None)
    told: list[PhoneState] = []
    inbox.on_phone = lambda agent_id: told.append(acd.agent(agent_id).phone)
    for state in ("idle", "ringing", "busy", "idle", "unreachable", "unreachable", "idle"):
        inbox.submit(PhoneChanged(agent_id=ANN, phone=PhoneState(state)))
    assert told == [PhoneState.IDLE, PhoneState.UNREACHABLE, PhoneState.IDLE]
