"""Publications of flows. Rows are added and read; nothing in ccengine changes or deletes one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ccengine.db.base import Base
from ccengine.db.columns import Moment


class FlowTextRow(Base):
    """One text of a file, once for all publications that hold it."""

    __tablename__ = "flow_text"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class FlowPublicationRow(Base):
    __tablename__ = "flow_publication"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    author: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(16))
    equals: Mapped[int | None] = mapped_column(Integer)
    site_version: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class FlowFileRow(Base):
    """A flow in a publication."""

    __tablename__ = "flow_file"

    number: Mapped[int] = mapped_column(ForeignKey("flow_publication.number"), primary_key=True)
    flow: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("flow_text.digest"))
    version: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index(None, "flow", "version"),)
