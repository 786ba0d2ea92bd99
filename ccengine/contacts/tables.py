"""Tables of the customers. Moments are seconds of the engine's clock, as in the journal."""

from __future__ import annotations

from sqlalchemy import Double, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ccengine.db.base import Base
from ccengine.db.columns import Json


class CustomerRow(Base):
    __tablename__ = "customer"

    customer_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    reference: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The customer's key in the system it was imported from; writing it again replaces it."""
    name: Mapped[str] = mapped_column(String(128))
    vip_level: Mapped[str] = mapped_column(String(32), default="")
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float] = mapped_column(Double)
    updated_at: Mapped[float] = mapped_column(Double)


class CustomerNumberRow(Base):
    """A number a customer calls from. A household or an office shares one among several."""

    __tablename__ = "customer_number"

    number: Mapped[str] = mapped_column(String(24), primary_key=True)
    """As ``normalise_number`` spells it; first in the key, so that a look-up is one range."""
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.customer_id", ondelete="CASCADE"), primary_key=True, index=True
    )
