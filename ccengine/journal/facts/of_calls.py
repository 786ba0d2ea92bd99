"""Facts of a call from its arrival to its end, and of what is kept of it."""

from __future__ import annotations

from typing import ClassVar

from ccengine.ids import AgentId, CustomerId, OfferId, QueueId
from ccengine.journal.facts.fact import CallFact
from ccengine.journal.facts.words import HangupBy, Outcome


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


class PopDelivered(CallFact, frozen=True, kw_only=True):
    """The agent's page said that it shows the pop. ``latency_ms`` counts from the decision."""

    kind: ClassVar[str] = "pop.delivered"
    offer_id: OfferId
    agent_id: AgentId
    latency_ms: float
    before_ring: bool


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


class CallEnded(CallFact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "call.ended"
    outcome: Outcome
    by: HangupBy
    last_step: str = ""
