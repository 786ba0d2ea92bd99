"""The table of call records. It is a sum over the journal and can be made anew from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Double, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ccengine.db.base import Base
from ccengine.db.columns import Moment


class CallRecordRow(Base):
    """See ``ccengine.calls.record.CallRecord`` for what each column means."""

    __tablename__ = "call_record"

    call_id: Mapped[str] = mapped_column(Text, primary_key=True)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    ani: Mapped[str] = mapped_column(Text)
    dnis: Mapped[str] = mapped_column(Text)
    trunk: Mapped[str] = mapped_column(Text)
    ani_verified: Mapped[bool] = mapped_column(Boolean)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    vip_level: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    flow: Mapped[str] = mapped_column(Text)
    last_step: Mapped[str] = mapped_column(Text)
    queue: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[datetime | None] = mapped_column(Moment)
    waited_s: Mapped[float | None] = mapped_column(Double)
    agent_id: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    pop_latency_ms: Mapped[float | None] = mapped_column(Double)
    talk_s: Mapped[float] = mapped_column(Double)
    hold_s: Mapped[float] = mapped_column(Double)
    wrap_up_s: Mapped[float] = mapped_column(Double)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(Text)
    disposition: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    recording_path: Mapped[str] = mapped_column(Text)
    recording_sha256: Mapped[str] = mapped_column(Text)
    recording_s: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        Index(None, "arrived_at"),
        Index(None, "agent_id", "arrived_at"),
        Index(None, "customer_id", "arrived_at"),
        Index(None, "ani", "arrived_at"),
        Index(None, "outcome"),
    )
