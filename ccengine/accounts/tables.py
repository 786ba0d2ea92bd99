"""Tables of the accounts. Moments are seconds of the engine's clock, as in the journal."""

from __future__ import annotations

from sqlalchemy import Boolean, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ccengine.db.base import Base


class AccountRow(Base):
    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(64), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(256))
    role: Mapped[str] = mapped_column(String(16))
    agent_id: Mapped[str | None] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float] = mapped_column(Double)
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)


class WebSessionRow(Base):
    """One login. A stolen table opens nothing: only the token's SHA-256 is stored."""

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(
        ForeignKey("account.username", ondelete="CASCADE"), index=True
    )
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float] = mapped_column(Double)
    expires_at: Mapped[float] = mapped_column(Double, index=True)
    """The end however busy the session is; idle expiry counts from ``last_seen``."""
    last_seen: Mapped[float] = mapped_column(Double)
