"""Call records in the database: kept up by the journal's writer, read by pages and pops."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Executable, Row, Select, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.calls.record import CallRecord, apply, begins_no_record
from ccengine.calls.tables import CallRecordRow
from ccengine.clock import moment
from ccengine.desk.pop import PastCall
from ccengine.ids import AgentId, CallId, CustomerId
from ccengine.journal.facts import CallFact, Fact, Outcome

_FIELDS = CallRecord.__struct_fields__
_TABLE = cast(Table, CallRecordRow.__table__)
_MOMENTS = frozenset({"arrived_at", "queued_at", "answered_at", "ended_at"})


class CallRecords:
    """The records as the rest of the engine reads them."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def get(self, call_id: CallId) -> CallRecord | None:
        async with self._sessions() as session:
            row = await session.get(CallRecordRow, call_id)
            return None if row is None else _record(row)

    async def recent(self, limit: int, agent_id: AgentId | None = None) -> list[CallRecord]:
        """The newest first; all of them, or those this agent talked in."""
        query = select(CallRecordRow)
        if agent_id is not None:
            query = query.where(CallRecordRow.agent_id == agent_id)
        return await self._records(query.order_by(CallRecordRow.arrived_at.desc()).limit(limit))

    async def open_calls(self) -> list[CallRecord]:
        """Calls without an outcome, the oldest first: an engine that starts looks after them."""
        return await self._records(
            select(CallRecordRow)
            .where(CallRecordRow.outcome.is_(None))
            .order_by(CallRecordRow.arrived_at)
        )

    async def history(
        self,
        customer_id: CustomerId | None,
        ani: str,
        limit: int,
        *,
        agent_names: Mapping[AgentId, str],
    ) -> list[PastCall]:
        """Ended calls of this customer, or of this number if the customer is unknown.

        The newest first. A caller who hides the number has no history. ``agent_names``: an agent
        whom the site no longer names is shown by its id.
        """
        async with self._sessions() as session:
            return await session.run_sync(
                lambda it: past_calls(
                    it.connection(), customer_id, ani, limit, agent_names=agent_names
                )
            )

    async def _records(self, query: Select[CallRecordRow]) -> list[CallRecord]:
        async with self._sessions() as session:
            return [_record(row) for row in await session.scalars(query)]

    async def outcomes(self, call_ids: Collection[CallId]) -> dict[CallId, Outcome | None]:
        """Of the calls that have a record: the outcome, None while they are open."""
        found: dict[CallId, Outcome | None] = {}
        wanted = list(call_ids)
        async with self._sessions() as session:
            for start in range(0, len(wanted), 500):
                query = select(CallRecordRow.call_id, CallRecordRow.outcome).where(
                    CallRecordRow.call_id.in_(wanted[start : start + 500])
                )
                for call_id, outcome in await session.execute(query):
                    found[CallId(call_id)] = Outcome(outcome) if outcome else None
        return found


def past_calls(
    connection: Connection,
    customer_id: CustomerId | None,
    ani: str,
    limit: int,
    *,
    agent_names: Mapping[AgentId, str],
) -> list[PastCall]:
    """``CallRecords.history`` for whoever is on the database already."""
    if customer_id is not None:
        found = connection.execute(_history(by_customer=True), {"who": customer_id, "n": limit})
    elif ani:
        found = connection.execute(_history(by_customer=False), {"who": ani, "n": limit})
    else:
        return []
    return [_past(_record(row), agent_names) for row in found]


@functools.cache
def _history(*, by_customer: bool) -> Executable:
    who = _TABLE.c.customer_id if by_customer else _TABLE.c.ani
    return (
        select(_TABLE)
        .where(who == bindparam("who"), _TABLE.c.outcome.is_not(None))
        .order_by(_TABLE.c.arrived_at.desc())
        .limit(bindparam("n"))
    )


_OF_THESE = select(_TABLE).where(_TABLE.c.call_id.in_(bindparam("calls", expanding=True)))


class CallRecordProjector:
    """Applies new facts to the records, in the transaction that writes the facts."""

    def project(self, connection: Connection, facts: Sequence[Fact]) -> None:
        by_call: dict[CallId, list[CallFact]] = {}
        for fact in facts:
            if isinstance(fact, CallFact):
                by_call.setdefault(fact.call_id, []).append(fact)
        if not by_call:
            return
        known = {
            CallId(row.call_id): _record(row)
            for row in connection.execute(_OF_THESE, {"calls": list(by_call)})
        }
        changed = []
        for call_id, story in by_call.items():
            before = record = known.get(call_id)
            for fact in story:
                if record is not None or not begins_no_record(fact):
                    record = apply(record, fact)
            if record is not None and record != before:
                changed.append(_columns(record))
        if changed:
            connection.execute(_upsert(connection.dialect.name), changed)


@functools.cache
def _upsert(dialect: str) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    made = insert(_TABLE)
    values = {name: made.excluded[name] for name in _FIELDS if name != "call_id"}
    return made.on_conflict_do_update(index_elements=[_TABLE.c.call_id], set_=values)


def _columns(record: CallRecord) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(record, name)
        if name in _MOMENTS and value is not None:
            value = moment(value)
        columns[name] = value.value if isinstance(value, Outcome) else value
    return columns


def _record(row: CallRecordRow | Row[Any]) -> CallRecord:
    values: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(row, name)
        values[name] = value.timestamp() if isinstance(value, datetime) else value
    values["outcome"] = None if row.outcome is None else Outcome(row.outcome)
    return CallRecord(**values)


def _past(record: CallRecord, agent_names: Mapping[AgentId, str]) -> PastCall:
    agent = record.agent_id
    return PastCall(
        call_id=record.call_id,
        at=record.arrived_at,
        queue=record.queue or "",
        agent_name="" if agent is None else agent_names.get(agent, agent),
        agent_id=agent,
        outcome="" if record.outcome is None else record.outcome.value,
        disposition=record.disposition,
        note=record.note,
    )
