"""What the pages need of rooms that are joined to them from outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ccengine.calls.record import CallRecord
from ccengine.desk.pop import CustomerCard
from ccengine.flows.difference import Change
from ccengine.flows.figures import FlowFigures
from ccengine.flows.model import Publication, Refusal, Texts
from ccengine.flows.store import Publications
from ccengine.ids import AgentId, ArticleId, CallId, CustomerId, FlowId
from ccengine.ivr.model import Flow
from ccengine.journal.facts import Fact
from ccengine.journal.messages import LeftMessage
from ccengine.knowledge.model import Article, Hit
from ccengine.reports.queues import QueueReport
from ccengine.reports.surveys import SurveyReport
from ccengine.yamlsource.model import Problem

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


class SpokenMessages(Protocol):
    """What callers have spoken in their flows."""

    async def since(
        self, since: datetime, *, mailbox: str = "", before: int | None = None, limit: int
    ) -> Sequence[LeftMessage]: ...


class Customers(Protocol):
    async def find(self, customer_id: CustomerId) -> CustomerCard | None: ...


class Reports(Protocol):
    async def queues(self, since: datetime, until: datetime) -> QueueReport:
        """The calls that entered a queue from ``since`` until before ``until``."""
        ...

    async def surveys(self, since: datetime, until: datetime) -> SurveyReport:
        """What was answered from ``since`` until before ``until``."""
        ...


class Knowledge(Protocol):
    """The index in memory: quick, and never a wait."""

    def search(self, text: str, limit: int = 3, language: str | None = None) -> Sequence[Hit]: ...

    def article(self, article_id: ArticleId) -> Article | None: ...


class Flows(Protocol):
    """The flows in force and their versions."""

    @property
    def flows(self) -> Mapping[FlowId, Flow]: ...

    @property
    def publication(self) -> int:
        """That is in force; 0: not recorded yet."""
        ...

    @property
    def from_folder(self) -> bool: ...

    @property
    def refusal(self) -> Refusal | None: ...

    @property
    def publications(self) -> Publications: ...

    async def check(self, texts: Texts) -> Sequence[Problem]: ...

    async def publish(self, texts: Texts, *, author: str, note: str) -> Publication:
        """Raises BadFileError, TooLargeError."""
        ...

    async def rollback(self, number: int | None, *, author: str, note: str) -> Publication:
        """Raises NoSuchPublicationError, BadFileError."""
        ...

    async def reload(self) -> None: ...

    async def difference(self, before: int, after: int | None) -> tuple[Sequence[Change], str]:
        """Raises NoSuchPublicationError."""
        ...

    async def figures(
        self, since: datetime, until: datetime | None, version: str | None = None
    ) -> Mapping[FlowId, FlowFigures]: ...

    async def days(self, bounds: Sequence[datetime]) -> Sequence[Mapping[FlowId, FlowFigures]]:
        """The calls of each day, without steps; a day ends where the next begins."""
        ...


class Why(Protocol):
    """The ACD's journal, replayed."""

    async def ask(self, call_id: CallId, since: float, until: float | None) -> bytes:
        """JSON. Raises the errors of ``ccengine.replay.asked``."""
        ...
