"""What the ACD remembers of calls, offers and agents. Changed only by its own rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ccengine.acd.expectation import Estimate
from ccengine.acd.inputs import PhoneState
from ccengine.acd.line import Line
from ccengine.acd.needs import ANYONE, Need, Schedule
from ccengine.acd.order import Place
from ccengine.acd.rules import CallbackRules, SkillRequirement
from ccengine.acd.strategies.plan import NEVER
from ccengine.ids import AgentId, CallId, OfferId, QueueId, TimerId
from ccengine.journal.facts import AgentState


class CallState(StrEnum):
    SLEEPING = "sleeping"  # a callback whose time has not come: it stands in no line
    WAITING = "waiting"  # in line, nobody is rung for it
    OFFERED = "offered"  # in line, and somebody is rung for it
    TALKING = "talking"
    GONE = "gone"  # never seen, or over: nothing is remembered of it


class QueueState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"  # the rules have no such queue


class LegState(StrEnum):
    """One agent's part of an offer."""

    RINGING = "ringing"
    ANSWERED = "answered"
    OVER = "over"  # ended, but its call is still here: a late answer can be understood
    FORGOTTEN = "forgotten"  # never made, or too old


class TimerKind(StrEnum):
    MAX_WAIT = "max_wait"  # of a call: it has waited as long as its queue allows
    RELAX = "relax"  # of a call: it needs less from now on
    RETRY = "retry"  # of a call: an agent may be rung for it once more
    OVERFLOW = "overflow"  # of a call: its overflow rules are looked at
    WAKE = "wake"  # of a callback: it stands in line from now on
    EXPIRY = "expiry"  # of a callback: it is given up
    GUARD = "guard"  # of an offer: its end is overdue
    WRAP_UP = "wrap_up"  # of an agent
    PAUSE = "pause"  # of an agent: its phone could not be reached a moment ago


class Timer(NamedTuple):
    kind: TimerKind
    subject: CallId | OfferId | AgentId
    """Of which it is the timer; the kind says what sort of id this is."""


@dataclass(slots=True, kw_only=True)
class Callback:
    """What a callback has beside a call."""

    number: str
    rules: CallbackRules
    """As last seen: a queue that takes no callbacks any more lets those it has be finished."""
    not_before: float
    attempts: int
    expires_at: float
    wake: TimerId | None = None
    expiry: TimerId | None = None


@dataclass(slots=True, kw_only=True)
class Call:
    call_id: CallId
    line: Line
    """Its queue; stays known to the call when a new site file takes the queue away."""
    place: Place
    queued_at: float
    state: CallState = CallState.WAITING
    tried: dict[AgentId, float] = field(default_factory=dict)
    """Agents already rung in vain for this call, and from when on they may be rung again."""
    head_start_s: float = 0.0
    """Its own and its queue's, as they were when it got its place."""
    own_head_start_s: float = 0.0
    max_wait_s: float | None = None
    """Of this call alone; its queue's own where that is shorter."""
    estimate: Estimate | None = None
    """What was expected of its wait when it entered."""
    requires: tuple[SkillRequirement, ...] = ()
    """What its flow asks for."""
    schedule: Schedule = ()
    need: Need = ANYONE
    """Now; looked up in the schedule."""
    prefers: AgentId | None = None
    """Who last served its customer, as long as that may keep it waiting."""
    relax: TimerId | None = None
    offer_id: OfferId | None = None
    """The offer that rings or was answered."""
    past_offer_id: OfferId | None = None
    """The offer before, for an answer that comes late."""
    overdue: bool = False
    """Its longest wait ran out while it was offered: it goes when that offer comes to nothing."""
    agent_id: AgentId | None = None
    answered_at: float = 0.0
    max_wait: TimerId | None = None
    retry: TimerId | None = None
    overflow: TimerId | None = None
    spent: set[str] = field(default_factory=set)
    """Overflow rules that have fired in this stay."""
    been_in: set[QueueId] = field(default_factory=set)
    """Queues it was moved out of: it is not moved back."""
    callback: Callback | None = None
    """Nobody holds the line: the customer has to be called."""


@dataclass(slots=True, kw_only=True)
class RunningOffer:
    offer_id: OfferId
    call_id: CallId
    agents: tuple[AgentId, ...]
    number: int
    """Grows with each offer decided."""
    decided_at: float
    ringing: list[AgentId]
    guard: TimerId | None = None


@dataclass(slots=True, kw_only=True)
class Agent:
    agent_id: AgentId
    lines: list[Line] = field(default_factory=list)
    """The queues it serves, in the site file's order."""
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    since: float = 0.0
    wish: AgentState = AgentState.LOGGED_OUT
    """Logged out, not ready or ready: the state it returns to when no call holds it."""
    wish_reason: str = ""
    phone: PhoneState = PhoneState.UNREACHABLE
    """Until Asterisk says otherwise."""
    call_id: CallId | None = None
    """The call it is offered, talks with or wraps up."""
    offer_id: OfferId | None = None
    missed_in_a_row: int = 0
    pause: TimerId | None = None
    wrap_up: TimerId | None = None
    wrap_up_since: float = 0.0
    wrap_up_until: float | None = None
    wrap_up_queue: QueueId | None = None
    wrap_up_extended: int = 0
    """How often, in this wrap-up."""
    free: bool = False
    """May be rung."""
    listed: list[Line] = field(default_factory=list)
    """The queues that know it as free: all its queues, once an input is settled."""
    answered: dict[QueueId, int] = field(default_factory=dict)
    last_call_ended_at: dict[QueueId, float] = field(default_factory=dict)

    @property
    def last_end(self) -> float:
        """End of its last talk in any queue."""
        return max(self.last_call_ended_at.values(), default=NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatus:
    """An agent as the outside may see it. Moments are seconds of the engine's clock."""

    agent_id: AgentId
    state: AgentState
    reason: str
    """Why it is not ready; while a call holds it: why it will be not ready afterwards."""
    since: float
    phone: PhoneState
    call_id: CallId | None
    wrap_up_until: float | None
    """None in a wrap-up: it lasts until the agent is done."""
    extensions_left: int = 0
    """How often this wrap-up can be made longer."""
