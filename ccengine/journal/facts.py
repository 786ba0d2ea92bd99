"""The closed list of facts: what can be said about a call or an agent, once and for ever.

A fact is appended to the journal and never changed; call records, wallboard and reports are sums
over facts. ``at`` is in seconds of the engine's clock (``ccengine.clock``); all durations are
seconds. The ACD and the flow engine make facts as plain values; storing them is the journal's
work.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from ccengine.ids import AgentId, ArticleId, CallId, CustomerId, FlowId, OfferId, QueueId


class AbandonReason(StrEnum):
    """Why a caller left a queue without an agent."""

    HUNG_UP = "hung_up"
    EXIT_KEY = "exit_key"
    TIMED_OUT = "timed_out"
    NO_AGENTS = "no_agents"
    QUEUE_FULL = "queue_full"
    CLOSED = "closed"
    OVERFLOW = "overflow"  # a rule led it out of the queue
    ENGINE_LOST = "engine_lost"


class OfferResult(StrEnum):
    """How one leg of an offer ended without a conversation."""

    MISSED = "missed"  # rang out
    REFUSED = "refused"  # the agent pressed reject
    UNREACHABLE = "unreachable"  # no phone, congestion, transport failure
    WITHDRAWN = "withdrawn"  # the caller left, or another agent was quicker


class AgentState(StrEnum):
    LOGGED_OUT = "logged_out"
    NOT_READY = "not_ready"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"


class Outcome(StrEnum):
    """The final outcome of a call; each call has exactly one."""

    ANSWERED = "answered"  # an agent talked with the caller
    ABANDONED = "abandoned"  # the caller left a queue before that
    SELF_SERVED = "self_served"  # ended in the flow as the flow meant it
    LEFT_IN_FLOW = "left_in_flow"  # hung up in the flow before reaching its end
    FALLBACK = "fallback"  # the dialplan's own fallback took it, without the engine
    CALLBACK = "callback"  # hung up to be called back
    LOST = "lost"  # Asterisk or its node went away under it
    TRANSFERRED = "transferred"  # a flow connected it with somebody who is no agent of the ACD
    NOT_REACHED = "not_reached"  # a callback that ended before its customer was on the line


class CallbackResult(StrEnum):
    """How an attempt to call a customer back ended without a talk."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"  # no way to that number, or the trunk refused
    NO_AGENT = "no_agent"  # the agent who was to talk did not take it


