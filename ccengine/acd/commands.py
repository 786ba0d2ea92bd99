"""All that the ACD can ask for. Shells carry it out; a failure comes back as one more input."""

from __future__ import annotations

from dataclasses import dataclass

from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Ring these agents for this call, for at most ``ring_timeout_s`` seconds."""

    offer_id: OfferId
    call_id: CallId
    queue: QueueId
    agents: tuple[AgentId, ...]
    ring_timeout_s: float
    decided_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Stop ringing for this offer (the caller left, the agent logged out)."""

    offer_id: OfferId
    call_id: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The call leaves its queue without an agent; its flow goes on at that branch."""

    call_id: CallId
    reason: AbandonReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    timer_id: TimerId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    timer_id: TimerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A late or impossible input, named: goes to the log, changes nothing."""

    what: str
    why: str


Command = Offer | Withdraw | Release | SetTimer | CancelTimer | Ignored
