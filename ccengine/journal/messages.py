"""What callers have spoken, as the journal tells it: the newest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import aliased

from ccengine.journal.codec import decode
from ccengine.journal.facts import MessageLeft
from ccengine.journal.tables import FactRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftMessage:
    """``number``: which of its call's messages it is, from 1."""

    place: int
    """In the journal: messages before it in the list have a higher one."""
    number: int
    left: MessageLeft


class MessageList:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def since(
        self, since: datetime, *, mailbox: str = "", before: int | None = None, limit: int
    ) -> Sequence[LeftMessage]:
        """Messages of this moment and after it: of this mailbox, or of all; below a place, or the
        newest there are."""
        earlier = aliased(FactRow)
        number = (
            select(func.count())
            .where(
                earlier.call_id == FactRow.call_id,
                earlier.kind == MessageLeft.kind,
                earlier.seq <= FactRow.seq,
            )
            .scalar_subquery()
        )
        query = select(FactRow.seq, FactRow.kind, FactRow.body, number).where(
            FactRow.kind == MessageLeft.kind, FactRow.at >= since
        )
        if mailbox:
            query = query.where(FactRow.body["mailbox"].as_string() == mailbox)
        if before is not None:
            query = query.where(FactRow.seq < before)
        async with self._sessions() as session:
            rows = await session.execute(query.order_by(FactRow.seq.desc()).limit(limit))
            return [
                LeftMessage(place=seq, number=nth, left=cast(MessageLeft, decode(kind, body)))
                for seq, kind, body, nth in rows
            ]
