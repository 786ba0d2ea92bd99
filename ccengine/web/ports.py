"""What the pages need of rooms that are joined to them from outside.

Moments are seconds of the engine's clock, durations are seconds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ccengine.ids import AgentId, ArticleId, CallId
from ccengine.journal.facts import Fact

Health = Callable[[], Awaitable[Mapping[str, str]]]
"""The engine's parts, each ``ok`` or one word for what it lacks; told to anyone who asks."""


class CallRecord(Protocol):
    """One call as a sum over its facts. Shown field by field as ``CallRow`` of docs/API.md."""

    @property
    def call_id(self) -> CallId: ...

    @property
    def agent_id(self) -> AgentId | None:
        """Who talked with the caller, and may therefore look at the call again."""
        ...


class CallRecords(Protocol):
    async def get(self, call_id: CallId) -> CallRecord | None: ...

    async def recent(self, limit: int, agent_id: AgentId | None = None) -> Sequence[CallRecord]: ...


class CallFacts(Protocol):
    async def of_call(self, call_id: CallId) -> Sequence[Fact]:
        """All that the journal holds of a call, in order."""
        ...


class Reports(Protocol):
    async def queues(self, since: datetime, until: datetime) -> object:
        """A dataclass with the fields of ``QueueReport`` of docs/API.md."""
        ...


class FoundArticle(Protocol):
    @property
    def article_id(self) -> ArticleId: ...

    @property
    def title(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def score(self) -> float: ...


class WholeArticle(Protocol):
    @property
    def article_id(self) -> ArticleId: ...

    @property
    def title(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def language(self) -> str: ...


class Knowledge(Protocol):
    async def search(
        self, text: str, limit: int, language: str | None
    ) -> Sequence[FoundArticle]: ...

    async def article(self, article_id: ArticleId) -> WholeArticle | None: ...