class CallbackEnd(StrEnum):
    CONNECTED = "connected"
    GAVE_UP = "gave_up"  # all attempts made
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class HangupBy(StrEnum):
    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What all facts share. ``kind`` is the stable name used in the journal and in logs."""

    kind: ClassVar[str] = ""
    at: float


class CallFact(Fact, frozen=True, kw_only=True):
    call_id: CallId


class CallArrived(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.arrived"
    ani: str
    dnis: str
    trunk: str
    ani_verified: bool
    ani_malformed: bool = False
    customer_id: CustomerId | None = None
    vip_level: str = ""


class CallAdopted(CallFact, frozen=True, kw_only=True):
    """A restarted engine found this call alive in Asterisk and took it up again."""

    kind: ClassVar[str] = "call.adopted"
    phase: str


class FlowEntered(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "flow.entered"
    flow: FlowId
    version: str
    language: str


class FlowStepped(CallFact, frozen=True, kw_only=True):
    """One step done: ``step`` its name, ``step_type`` its type, ``result`` the branch taken."""

    kind: ClassVar[str] = "flow.stepped"
    flow: FlowId
    step: str
    step_type: str
    result: str
    no_input: int = 0
    """How often the caller pressed nothing in it."""
    invalid: int = 0
    """How often what it pressed or said meant nothing."""


class FlowEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "flow.ended"
    flow: FlowId
    step: str
    result: str  # "hung_up" | "finished" | "failed" | "voicemail"


class CallQueued(CallFact, frozen=True, kw_only=True):
    """The call was offered to a queue: the moment its wait begins."""

    kind: ClassVar[str] = "call.queued"
    queue: QueueId
    head_start_s: float
    queued_at: float
    position: int
    requires: tuple[str, ...] = ()
    """Skills needed at entry, each as ``skill:level``."""
    callback: bool = False
    """Nobody holds the line: this is a callback waiting for its turn."""
    moved_from: QueueId | None = None
    """Overflowed from there; ``queued_at`` is the entry into the first queue."""


class CallAbandoned(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.abandoned"
    queue: QueueId
    reason: AbandonReason
    waited_s: float


class CallOverflowed(CallFact, frozen=True, kw_only=True):
    """An overflow rule of the queue fired. Ends the stay in ``queue`` only with ``to_queue``."""

    kind: ClassVar[str] = "call.overflowed"
    queue: QueueId
    rule: str
    action: str
    to_queue: QueueId | None
    waited_s: float


class NeedRelaxed(CallFact, frozen=True, kw_only=True):
    """Waiting made more agents possible: what is needed from now on."""

    kind: ClassVar[str] = "need.relaxed"
    queue: QueueId
    requires: tuple[str, ...]
    levels_to: int | None
    """Highest preference level that may be rung; None: all."""
    waited_s: float


class WaitExpected(CallFact, frozen=True, kw_only=True):
    """What was expected when the call entered: the report keeps score of how often it was right."""

    kind: ClassVar[str] = "wait.expected"
    queue: QueueId
    plain_s: float
    """Position x mean busy time / agents at work: what factors are learned from."""
    low_s: float | None
    high_s: float | None
    """None: too little is known for an interval."""
    vip: bool
    told: bool


class CallbackAsked(CallFact, frozen=True, kw_only=True):
    """The caller leaves the line to be called back: the stay of ``call_id`` ends here."""

    kind: ClassVar[str] = "callback.asked"
    queue: QueueId
    callback_id: CallId
    number: str
    chosen_at: float | None
    waited_s: float
    queued_at: float
    head_start_s: float
    ageing: float
    requires: tuple[str, ...]


class CallbackAttempted(CallFact, frozen=True, kw_only=True):
    """An attempt failed; ``call_id`` is the callback's own id."""

    kind: ClassVar[str] = "callback.attempted"
    queue: QueueId
    attempt: int
    result: CallbackResult
    next_at: float | None


class CallbackEnded(CallFact, frozen=True, kw_only=True):
    """The callback is through; ``call_id`` is its own id."""

    kind: ClassVar[str] = "callback.ended"
    queue: QueueId
    result: CallbackEnd
    attempts: int
    number: str = ""


class OfferMade(CallFact, frozen=True, kw_only=True):
    """The ACD decided: ring these agents for this call."""

    kind: ClassVar[str] = "offer.made"
    queue: QueueId
    offer_id: OfferId
    agents: tuple[AgentId, ...]
    strategy: str
    waited_s: float
    candidates: int = 0
    """How many agents could have been rung."""
    rules: str = ""
    """Version of the site file that decided."""


class PopDelivered(CallFact, frozen=True, kw_only=True):
    """The agent's page said that it shows the pop. ``latency_ms`` counts from the decision."""

    kind: ClassVar[str] = "pop.delivered"
    offer_id: OfferId
    agent_id: AgentId
    latency_ms: float
    before_ring: bool


class OfferEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "offer.ended"
    queue: QueueId
    offer_id: OfferId
    agent_id: AgentId
    result: OfferResult
    rang_s: float


class CallAnswered(CallFact, frozen=True, kw_only=True):
    """An agent and the caller are connected. ``waited_s`` runs from the queue's entry to now."""

    kind: ClassVar[str] = "call.answered"
    queue: QueueId
    offer_id: OfferId
    agent_id: AgentId
    waited_s: float


class TalkEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "talk.ended"
    queue: QueueId
    agent_id: AgentId
    talk_s: float
    hold_s: float
    by: HangupBy


class WrapUpEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "wrap_up.ended"
    queue: QueueId
    agent_id: AgentId
    wrap_up_s: float


class DispositionSet(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "disposition.set"
    agent_id: AgentId
    disposition: str
    note: str


class RecordingStored(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "recording.stored"
    path: str  # relative to the recordings folder
    sha256: str
    duration_s: float
    bytes: int


class RecordingMissing(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "recording.missing"
    path: str
    why: str


class OutsideAsked(CallFact, frozen=True, kw_only=True):
    """A flow asked an outside system. Neither the question nor the answer stands here."""

    kind: ClassVar[str] = "outside.asked"
    flow: FlowId
    step: str
    source: str
    """The system or query of the site file, ``customer`` or ``last_agent``."""
    result: str  # "found" | "nothing" | "late" | "unreachable" | "refused" | "unreadable" | …
    took_ms: float
    cached: bool = False


class ArticleRead(CallFact, frozen=True, kw_only=True):
    """A flow read an article of the knowledge base to the caller."""

    kind: ClassVar[str] = "article.read"
    flow: FlowId
    step: str
    article_id: ArticleId
    helped: bool | None = None
    """What the caller said of it; None: it was not asked, or said nothing."""


class MessageLeft(CallFact, frozen=True, kw_only=True):
    """The caller spoke a message: for a mailbox, or as part of a flow or a survey."""

    kind: ClassVar[str] = "message.left"
    purpose: str  # "voicemail" | "message" | "reason"
    mailbox: str
    path: str  # relative to the folder of messages
    duration_s: float


class SurveyAnswered(CallFact, frozen=True, kw_only=True):
    """What the caller thinks of the talk it had."""

    kind: ClassVar[str] = "survey.answered"
    survey: str
    score: int
    of: int
    queue: QueueId | None
    agent_id: AgentId | None
    reason: str = ""
    """Path of the recorded reason, relative to the folder of messages."""


class CallTransferred(CallFact, frozen=True, kw_only=True):
    """A flow rang somebody who is no agent of the ACD. ``result`` as in ``TransferResult``."""

    kind: ClassVar[str] = "call.transferred"
    to: str
    result: str
    rang_s: float
    talk_s: float


class CallEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.ended"
    outcome: Outcome
    by: HangupBy
    last_step: str = ""


class AgentStateChanged(Fact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.state"
    agent_id: AgentId
    state: AgentState
    reason: str = ""
    call_id: CallId | None = None


class AgentWished(Fact, frozen=True, kw_only=True):
    """What the agent wants to be as soon as no call holds it: ready, not ready or logged out.

    Said when it changes while a call holds the agent, and after each change of state in which it
    is not "ready", so that it holds if it comes after the agent's last ``agent.state``.
    """

    kind: ClassVar[str] = "agent.wished"
    agent_id: AgentId
    state: AgentState
    reason: str = ""


class WrapUpExtended(Fact, frozen=True, kw_only=True):
    """The agent took more time for the wrap-up, for the ``extended``-th time."""

    kind: ClassVar[str] = "wrap_up.extended"
    agent_id: AgentId
    queue: QueueId
    until: float
    extended: int


FACT_TYPES: tuple[type[Fact], ...] = (
    CallArrived,
    CallAdopted,
    FlowEntered,
    FlowStepped,
    FlowEnded,
    CallQueued,
    CallAbandoned,
    CallOverflowed,
    NeedRelaxed,
    WaitExpected,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnded,
    OfferMade,
    PopDelivered,
    OfferEnded,
    CallAnswered,
    TalkEnded,
    WrapUpEnded,
    DispositionSet,
    RecordingStored,
    RecordingMissing,
    OutsideAsked,
    ArticleRead,
    MessageLeft,
    SurveyAnswered,
    CallTransferred,
    CallEnded,
    AgentStateChanged,
    AgentWished,
    WrapUpExtended,
)
