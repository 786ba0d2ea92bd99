"""Lookups in the engine's own tables: who a customer is, and who talked with it last."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from ccengine.calls.live import LiveCall
from ccengine.calls.store import CallRecordProjector
from ccengine.contacts.store import Contacts
from ccengine.db.session import Database
from ccengine.engine.lookups import Lookups
from ccengine.ids import CallId, CustomerId
from ccengine.ivr.answers import LookedUp
from ccengine.ivr.waits import LookupWait, Value
from ccengine.outside.systems import Outside
from tests.data.stories import WANG, first_call
from tests.kit.clock import HandClock
from tests.kit.ports import server_ports
from tests.rules.site.site_text import sales, site

WANTS = ("id", "name", "vip_level", "tags.0")


def lookups_of(database: Database, folder: Path) -> Lookups:
    found = site(sales())
    outside = Outside(
        site=lambda: found, own_database=str(database), secrets=folder, clock=HandClock()
    )
    return Lookups(outside=outside, hops=database.hops, site=lambda: found)


def a_call() -> LiveCall:
    return LiveCall(
        call_id=CallId("c"),
        uniqueid="1.1",
        channel="PJSIP/trunk-carrier-00000001",
        ani="13800000001",
        dnis="4001",
        trunk="carrier",
        ani_verified=True,
        ani_malformed=False,
        vip_level="",
        language="zh-CN",
        arrived_at=0.0,
    )


def customer(deadline_s: float | None = None, **values: Value) -> LookupWait:
    return LookupWait(kind="customer", values=values, wants=WANTS, deadline_s=deadline_s)


def last_agent(deadline_s: float | None = None, **values: Value) -> LookupWait:
    wants = ("agent", "name")
    return LookupWait(kind="last_agent", values=values, wants=wants, deadline_s=deadline_s)


@pytest.fixture
async def zhao(database: Database) -> CustomerId:
    """A customer who has talked with 1001."""
    contacts = Contacts(database.sessions, HandClock())
    zhao = await contacts.add("赵建国", ["13800000001"], vip_level="gold", tags=["宽带"])
    arrived, *rest = first_call()
    story = [msgspec.structs.replace(arrived, customer_id=zhao), *rest]
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda it: CallRecordProjector().project(it, story))
    return zhao


async def test_a_customer_is_found_and_is_the_calls_from_then_on(
    database: Database, zhao: CustomerId, tmp_path: Path
) -> None:
    lookups = lookups_of(database, tmp_path)
    for values in ({"number": "138 0000 0001"}, {"id": str(zhao)}, {"id": zhao}):
        call = a_call()
        asked = await lookups.look_up(customer(**values), call)
        told = {"id": zhao, "name": "赵建国", "vip_level": "gold", "tags.0": "宽带"}
        assert asked.answer == LookedUp(found=True, values=told)
        assert call.customer is not None
        assert call.customer.customer_id == zhao


@pytest.mark.parametrize(
    "values",
    [
        {"number": "13800000009"},
        {"number": ""},
        {},
        {"id": "99"},
        {"id": "１"},
        {"id": "1 or 1=1"},
        {"id": "9" * 30},
    ],
)
async def test_nobody_is_found(
    database: Database, zhao: CustomerId, tmp_path: Path, values: dict[str, Value]
) -> None:
    call = a_call()
    asked = await lookups_of(database, tmp_path).look_up(customer(**values), call)
    assert asked.answer == LookedUp(found=False)
    assert call.customer is None


async def test_a_number_of_two_customers_names_none(
    database: Database, zhao: CustomerId, tmp_path: Path
) -> None:
    await Contacts(database.sessions, HandClock()).add("秦勇", ["13800000001"])
    asked = await lookups_of(database, tmp_path).look_up(customer(number="13800000001"), a_call())
    assert asked.answer == LookedUp(found=False)


async def test_who_talked_last(database: Database, zhao: CustomerId, tmp_path: Path) -> None:
    lookups = lookups_of(database, tmp_path)
    wang = LookedUp(found=True, values={"agent": WANG, "name": "王芳"})
    assert (await lookups.look_up(last_agent(id=zhao), a_call())).answer == wang
    nobody = LookedUp(found=False)
    for unknown in (last_agent(id="99"), last_agent(id="x"), last_agent()):
        assert (await lookups.look_up(unknown, a_call())).answer == nobody
    known = a_call()
    known.last_agent = WANG
    assert (await lookups.look_up(last_agent(), known)).answer == wang


async def test_late_is_late(database: Database, zhao: CustomerId, tmp_path: Path) -> None:
    lookups = lookups_of(database, tmp_path)
    late = LookedUp(found=False, why="late")
    for wait in (customer(1e-9, number="13800000001"), last_agent(1e-9, id=zhao)):
        assert (await lookups.look_up(wait, a_call())).answer == late


@pytest.fixture(params=["sqlite", "postgres"])
async def away(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database that is not there."""
    nowhere = f"postgresql://nobody@127.0.0.1:{server_ports(1)[0]}/none"
    database = Database(f"sqlite:///{tmp_path}" if request.param == "sqlite" else nowhere)
    yield database
    await database.dispose()


async def test_a_database_that_is_away_fails_the_lookup_and_not_the_call(
    away: Database, tmp_path: Path
) -> None:
    lookups = lookups_of(away, tmp_path)
    for wait in (customer(number="13800000001"), last_agent(id="7")):
        asked = await lookups.look_up(wait, a_call())
        assert asked.answer == LookedUp(found=False, why="unreachable")
