"""A call's record: the sum over its facts that lists, histories and pops are made of.

``apply`` is pure and takes facts in whatever order they come: a recording is stored after the call
has ended, a disposition is set later still. What a fact says once (arrival, answer, outcome) may
be said again without effect; durations are summed, since a call can have several talks, so each
fact is applied once: the journal's writer sees to that.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from ccengine.ids import AgentId, CallId, CustomerId, QueueId
from ccengine.journal.facts import (
    CallAbandoned,
    CallAnswered,
    CallArrived,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallEnded,
    CallFact,
    CallQueued,
    DispositionSet,
    FlowEntered,
    FlowStepped,
    NeedRelaxed,
    OfferEnded,
    OfferMade,
    Outcome,
    PopDelivered,
    RecordingStored,
    TalkEnded,
    WrapUpEnded,
)

_OF_A_WAIT = (
    NeedRelaxed,
    OfferMade,
    OfferEnded,
    PopDelivered,
    CallbackAttempted,
)
"""Of a caller these come after its arrival, so its record has begun by then."""

SAME_MOMENT_S = 0.001
"""A moment that went through the database has lost what is finer than a microsecond."""


class CallRecord(Struct, frozen=True, kw_only=True):
    """Moments are seconds of the engine's clock, durations seconds; None: has not happened."""

    call_id: CallId
    arrived_at: float
    ani: str = ""
    dnis: str = ""
    trunk: str = ""
    ani_verified: bool = False
    customer_id: CustomerId | None = None
    vip_level: str = ""
    language: str = ""
    flow: str = ""
    last_step: str = ""
    queue: QueueId | None = None
    """The last queue the call was offered to; ``queued_at`` and ``waited_s`` belong to it."""
    queued_at: float | None = None
    waited_s: float | None = None
    agent_id: AgentId | None = None
    """The last agent it talked with."""
    answered_at: float | None = None
    """When an agent first talked with the caller."""
    pop_latency_ms: float | None = None
    """Of the last pop shown before the answer."""
    talk_s: float = 0.0
    hold_s: float = 0.0
    wrap_up_s: float = 0.0
    ended_at: float | None = None
    outcome: Outcome | None = None
    disposition: str = ""
    note: str = ""
    recording_path: str = ""
    """Relative to the recordings folder; empty: none, or not yet."""
    recording_sha256: str = ""
    recording_s: float | None = None


def apply(record: CallRecord | None, fact: CallFact) -> CallRecord:
    """The record after this fact. Facts that say nothing of a record leave it as it is."""
    before = record or CallRecord(call_id=fact.call_id, arrived_at=fact.at)
    if fact.call_id != before.call_id:
        raise ValueError(f"a fact of {fact.call_id} for the record of {before.call_id}")
    match fact:
        case CallArrived():
            return _arrived(before, fact)
        case FlowEntered():
            return replace(before, flow=fact.flow, language=fact.language)
        case FlowStepped():
            return replace(before, last_step=fact.step)
        case CallQueued():
            return _queued(before, fact)
        case CallAbandoned():
            waits_there = fact.queue == before.queue
            return replace(before, waited_s=fact.waited_s) if waits_there else before
        case CallbackAsked():
            return replace(before, queue=fact.queue, waited_s=fact.waited_s)
        case PopDelivered():
            shown = replace(before, pop_latency_ms=fact.latency_ms)
            return shown if before.answered_at is None else before
        case CallAnswered():
            return _answered(before, fact)
        case TalkEnded():
            talk_s, hold_s = before.talk_s + fact.talk_s, before.hold_s + fact.hold_s
            return replace(before, talk_s=talk_s, hold_s=hold_s)
        case WrapUpEnded():
            return replace(before, wrap_up_s=before.wrap_up_s + fact.wrap_up_s)
        case DispositionSet():
            return replace(before, disposition=fact.disposition, note=fact.note)
        case RecordingStored():
            return replace(
                before,
                recording_path=fact.path,
                recording_sha256=fact.sha256,
                recording_s=fact.duration_s,
            )
        case CallEnded():
            return _ended(before, fact)
        case CallbackEnded(result=result) if record is None and result is not CallbackEnd.CONNECTED:
            return _not_reached(before, fact)
        case _:  # adopted, offers, the flow's end, a missing recording: told by the journal alone
            return before


def record_of(facts: Iterable[CallFact]) -> CallRecord | None:
    """The record from the facts alone; None without facts of a call.

    A callback becomes a call when its customer is reached: what is said of its wait before that
    begins no record. One that ends before has a record from its end on, with that as its outcome.
    """
    record: CallRecord | None = None
    for fact in facts:
        if record is not None or not begins_no_record(fact):
            record = apply(record, fact)
    return record


def begins_no_record(fact: CallFact) -> bool:
    """It may be of a callback that nobody has been called for yet."""
    if isinstance(fact, CallQueued):
        return fact.callback
    if isinstance(fact, CallbackEnded):
        return fact.result is CallbackEnd.CONNECTED
    return isinstance(fact, _OF_A_WAIT)


def _arrived(before: CallRecord, fact: CallArrived) -> CallRecord:
    return replace(
        before,
        arrived_at=fact.at,
        ani=fact.ani,
        dnis=fact.dnis,
        trunk=fact.trunk,
        ani_verified=fact.ani_verified,
        customer_id=fact.customer_id,
        vip_level=fact.vip_level,
    )


def _queued(before: CallRecord, fact: CallQueued) -> CallRecord:
    told = before.queued_at if before.queue == fact.queue else None
    if told is not None and abs(told - fact.queued_at) < SAME_MOMENT_S:
        return before  # the same stay in the queue, told again
    return replace(before, queue=fact.queue, queued_at=fact.queued_at, waited_s=None)


def _answered(before: CallRecord, fact: CallAnswered) -> CallRecord:
    first = fact.at if before.answered_at is None else min(before.answered_at, fact.at)
    return replace(
        before,
        queue=fact.queue,
        agent_id=fact.agent_id,
        waited_s=fact.waited_s,
        answered_at=first,
    )


def _not_reached(before: CallRecord, fact: CallbackEnded) -> CallRecord:
    """The whole record of a callback whose customer was never on the line."""
    outcome = Outcome.NOT_REACHED
    return replace(before, ani=fact.number, queue=fact.queue, ended_at=fact.at, outcome=outcome)


def _ended(before: CallRecord, fact: CallEnded) -> CallRecord:
    if before.outcome is not None:
        return before  # each call has exactly one outcome: the first that was told
    last_step = fact.last_step or before.last_step
    return replace(before, ended_at=fact.at, outcome=fact.outcome, last_step=last_step)
