"""Reading the journal, and the one way to write to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.clock import moment
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.codec import decode
from ccengine.journal.entry import Entry
from ccengine.journal.facts import AgentStateChanged, CallAnswered, CallQueued, Fact, TalkEnded
from ccengine.journal.tables import FactRow

READ_LIMIT = 100_000
"""Facts one reading may bring into memory."""


def append(connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
    """Write facts inside the caller's transaction; gives back those that were not yet there."""
    if not entries:
        return []
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    table = cast(Table, FactRow.__table__)
    statement = (
        insert(table)
        .on_conflict_do_nothing(index_elements=[table.c.fact_id])
        .returning(table.c.fact_id)
    )
    written = set(connection.scalars(statement, [_row(item) for item in entries]))
    return [item for item in entries if item.fact_id in written]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMemory:
    """What the journal knows of an agent, for an engine that starts again."""

    agent_id: AgentId
    last: AgentStateChanged | None
    """The last change of state, however long ago."""
    calls_answered: dict[QueueId, int] = field(default_factory=dict)
    last_call_ended_at: dict[QueueId, float] = field(default_factory=dict)


class Journal:
    """The journal as the rest of the engine reads it. Facts come in the order of their writing."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def of_call(self, call_id: CallId, limit: int = 10_000) -> list[Fact]:
        """A call's story."""
        return await self._facts(
            select(FactRow).where(FactRow.call_id == call_id).order_by(FactRow.seq).limit(limit)
        )

    async def between(
        self,
        start: datetime,
        end: datetime,
        *,
        kinds: Collection[str] = (),
        limit: int = READ_LIMIT,
    ) -> list[Fact]:
        """Facts of ``[start, end)``, all kinds or these."""
        query = select(FactRow).where(FactRow.at >= start, FactRow.at < end)
        if kinds:
            query = query.where(FactRow.kind.in_(sorted(kinds)))
        return await self._facts(query.order_by(FactRow.seq).limit(limit))

    async def of_calls_queued(
        self, start: datetime, end: datetime, *, kinds: Collection[str]
    ) -> list[Fact]:
        """Facts of these kinds of all calls that entered a queue in ``[start, end)``,

        with what happened to them before and after: a call's end may lie outside the period.
        """
        queued = select(FactRow.call_id).where(
            FactRow.kind == CallQueued.kind, FactRow.at >= start, FactRow.at < end
        )
        return await self._facts(
            select(FactRow)
            .where(FactRow.call_id.in_(queued), FactRow.kind.in_(sorted(kinds)))
            .order_by(FactRow.seq)
        )

    async def last_agent_facts(self, since: float) -> dict[AgentId, AgentMemory]:
        """Each agent's last state, and its answered calls and last talk since this reading."""
        newest = (
            select(func.max(FactRow.seq))
            .where(FactRow.kind == AgentStateChanged.kind)
            .group_by(FactRow.agent_id)
        )
        states = await self._facts(select(FactRow).where(FactRow.seq.in_(newest)))
        work = await self._facts(
            select(FactRow)
            .where(
                FactRow.kind.in_([CallAnswered.kind, TalkEnded.kind]), FactRow.at >= moment(since)
            )
            .order_by(FactRow.seq)
        )
        known: dict[AgentId, AgentMemory] = {}
        for state in states:
            if isinstance(state, AgentStateChanged):
                known[state.agent_id] = AgentMemory(agent_id=state.agent_id, last=state)
        for fact in work:
            if not isinstance(fact, (CallAnswered, TalkEnded)):
                continue
            agent = known.setdefault(fact.agent_id, AgentMemory(agent_id=fact.agent_id, last=None))
            if isinstance(fact, CallAnswered):
                agent.calls_answered[fact.queue] = agent.calls_answered.get(fact.queue, 0) + 1
            else:
                agent.last_call_ended_at[fact.queue] = fact.at
        return known

    async def _facts(self, query: Select[FactRow]) -> list[Fact]:
        async with self._sessions() as session:
            return [decode(row.kind, row.body) for row in await session.scalars(query)]


def _row(item: Entry) -> dict[str, object]:
    return {
        "fact_id": item.fact_id,
        "at": moment(item.fact.at),
        "kind": item.kind,
        "call_id": item.body.get("call_id"),
        "agent_id": item.body.get("agent_id"),
        "queue": item.body.get("queue"),
        "body": item.body,
    }
