"""Who calls from this number: found however it is written, told apart when it is shared."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from ccengine.contacts.store import BadNumberError, Contacts
from ccengine.contacts.tables import CustomerNumberRow, CustomerRow
from ccengine.db.session import Database


class StillClock:
    def now(self) -> float:
        return 1_800_000_000.0


@pytest.fixture
def contacts(database: Database) -> Contacts:
    return Contacts(database.sessions, StillClock())


async def test_a_customer_is_found_by_any_spelling_of_the_number(contacts: Contacts) -> None:
    customer_id = await contacts.add(
        "赵建国", ["+86 138-0000-0001"], vip_level="gold", tags=["宽带"], note="上午联系"
    )
    for ani in ("13800000001", "+8613800000001", "０１３８０００００００１", "0086 138 0000 0001"):
        (card,) = await contacts.find_by_number(ani)
        assert (card.customer_id, card.name, card.vip_level) == (customer_id, "赵建国", "gold")
        assert (card.tags, card.note) == (("宽带",), "上午联系")
    assert await contacts.find(customer_id) == card


@pytest.mark.parametrize("ani", ["", "anonymous", "13800000002", "sip:1@example", "' OR 1=1 --"])
async def test_a_stranger_has_no_card(contacts: Contacts, ani: str) -> None:
    await contacts.add("赵建国", ["13800000001"])
    assert await contacts.find_by_number(ani) == []


async def test_a_shared_number_gives_all_its_customers(contacts: Contacts) -> None:
    await contacts.add("朱琳", ["13800000017", "13800000018", "138 0000 0018"])
    await contacts.add("秦勇", ["13800000018"])
    assert [card.name for card in await contacts.find_by_number("13800000018")] == ["朱琳", "秦勇"]


async def test_an_import_run_twice_replaces_what_it_wrote(
    contacts: Contacts, database: Database
) -> None:
    first = await contacts.add("王芳", ["13800000001"], reference="crm:7")
    again = await contacts.add("王芳女士", ["13800000002"], reference="crm:7")
    assert first == again
    assert await contacts.find_by_number("13800000001") == []
    assert [card.name for card in await contacts.find_by_number("13800000002")] == ["王芳女士"]
    async with database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(CustomerRow)) == 1


async def test_what_is_no_number_is_refused_and_nothing_written(
    contacts: Contacts, database: Database
) -> None:
    with pytest.raises(BadNumberError, match="no telephone number"):
        await contacts.add("王芳", ["13800000001", "none"])
    assert await contacts.find_by_number("13800000001") == []


async def test_a_customer_takes_its_numbers_along(contacts: Contacts, database: Database) -> None:
    customer_id = await contacts.add("王芳", ["13800000001"])
    async with database.sessions.begin() as session:
        await session.delete(await session.get_one(CustomerRow, customer_id))
    async with database.sessions() as session:
        assert (await session.execute(select(CustomerNumberRow))).all() == []
