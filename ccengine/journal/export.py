"""A period of the journal as JSON lines, read and written a page at a time.

One line a fact: ``{"id": …, "kind": …, "body": {…}}``. First comes each agent's last state before
the period, so that the file alone says who was at work when it began.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.journal.codec import UnknownFact, decode
from ccengine.journal.facts import AgentStateChanged, Fact
from ccengine.journal.tables import FactRow

PAGE = 2_000
"""Facts in memory at a time."""
LONGEST_LINE = 64 * 1024
"""Bytes; a fact takes a few hundred."""


class BadLineError(ValueError):
    """A line of a file of facts that is none: where, what is wrong, and what to do."""

    def __init__(self, path: Path, line: int, what: str, cure: str) -> None:
        super().__init__(f"{path}:{line}: {what}\n  cure: {cure}")
        self.line = line


async def rows(
    sessions: async_sessionmaker[AsyncSession],
    start: datetime,
    end: datetime,
    *,
    kinds: Collection[str] = (),
) -> AsyncIterator[FactRow]:
    """Each agent's last state before ``start``, then the facts of ``[start, end)``, all or these
    kinds, in the order of their writing."""
    newest = (
        select(func.max(FactRow.seq))
        .where(FactRow.kind == AgentStateChanged.kind, FactRow.at < start)
        .group_by(FactRow.agent_id)
    )
    within = select(FactRow).where(FactRow.at >= start, FactRow.at < end)
    if kinds:
        within = within.where(FactRow.kind.in_(sorted(kinds)))
    async with sessions() as session:
        query = select(FactRow).where(FactRow.seq.in_(newest)).order_by(FactRow.seq)
        for row in await session.scalars(query):
            yield row
        bounds = await session.execute(
            select(func.min(FactRow.seq), func.max(FactRow.seq)).where(
                FactRow.at >= start, FactRow.at < end
            )
        )
        first, last = bounds.one()
        # By number, from the first to the last of the period: each page is found by the key.
        reached = -1 if first is None else first - 1
        while first is not None and reached < last:
            page = within.where(FactRow.seq > reached, FactRow.seq <= last)
            found = list(await session.scalars(page.order_by(FactRow.seq).limit(PAGE)))
            if not found:
                return
            for row in found:
                yield row
            reached = found[-1].seq
            session.expunge_all()


async def export(
    sessions: async_sessionmaker[AsyncSession], start: datetime, end: datetime, path: Path
) -> int:
    """Write the period to a new file; gives back how many lines. Raises OSError."""
    count = 0
    with path.open("x", encoding="utf-8") as file:
        async for row in rows(sessions, start, end):
            line = {"id": row.fact_id, "kind": row.kind, "body": row.body}
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def facts_in(path: Path) -> Iterator[Fact]:
    """The facts of an exported file. Raises BadLineError, OSError."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise BadLineError(path, number, "the line is far too long for a fact", _EXPORT)
            if line.strip():
                yield _fact(path, number, line)


_EXPORT = "make the file anew with `ccengine journal export --from DAY FILE`"


def _fact(path: Path, number: int, line: bytes) -> Fact:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLineError(path, number, "this is not JSON", _EXPORT) from None
    if not isinstance(read, dict):
        raise BadLineError(path, number, 'this is no {"kind": …, "body": {…}}', _EXPORT)
    kind, body = read.get("kind"), read.get("body")
    if not isinstance(kind, str) or not isinstance(body, dict):
        raise BadLineError(path, number, 'this is no {"kind": …, "body": {…}}', _EXPORT)
    fact = decode(kind, body)
    if isinstance(fact, UnknownFact):
        raise BadLineError(
            path,
            number,
            f"{kind[:40]!r} is no fact that this version knows, or one of its fields is wrong",
            "read the file with the version of ccengine that wrote it, or export it anew",
        )
    return fact
