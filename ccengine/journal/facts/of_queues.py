"""Facts of a call in a queue, of its offers, and of callbacks."""

from __future__ import annotations

from typing import ClassVar

from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts.fact import CallFact
from ccengine.journal.facts.words import AbandonReason, CallbackEnd, CallbackResult, OfferResult


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


class OfferEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "offer.ended"
    queue: QueueId
    offer_id: OfferId
    agent_id: AgentId
    result: OfferResult
    rang_s: float
