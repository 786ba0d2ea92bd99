"""What the pages need of rooms that are joined to them from outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ccengine.calls.record import CallRecord
from ccengine.desk.pop import CustomerCard
from ccengine.ids import AgentId, ArticleId, CallId, CustomerId
from ccengine.journal.facts import Fact
from ccengine.knowledge.model import Article, Hit
from ccengine.reports.queues import QueueReport

Health = Callable[[], Awaitable[Mapping[str, str]]]
"""The engine's parts, each ``ok`` or one word for what it lacks; told to anyone who asks."""


class CallRecords(Protocol):
    async def get(self, call_id: CallId) -> CallRecord | None: ...

    async def recent(self, limit: int, agent_id: AgentId | None = None) -> Sequence[CallRecord]:
        """The newest first; all of them, or those this agent talked in."""
        ...


class CallFacts(Protocol):
    """The journal."""

    async def of_call(self, call_id: CallId) -> Sequence[Fact]: ...


class Customers(Protocol):
    async def find(self, customer_id: CustomerId) -> CustomerCard | None: ...


class Reports(Protocol):
    async def queues(self, since: datetime, until: datetime) -> QueueReport:
        """The calls that entered a queue from ``since`` until before ``until``."""
        ...


class Knowledge(Protocol):
    """The index in memory: quick, and never a wait."""

    def search(self, text: str, limit: int = 3, language: str | None = None) -> Sequence[Hit]: ...

    def article(self, article_id: ArticleId) -> Article | None: ...


class Why(Protocol):
    """The ACD's journal, replayed."""

    async def ask(self, call_id: CallId, since: float, until: float | None) -> bytes:
        """JSON. Raises the errors of ``ccengine.replay.asked``."""
        ...
