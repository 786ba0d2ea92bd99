"""All that the ACD can ask for. Shells carry it out; a failure comes back as one more input."""

from __future__ import annotations

import msgspec

from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason


class Offer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Ring these agents for this call, for at most ``ring_timeout_s`` seconds."""

    offer_id: OfferId
    call_id: CallId
    queue: QueueId
    agents: tuple[AgentId, ...]
    ring_timeout_s: float
    decided_at: float
    callback: bool = False
    """Nobody holds the line: the customer has to be called as well."""


class Withdraw(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Stop ringing for this offer (the caller left, the agent logged out)."""

    offer_id: OfferId
    call_id: CallId


class Release(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The call leaves its queue without an agent; its flow goes on at that branch."""

    call_id: CallId
    reason: AbandonReason
    branch: str = ""
    """The enqueue step's way on, when an overflow rule named one."""


class Move(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The call now waits in another queue: other music, other messages, the same wait."""

    call_id: CallId
    queue: QueueId


class Announce(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Play this message of the queue to the waiting caller; an offer cuts it."""

    call_id: CallId
    message: str


class ProposeCallback(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Ask the waiting caller whether it wants to be called back instead."""

    call_id: CallId


class SetTimer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    timer_id: TimerId
    at: float


class CancelTimer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    timer_id: TimerId


class Ignored(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A late or impossible input, named: goes to the log, changes nothing."""

    what: str
    why: str


Command = (
    Offer
    | Withdraw
    | Release
    | Move
    | Announce
    | ProposeCallback
    | SetTimer
    | CancelTimer
    | Ignored
)
