"""The journal's one table. Rows are added and read; nothing in ccengine changes or deletes one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ccengine.db.base import Base
from ccengine.db.columns import BigKey, Json, Moment


class FactRow(Base):
    """One fact. ``body`` is the whole of it; the columns beside are its index."""

    __tablename__ = "journal"

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    """The order in which facts were written, which is the order in which they were made."""
    fact_id: Mapped[str] = mapped_column(Text, unique=True)
    """Given when the fact was made, so that a second writing of it is known as such."""
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(Text)
    call_id: Mapped[str | None] = mapped_column(Text)
    agent_id: Mapped[str | None] = mapped_column(Text)
    queue: Mapped[str | None] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (
        Index(None, "call_id", "seq"),
        Index(None, "kind", "at"),
        Index(None, "agent_id", "kind", "seq"),
        Index(None, "queue", "at"),
        Index(None, "at"),
    )
