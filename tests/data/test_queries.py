"""Queries of the site file on real databases: what they find, and that nothing is ever written."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ccengine.db.session import Database
from ccengine.outside.errors import NoAnswerError
from ccengine.outside.sql import MOST_ROWS, Queries
from ccengine.site.outside import Query

TABLE = "CREATE TABLE orders (number TEXT, phone TEXT, amount NUMERIC(10,2), paid BOOLEAN)"
ROWS = "INSERT INTO orders VALUES ('A1', '138', 12.50, TRUE), ('A2', '138', 3, NULL)"
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
SLOW = {
    "sqlite": f"{COUNT}) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
}


@pytest.fixture
async def queries(database: Database, tmp_path: Path) -> AsyncIterator[Queries]:
    async with database.engine.begin() as connection:
        await connection.execute(text(TABLE))
        await connection.execute(text(ROWS))
    asked = Queries(database.url.render_as_string(hide_password=False), tmp_path)
    yield asked
    await asked.close()


def query(sql: str, **more: Any) -> Query:
    return Query.model_validate({"database": "ccengine", "sql": sql} | more)


async def test_the_first_row_by_its_columns(queries: Queries) -> None:
    sql = "SELECT number, amount, paid FROM orders WHERE phone = :phone ORDER BY number"
    found = await queries.ask(query(sql), {"phone": "138"}, 2.0)
    assert found in (
        {"number": "A1", "amount": 12.5, "paid": True},
        {"number": "A1", "amount": 12.5, "paid": 1},  # SQLite has no truth of its own
    )


async def test_all_rows_and_how_many(queries: Queries) -> None:
    sql = "SELECT number FROM orders ORDER BY number"
    assert await queries.ask(query(sql, one_row=False), {}, 2.0) == {
        "rows": [{"number": "A1"}, {"number": "A2"}],
        "count": 2,
    }


async def test_no_more_rows_than_may_be(queries: Queries) -> None:
    sql = f"{COUNT} WHERE i < 500) SELECT i FROM n"
    found = await queries.ask(query(sql, one_row=False), {}, 2.0)
    assert isinstance(found, dict)
    assert found["count"] == MOST_ROWS


async def test_no_row_is_nothing_and_a_value_is_only_a_value(queries: Queries) -> None:
    sql = "SELECT number FROM orders WHERE phone = :phone"
    assert await queries.ask(query(sql), {"phone": "' OR 1=1 --"}, 2.0) is None


async def test_what_a_query_wants_and_does_not_get_is_refused(queries: Queries) -> None:
    with pytest.raises(NoAnswerError) as caught:
        await queries.ask(query("SELECT number FROM orders WHERE phone = :phone"), {}, 2.0)
    assert caught.value.why in ("refused", "unreachable")
    with pytest.raises(NoAnswerError) as caught:
        await queries.ask(query("SELECT number FROM no_such_table"), {}, 2.0)
    assert (caught.value.why, caught.value.fault) == ("refused", False)


async def test_a_query_that_takes_too_long_is_late_in_time(
    queries: Queries, database: Database
) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswerError) as caught:
        await queries.ask(query(SLOW[database.url.get_backend_name()]), {}, 0.3)
    assert caught.value.why == "late"
    assert time.monotonic() - began < 0.3 + 0.35
    # and the next one is answered
    assert await queries.ask(query("SELECT count(*) AS n FROM orders"), {}, 2.0) == {"n": 2}


WRITES = {
    "sqlite": ["DELETE FROM orders", "ATTACH ':memory:' AS other", "PRAGMA query_only = OFF"],
    "postgresql": [
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT nextval('numbers')",
    ],
}


async def test_the_database_itself_lets_nothing_be_written(
    queries: Queries, database: Database
) -> None:
    """Whatever got past the reading of the site file."""
    kind = database.url.get_backend_name()
    if kind == "postgresql":
        async with database.engine.begin() as connection:
            await connection.execute(text("CREATE SEQUENCE numbers"))
    for sql in WRITES[kind]:
        with pytest.raises(NoAnswerError):
            await queries.ask(query("SELECT 1").model_copy(update={"sql": sql}), {}, 2.0)
    assert await queries.ask(query("SELECT count(*) AS n FROM orders"), {}, 2.0) == {"n": 2}


async def test_a_database_of_its_own_with_its_password_in_a_file(tmp_path: Path) -> None:
    queries = Queries("sqlite:///unused.db", tmp_path)
    asked = query("SELECT 1 AS n").model_copy(
        update={"database": "postgresql://reader@127.0.0.1:1/shop", "password_file": "pw"}
    )
    with pytest.raises(NoAnswerError) as caught:
        await queries.ask(asked, {}, 1.0)
    assert (caught.value.why, caught.value.fault) == ("refused", None)
    (tmp_path / "pw").write_text("secret")
    with pytest.raises(NoAnswerError) as caught:
        await queries.ask(asked, {}, 1.0)
    assert caught.value.why == "unreachable"
    assert "secret" not in str(caught.value)
    await queries.close()


async def test_a_file_that_is_not_there_is_unreachable_and_not_made(tmp_path: Path) -> None:
    queries = Queries("sqlite:///unused.db", tmp_path)
    file = tmp_path / "shop.db"
    with pytest.raises(NoAnswerError) as caught:
        await queries.ask(query("SELECT 1", database=f"sqlite:///{file}"), {}, 1.0)
    assert caught.value.why == "unreachable"
    assert not file.exists()
    await queries.close()
