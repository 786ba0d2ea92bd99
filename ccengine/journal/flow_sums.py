"""Sums over the facts of flows, made where the facts are: a busy day has a million of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.ids import FlowId
from ccengine.journal.facts import CallQueued, CallTransferred, FlowEnded, FlowEntered, FlowStepped
from ccengine.journal.tables import FactRow

HALF = 0.5
"""Seconds: so fine is the time in a step."""
_HUMAN = (CallQueued.kind, CallTransferred.kind)
LONGEST_CALL = timedelta(days=1)
"""What becomes of a call is looked for so long after the period in which it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSum:
    """Visits of one step that ended the same way and took the same time, to half a second."""

    flow: FlowId
    version: str
    step: str
    ended: bool
    """The call ended in this step, without leaving it by a way."""
    result: str
    took_s: float
    visits: int
    no_input: int
    """Visits in which the caller pressed nothing at least once."""
    invalid: int
    """Visits in which it pressed what means nothing at least once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSum:
    """Calls that began in a flow and had the same end."""

    flow: FlowId
    version: str
    result: str
    """Of ``flow.ended``; empty: still in the flow, or lost with it."""
    human: bool
    """It was given to a queue, or transferred."""
    calls: int


class FlowSums:
    """Over the journal; ``start`` within, ``end`` outside."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def steps(self, start: datetime, end: datetime) -> list[StepSum]:
        """Of all visits that ended in the period."""
        body = FactRow.body
        # A way that a flow's own end follows at once is counted as the way, not as an end.
        own_end = (FactRow.kind == FlowEnded.kind) & body["result"].as_string().in_(
            ("finished", "voicemail")
        )
        half_seconds = cast(
            func.round(func.coalesce(body["took_s"].as_float(), 0.0) / HALF), Integer
        )
        parts = (
            body["flow"].as_string().label("flow"),
            func.coalesce(body["version"].as_string(), "").label("version"),
            body["step"].as_string().label("step"),
            FactRow.kind.label("kind"),
            body["result"].as_string().label("result"),
            half_seconds.label("took"),
        )
        inner = (
            select(
                *parts,
                func.coalesce(body["no_input"].as_integer(), 0).label("no_input"),
                func.coalesce(body["invalid"].as_integer(), 0).label("invalid"),
            )
            .where(
                FactRow.kind.in_((FlowStepped.kind, FlowEnded.kind)),
                FactRow.at >= start,
                FactRow.at < end,
                ~own_end,
            )
            .subquery()
        )
        by = (
            inner.c.flow,
            inner.c.version,
            inner.c.step,
            inner.c.kind,
            inner.c.result,
            inner.c.took,
        )
        query = select(
            *by,
            func.count(),
            func.sum(case((inner.c.no_input > 0, 1), else_=0)),
            func.sum(case((inner.c.invalid > 0, 1), else_=0)),
        ).group_by(*by)
        async with self._sessions() as session:
            return [
                StepSum(
                    flow=FlowId(flow),
                    version=version,
                    step=step,
                    ended=kind == FlowEnded.kind,
                    result=result,
                    took_s=took * HALF,
                    visits=visits,
                    no_input=no_input,
                    invalid=invalid,
                )
                for flow, version, step, kind, result, took, visits, no_input, invalid in (
                    await session.execute(query)
                )
            ]

    async def calls(self, start: datetime, end: datetime) -> list[CallSum]:
        """Of all calls that entered their first flow in the period."""
        return (await self.calls_by_day((start, end)))[0]

    async def calls_by_day(self, bounds: Sequence[datetime]) -> list[list[CallSum]]:
        """Of all calls that entered their first flow from one bound until before the next.

        One pass for all days; the bounds are given, for a day is not 24 hours everywhere.
        """
        start, end = bounds[0], bounds[-1]
        found: list[list[CallSum]] = [[] for _ in bounds[1:]]
        day = case(
            *((FactRow.at < bound, number) for number, bound in enumerate(bounds[1:])),
            else_=len(found),
        )
        body = FactRow.body
        entered = FactRow.kind == FlowEntered.kind
        # One pass over the calls: joins of what they did cost SQLite minutes.
        call = (
            select(
                func.min(case((entered, body["flow"].as_string()))).label("flow"),
                func.min(case((entered, body["version"].as_string()))).label("version"),
                func.coalesce(
                    func.min(case((FactRow.kind == FlowEnded.kind, body["result"].as_string()))), ""
                ).label("result"),
                func.max(case((FactRow.kind.in_(_HUMAN), 1), else_=0)).label("human"),
                func.min(case((entered, day))).label("day"),
            )
            .where(
                FactRow.kind.in_((FlowEntered.kind, FlowEnded.kind, *_HUMAN)),
                FactRow.at >= start,
                FactRow.at < end + LONGEST_CALL,
            )
            .group_by(FactRow.call_id)
            .having(func.max(case((entered & (FactRow.at < end), 1), else_=0)) == 1)
            .subquery()
        )
        by = (call.c.day, call.c.flow, call.c.version, call.c.result, call.c.human)
        query = select(*by, func.count()).group_by(*by)
        async with self._sessions() as session:
            for number, flow, version, how, was, calls in await session.execute(query):
                found[number].append(
                    CallSum(
                        flow=FlowId(flow), version=version, result=how, human=bool(was), calls=calls
                    )
                )
        return found
