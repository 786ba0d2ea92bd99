"""All that can be said to the ACD. The time comes beside each input, never inside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ccengine.acd.rules import AcdRules
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason, HangupBy, OfferResult


class PhoneState(StrEnum):
    """What Asterisk says of an agent's phone (device state, folded to what matters here)."""

    UNREACHABLE = "unreachable"
    IDLE = "idle"
    RINGING = "ringing"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A call enters a queue. ``queued_at`` lies in the past for a call adopted after a restart.

    ``head_start_s``: the call is placed as if it had come so many seconds earlier (VIP).
    ``adopted``: the journal already has its ``call.queued``, so none is written again.
    """

    call_id: CallId
    queue: QueueId
    queued_at: float
    head_start_s: float = 0.0
    adopted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The caller is no longer there to be served (hang-up, exit key). Ends a running offer."""

    call_id: CallId
    reason: AbandonReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The agent's phone answered and the two are really connected."""

    offer_id: OfferId
    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """One agent's leg of an offer ended without being connected."""

    offer_id: OfferId
    agent_id: AgentId
    result: OfferResult


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferClosed:
    """Asterisk's Dial is over without an answer; legs that are still open end as ``result``."""

    offer_id: OfferId
    result: OfferResult


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkOver:
    """Agent and caller are no longer connected: wrap-up begins."""

    call_id: CallId
    by: HangupBy
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The agent logs in (not ready until it says ready)."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOut:
    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Ready for calls; during wrap-up it also ends the wrap-up."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """Not ready. While offered or talking: takes effect after the call and its wrap-up."""

    agent_id: AgentId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChanged:
    agent_id: AgentId
    phone: PhoneState


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    timer_id: TimerId


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesReplaced:
    """A new site file is in force; calls and agents in it keep their place."""

    rules: AcdRules


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptTalk:
    """After a restart: this agent was found talking with this call."""

    call_id: CallId
    queue: QueueId
    agent_id: AgentId
    offer_id: OfferId
    queued_at: float
    answered_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptAgent:
    """After a restart: what the journal last said of this agent, its counters included."""

    agent_id: AgentId
    signed_in: bool
    ready: bool
    reason: str
    wrap_up_until: float | None
    wrap_up_call: CallId | None
    calls_answered: dict[QueueId, int]
    last_call_ended_at: dict[QueueId, float]
    wrap_up_queue: QueueId | None = None
    """Without it the wrap-up still runs, but no ``wrap_up.ended`` can be written for it."""
    wrap_up_since: float | None = None


Input = (
    Join
    | Leave
    | Answered
    | LegEnded
    | OfferClosed
    | TalkOver
    | SignIn
    | SignOut
    | Ready
    | NotReady
    | PhoneChanged
    | TimerFired
    | RulesReplaced
    | AdoptTalk
    | AdoptAgent
)
