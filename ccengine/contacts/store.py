"""Customers in the database: who calls from this number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.clock import Clock
from ccengine.contacts.numbers import normalise_number
from ccengine.contacts.tables import CustomerNumberRow, CustomerRow
from ccengine.desk.pop import CustomerCard
from ccengine.ids import CustomerId

MOST_CARDS = 5
"""So many customers of one shared number are worth showing."""


class BadNumberError(ValueError):
    """What was given as a customer's number is none."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"{number!r} is no telephone number")


class Contacts:
    """The customers of one site. Its awaits have no deadline of their own: a call's session,
    which can do without a card, sets one; an import can wait."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def find_by_number(self, ani: str) -> list[CustomerCard]:
        """The customers that call from this number, however it is written; the oldest first.

        None for a number that is none (``anonymous``).
        """
        async with self._sessions() as session:
            return await session.run_sync(lambda it: cards_of(it.connection(), ani))

    async def find(self, customer_id: CustomerId) -> CustomerCard | None:
        async with self._sessions() as session:
            row = await session.get(CustomerRow, customer_id)
        return _card(row) if row else None

    async def add(
        self,
        name: str,
        numbers: Iterable[str],
        *,
        vip_level: str = "",
        tags: Sequence[str] = (),
        note: str = "",
        reference: str | None = None,
    ) -> CustomerId:
        """A new customer; with a ``reference`` that is already there, that one is replaced.

        Raises BadNumberError, and then has changed nothing.
        """
        plain = list(dict.fromkeys(_plain(number) for number in numbers))
        async with self._sessions.begin() as session:
            row = await _referenced(session, reference)
            if row is None:
                row = CustomerRow(reference=reference, created_at=self._clock.now())
                session.add(row)
            row.name = name[:128]
            row.vip_level = vip_level
            row.tags = list(tags)
            row.note = note
            row.updated_at = self._clock.now()
            await session.flush()
            customer_id = row.customer_id
            await session.execute(
                delete(CustomerNumberRow).where(CustomerNumberRow.customer_id == customer_id)
            )
            session.add_all(
                CustomerNumberRow(number=number, customer_id=customer_id) for number in plain
            )
        return CustomerId(customer_id)


def cards_of(connection: Connection, ani: str) -> list[CustomerCard]:
    """``Contacts.find_by_number`` for whoever is on the database already."""
    number = normalise_number(ani)
    return [_card(row) for row in connection.execute(_BY_NUMBER, {"n": number})] if number else []


def card_of(connection: Connection, customer_id: CustomerId) -> CustomerCard | None:
    """``Contacts.find`` for whoever is on the database already."""
    row = connection.execute(_BY_ID, {"id": customer_id}).first()
    return _card(row) if row is not None else None


_BY_ID = select(CustomerRow.__table__).where(CustomerRow.customer_id == bindparam("id"))
_BY_NUMBER = (
    select(CustomerRow.__table__)
    .join(CustomerNumberRow, CustomerNumberRow.customer_id == CustomerRow.customer_id)
    .where(CustomerNumberRow.number == bindparam("n"))
    .order_by(CustomerRow.customer_id)
    .limit(MOST_CARDS)
)


async def _referenced(session: AsyncSession, reference: str | None) -> CustomerRow | None:
    if reference is None:
        return None
    query = select(CustomerRow).where(CustomerRow.reference == reference)
    return (await session.execute(query)).scalar_one_or_none()


def _plain(number: str) -> str:
    plain = normalise_number(number)
    if not plain:
        raise BadNumberError(number)
    return plain


def _card(row: CustomerRow | Row[Any]) -> CustomerCard:
    return CustomerCard(
        customer_id=CustomerId(row.customer_id),
        name=row.name,
        vip_level=row.vip_level,
        tags=tuple(row.tags),
        note=row.note,
    )
