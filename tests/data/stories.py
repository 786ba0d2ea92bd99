"""Calls told as facts: what the data tests write and read."""

from __future__ import annotations

from ccengine.ids import AgentId, CallId, CustomerId, FlowId, OfferId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    CallAbandoned,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallFact,
    CallQueued,
    DispositionSet,
    FlowEntered,
    FlowStepped,
    HangupBy,
    OfferMade,
    Outcome,
    PopDelivered,
    RecordingStored,
    TalkEnded,
    WrapUpEnded,
)

START = 1_795_000_000.0
SALES, SUPPORT = QueueId("sales"), QueueId("support")
WANG = AgentId("1001")


def arrived(call: str, at: float = START, *, ani: str = "13800000001") -> CallArrived:
    return CallArrived(
        at=at,
        call_id=CallId(call),
        ani=ani,
        dnis="4001",
        trunk="carrier",
        ani_verified=True,
        customer_id=CustomerId(7),
        vip_level="gold",
    )


def queued(call: str, at: float, queue: QueueId = SALES, since: float | None = None) -> CallQueued:
    return CallQueued(
        at=at,
        call_id=CallId(call),
        queue=queue,
        head_start_s=0.0,
        queued_at=at if since is None else since,
        position=1,
    )


def answered(
    call: str, at: float, waited_s: float, queue: QueueId = SALES, agent: AgentId = WANG
) -> CallAnswered:
    return CallAnswered(
        at=at,
        call_id=CallId(call),
        queue=queue,
        offer_id=OfferId(f"offer of {call}"),
        agent_id=agent,
        waited_s=waited_s,
    )


def left(
    call: str,
    at: float,
    waited_s: float,
    reason: AbandonReason = AbandonReason.HUNG_UP,
    queue: QueueId = SALES,
) -> CallAbandoned:
    return CallAbandoned(at=at, call_id=CallId(call), queue=queue, reason=reason, waited_s=waited_s)


def talked(
    call: str,
    at: float,
    talk_s: float,
    hold_s: float = 0.0,
    queue: QueueId = SALES,
    agent: AgentId = WANG,
) -> TalkEnded:
    return TalkEnded(
        at=at,
        call_id=CallId(call),
        queue=queue,
        agent_id=agent,
        talk_s=talk_s,
        hold_s=hold_s,
        by=HangupBy.CALLER,
    )


def wrapped_up(call: str, at: float, wrap_up_s: float, queue: QueueId = SALES) -> WrapUpEnded:
    return WrapUpEnded(at=at, call_id=CallId(call), queue=queue, agent_id=WANG, wrap_up_s=wrap_up_s)


def ended(call: str, at: float, outcome: Outcome = Outcome.ANSWERED) -> CallEnded:
    return CallEnded(at=at, call_id=CallId(call), outcome=outcome, by=HangupBy.CALLER)


def first_call(call: str = "call-1", at: float = START) -> list[CallFact]:
    """The call of the README: the menu, 8 s in sales, a pop, 60 s with an agent, and after it."""
    call_id, offer_id = CallId(call), OfferId(f"offer of {call}")
    return [
        arrived(call, at),
        FlowEntered(at=at, call_id=call_id, flow=FlowId("main"), version="v1", language="zh-CN"),
        FlowStepped(
            at=at + 4,
            call_id=call_id,
            flow=FlowId("main"),
            step="menu",
            step_type="menu",
            result="1",
        ),
        queued(call, at + 5),
        OfferMade(
            at=at + 8,
            call_id=call_id,
            queue=SALES,
            offer_id=offer_id,
            agents=(WANG,),
            strategy="least_recent",
            waited_s=3.0,
        ),
        PopDelivered(
            at=at + 8.04,
            call_id=call_id,
            offer_id=offer_id,
            agent_id=WANG,
            latency_ms=40.0,
            before_ring=True,
        ),
        answered(call, at + 13, 8.0),
        talked(call, at + 73, 60.0),
        ended(call, at + 73),
        RecordingStored(
            at=at + 74,
            call_id=call_id,
            path=f"2026/11/{call}.wav",
            sha256="ab" * 32,
            duration_s=60.0,
            bytes=960_044,
        ),
        DispositionSet(
            at=at + 80,
            call_id=call_id,
            agent_id=WANG,
            disposition="solved",
            note="已解决：重装驱动",
        ),
        wrapped_up(call, at + 83, 10.0),
    ]
