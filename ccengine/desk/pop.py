"""The screen pop: what an agent is told of a call before the phone rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccengine.ids import AgentId, ArticleId, CallId, CustomerId, OfferId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    customer_id: CustomerId
    name: str
    vip_level: str  # id of a level of the site file, or ""
    tags: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """One earlier interaction of this customer (or, unknown, of this number)."""

    call_id: CallId
    at: float
    queue: str
    agent_name: str
    outcome: str
    disposition: str
    note: str
    agent_id: AgentId | None = None
    """Who talked with the customer; None: nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedArticle:
    article_id: ArticleId
    title: str
    sentence: str  # the sentence that answers
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step of the caller's way through the flow."""

    step: str
    result: str
    title: Mapping[str, str] = field(default_factory=dict)
    """Of the step, by language; empty: it has none and says nothing to an agent."""
    led_to: Mapping[str, str] = field(default_factory=dict)
    """The title of the step that came next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pop:
    offer_id: OfferId
    call_id: CallId
    agents: tuple[AgentId, ...]
    queue: QueueId
    ani: str
    ani_verified: bool
    dnis: str
    language: str
    vip_level: str
    customer: CustomerCard | None
    path: tuple[PathStep, ...]
    question: str
    """What the caller wants, in words, if its flow knows; else empty."""
    waited_s: float
    history: tuple[PastCall, ...]
    articles: tuple[SuggestedArticle, ...]
    decided_at: float
    """Engine clock: the ACD's decision. Latency is counted from here."""
