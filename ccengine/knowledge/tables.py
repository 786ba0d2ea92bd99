"""The table of the articles. Moments are seconds of the engine's clock, as in the journal."""

from __future__ import annotations

from sqlalchemy import Boolean, Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ccengine.db.base import Base
from ccengine.db.columns import Json


class ArticleRow(Base):
    __tablename__ = "article"

    article_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    alt: Mapped[list[str]] = mapped_column(Json, default=list)
    body: Mapped[str] = mapped_column(Text, default="")
    spoken: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    published: Mapped[bool] = mapped_column(Boolean, default=True)
    updated_at: Mapped[float] = mapped_column(Double)
