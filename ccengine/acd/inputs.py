"""All that can be said to the ACD. The time comes beside each input, never inside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ccengine.acd.expectation import PastWait
from ccengine.acd.rules import AcdRules, SkillRequirement
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason, CallbackResult, HangupBy, OfferResult


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
    ageing: float = 1.0
    """Seconds of standing it gains by each second of waiting; above 1 it overtakes."""
    max_wait_s: float | None = None
    """Of this call; the queue's own where that is shorter."""
    requires: tuple[SkillRequirement, ...] = ()
    """Asked for by the flow, beside what the queue asks for."""
    prefers: AgentId | None = None
    """Who last served this customer (for sticky queues)."""
    tried: Mapping[AgentId, float] = field(default_factory=dict)
    """For an adopted call: agents already rung in vain, and from when they may be rung again."""
    spent: tuple[str, ...] = ()
    """For an adopted call: overflow rules that have fired in this stay."""
    been_in: tuple[QueueId, ...] = ()
    """For an adopted call: queues that it was moved out of."""


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
    """With it and without ``wrap_up_until`` the wrap-up lasts until the agent is done."""
    wrap_up_extended: int = 0
    missed_in_a_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHours:
    """A queue opens or closes, by the site's hours or a supervisor. Unknown queues are open."""

    queue: QueueId
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendWrapUp:
    """The agent asks for more time; by how much its queue's rules say."""

    agent_id: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCallback:
    """The caller in line hangs up soon and is to be called back instead, keeping its place.

    The call's stay ends; ``callback_id`` stands in line for it from now on, at the same place, or
    from ``at`` on with the wait it has had by now.
    """

    call_id: CallId
    callback_id: CallId
    number: str
    at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried:
    """An attempt to call back came to nothing; the agent, if one was held, is free again."""

    callback_id: CallId
    result: CallbackResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCallback:
    """By the customer (who rang again), an agent or a supervisor."""

    callback_id: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptCallback:
    """After a restart: a callback that the journal knows as still to be made.

    ``queued_at``: since when it stands as waiting, which for a moment chosen is that moment less
    what the caller had waited. ``not_before``: it sleeps until then.
    """

    callback_id: CallId
    queue: QueueId
    number: str
    queued_at: float
    head_start_s: float
    ageing: float
    requires: tuple[SkillRequirement, ...]
    not_before: float
    attempts: int
    asked_at: float
    """Or the moment chosen, if one was: it expires so long after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptQueue:
    """After a restart: the queue's turn, as the journal last saw it."""

    queue: QueueId
    rang_last: AgentId | None
    answered_last: AgentId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptWaits:
    """After a restart: how the expected waits of this queue came out, the oldest first."""

    queue: QueueId
    waits: tuple[PastWait, ...]


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
    | QueueHours
    | ExtendWrapUp
    | AskCallback
    | CallbackTried
    | CancelCallback
    | AdoptCallback
    | AdoptQueue
    | AdoptWaits
)
