"""Reading the journal, and the one way to write to it."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Insert, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.sql.dml import ReturningInsert

from ccengine.clock import moment
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.codec import decode
from ccengine.journal.entry import Entry
from ccengine.journal.facts import (
    AgentState,
    AgentStateChanged,
    AgentWished,
    CallAnswered,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnded,
    CallQueued,
    Fact,
    OfferEnded,
    OfferMade,
    OfferResult,
    TalkEnded,
    WrapUpExtended,
)
from ccengine.journal.tables import FactRow

READ_LIMIT = 100_000
"""Facts one reading may bring into memory."""


class SomeKnownError(Exception):
    """Not all of these facts are new: roll back, and ``append`` them with ``some_known``."""


def append(
    connection: Connection, entries: Sequence[Entry], *, some_known: bool = False
) -> list[Entry]:
    """Write facts inside the caller's transaction; gives back those that were not yet there."""
    if not entries:
        return []
    rows = [_row(item) for item in entries]
    insert, returning = _insert(connection.dialect.name)
    if connection.dialect.name == "sqlite" and not some_known:
        # One prepared statement for all rows; to ask for their ids makes a new one for each batch.
        if connection.execute(insert, rows).rowcount != len(rows):
            raise SomeKnownError
        return list(entries)
    written = set(connection.scalars(returning, rows))
    return [item for item in entries if item.fact_id in written]


@functools.cache
def _insert(dialect: str) -> tuple[Insert, ReturningInsert[str]]:
    table = cast(Table, FactRow.__table__)
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    new = insert(table).on_conflict_do_nothing(index_elements=[table.c.fact_id])
    return new, new.returning(table.c.fact_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMemory:
    """What the journal knows of an agent, for an engine that starts again."""

    agent_id: AgentId
    last: AgentStateChanged | None
    """The last change of state, however long ago."""
    calls_answered: dict[QueueId, int] = field(default_factory=dict)
    last_call_ended_at: dict[QueueId, float] = field(default_factory=dict)
    wish: AgentWished | None = None
    """What it was to be after the call that held it, if that was said and still waits for it."""
    extended: WrapUpExtended | None = None
    """The last time it made the wrap-up longer in which it is."""
    missed_in_a_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCallback:
    """A callback that the journal knows as still to be made."""

    asked: CallbackAsked
    attempts: int
    next_at: float | None
    """Its next attempt, after one that failed."""


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

    async def newest(self, since: float, *, kinds: Collection[str], limit: int) -> list[Fact]:
        """The last so many facts of these kinds since this reading, the oldest of them first."""
        query = (
            select(FactRow)
            .where(FactRow.kind.in_(sorted(kinds)), FactRow.at >= moment(since))
            .order_by(FactRow.seq.desc())
            .limit(limit)
        )
        return list(reversed(await self._facts(query)))

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
        """Each agent's last state with what was said of it since; its work since this moment."""
        states = await self._newest(AgentStateChanged.kind)
        wishes = await self._newest(AgentWished.kind)
        extensions = await self._newest(WrapUpExtended.kind)
        known = {}
        for agent_id, (seq, state) in states.items():
            wish = wishes.get(agent_id, (0, None))
            extended = extensions.get(agent_id, (0, None))
            known[agent_id] = AgentMemory(
                agent_id=agent_id,
                last=cast(AgentStateChanged, state),
                wish=cast(AgentWished, wish[1]) if wish[0] > seq else None,
                extended=cast(WrapUpExtended, extended[1]) if extended[0] > seq else None,
            )
        for fact in await self._facts(
            select(FactRow)
            .where(FactRow.kind.in_(_OF_WORK), FactRow.at >= moment(since))
            .where((FactRow.kind != AgentStateChanged.kind) | _IS_AWAY)
            .order_by(FactRow.seq)
        ):
            agent_id = cast(AgentId, getattr(fact, "agent_id", ""))
            before = known.get(agent_id) or AgentMemory(agent_id=agent_id, last=None)
            known[agent_id] = _after(before, fact)
        return known

    async def last_turns(self, since: float) -> dict[QueueId, tuple[AgentId | None, AgentId]]:
        """By queue, who was the last to answer and the last to be rung since this moment."""
        turns: dict[QueueId, tuple[AgentId | None, AgentId]] = {}
        for kind in (OfferMade.kind, CallAnswered.kind):
            newest = (
                select(func.max(FactRow.seq))
                .where(FactRow.kind == kind, FactRow.at >= moment(since))
                .group_by(FactRow.queue)
            )
            for fact in await self._facts(select(FactRow).where(FactRow.seq.in_(newest))):
                if isinstance(fact, OfferMade):
                    turns[fact.queue] = (None, fact.agents[-1])
                elif isinstance(fact, CallAnswered):
                    rang = turns.get(fact.queue, (None, fact.agent_id))[1]
                    turns[fact.queue] = (fact.agent_id, rang)
        return turns

    async def open_callbacks(self, since: float) -> list[OpenCallback]:
        """Callbacks asked for since this moment that have not ended, the oldest first."""
        facts = await self._facts(
            select(FactRow)
            .where(FactRow.kind.in_(_OF_CALLBACKS), FactRow.at >= moment(since))
            .order_by(FactRow.seq)
        )
        found: dict[CallId, OpenCallback] = {}
        for fact in facts:
            match fact:
                case CallbackAsked():
                    found[fact.callback_id] = OpenCallback(asked=fact, attempts=0, next_at=None)
                case CallbackAttempted() if fact.call_id in found:
                    found[fact.call_id] = replace(
                        found[fact.call_id], attempts=fact.attempt, next_at=fact.next_at
                    )
                case CallbackEnded():
                    found.pop(fact.call_id, None)
                case _:
                    pass
        return list(found.values())

    async def _newest(self, kind: str) -> dict[AgentId, tuple[int, Fact]]:
        """Of each agent the newest fact of this kind, with its number in the journal."""
        newest = (
            select(func.max(FactRow.seq)).where(FactRow.kind == kind).group_by(FactRow.agent_id)
        )
        async with self._sessions() as session:
            rows = await session.scalars(select(FactRow).where(FactRow.seq.in_(newest)))
            return {
                AgentId(row.agent_id or ""): (row.seq, decode(row.kind, row.body)) for row in rows
            }

    async def _facts(self, query: Select[FactRow]) -> list[Fact]:
        async with self._sessions() as session:
            return [decode(row.kind, row.body) for row in await session.scalars(query)]


_OF_WORK = (AgentStateChanged.kind, CallAnswered.kind, OfferEnded.kind, TalkEnded.kind)
_OF_CALLBACKS = (CallbackAsked.kind, CallbackAttempted.kind, CallbackEnded.kind)
_IS_AWAY = FactRow.body["state"].as_string().in_([AgentState.LOGGED_OUT, AgentState.NOT_READY])


def _after(before: AgentMemory, fact: Fact) -> AgentMemory:
    match fact:
        case CallAnswered():
            before.calls_answered[fact.queue] = before.calls_answered.get(fact.queue, 0) + 1
            return replace(before, missed_in_a_row=0)
        case TalkEnded():
            before.last_call_ended_at[fact.queue] = fact.at
            return before
        case OfferEnded(result=OfferResult.MISSED):
            return replace(before, missed_in_a_row=before.missed_in_a_row + 1)
        case OfferEnded(result=OfferResult.REFUSED) | AgentStateChanged():
            return replace(before, missed_in_a_row=0)
        case _:
            return before


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
