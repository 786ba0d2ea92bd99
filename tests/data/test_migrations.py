"""The migrations make just the tables that the code speaks of, on both databases, and back."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from ccengine.db import migrate
from ccengine.db.errors import (
    DatabaseUnreachableError,
    DatabaseUrlError,
    MigrationFailedError,
    MigrationsNeededError,
)
from ccengine.db.session import Database
from ccengine.db.tables import METADATA
from tests.kit.postgres import PostgresServer


def difference(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "target_metadata": METADATA}
    )
    return list(compare_metadata(context, METADATA))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_migrations_make_the_tables_of_the_code(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(difference) == []
        assert await connection.run_sync(tables) == {*METADATA.tables, "alembic_version"}


async def test_a_missing_column_or_index_would_be_seen(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP INDEX ix_journal_kind_at")
        await connection.exec_driver_sql("ALTER TABLE call_record DROP COLUMN note")
        found = await connection.run_sync(difference)
    assert sorted(change[0] for change in found) == ["add_column", "add_index"]


async def test_upgrade_tells_its_steps_and_repeats_safely(empty_url: str) -> None:
    database = Database(empty_url)
    told: list[str] = []
    await database.upgrade(told.append)
    assert [step[: len("up to 0001")] for step in told] == ["up to 0001", "up to 0002"]
    await database.upgrade(told.append)
    assert len(told) == 2
    await database.dispose()


async def test_two_engines_that_start_together_upgrade_in_turn(empty_url: str) -> None:
    programs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ccengine.cli.main", "db", "upgrade"),
            env={**os.environ, "CCENGINE_DATABASE_URL": empty_url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    said = [await program.communicate() for program in programs]
    assert [program.returncode for program in programs] == [0, 0], said
    migrated = sorted(b"up to 0001" in out for out, _ in said)
    assert migrated == [False, True]
    database = Database(empty_url)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await database.dispose()


async def test_an_engine_does_not_start_on_another_shape(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(MigrationsNeededError, match=r"at nothing.*works with 0002.*db upgrade"):
        await database.check_shape()
    await database.upgrade()
    await database.check_shape()
    await database.dispose()


async def test_downgrade_leaves_nothing_behind(database: Database) -> None:
    await asyncio.to_thread(migrate.downgrade, database.url, "base")
    async with database.engine.connect() as connection:
        assert await connection.run_sync(tables) == {"alembic_version"}
    await database.upgrade()
    async with database.engine.connect() as connection:
        assert await connection.run_sync(difference) == []


async def test_a_migration_that_fails_changes_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    await database.check()
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE article (something INTEGER)")
    with pytest.raises(MigrationFailedError, match="article"):
        await database.upgrade()
    async with database.engine.connect() as connection:
        assert await connection.run_sync(tables) <= {"article", "alembic_version"}
    await database.dispose()


async def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigrationFailedError, match="newer ccengine"):
        await database.upgrade()


async def test_each_connection_is_set_up_for_its_database(database: Database) -> None:
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
            keys = (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one()
            assert (mode, keys) == ("wal", 1)
        else:
            zone = (await connection.exec_driver_sql("SHOW timezone")).scalar_one()
            limit = (await connection.exec_driver_sql("SHOW statement_timeout")).scalar_one()
            assert (zone, limit) == ("UTC", "15s")


async def test_no_server_is_a_clear_sentence_without_the_password() -> None:
    database = Database("postgresql://ccengine:s3cret@127.0.0.1:1/calls")
    with pytest.raises(DatabaseUnreachableError) as raised:
        await database.check()
    assert "127.0.0.1:1/calls" in raised.value.what
    assert "s3cret" not in str(raised.value)
    assert "Start PostgreSQL" in raised.value.cure
    await database.dispose()


async def test_a_frozen_server_is_told_within_the_deadline(postgres: PostgresServer) -> None:
    database = Database(postgres.url("postgres"))
    await database.check()
    postgres.freeze()
    try:
        with pytest.raises(DatabaseUnreachableError, match=r"no answer within 0\.5 s"):
            await database.check(deadline_s=0.5)
    finally:
        postgres.thaw()
    await database.check()
    await database.dispose()


async def test_a_file_that_is_no_database_is_a_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "ccengine.db").write_text("these are not the bytes of a database" * 100)
    database = Database(f"sqlite:///{tmp_path / 'ccengine.db'}")
    with pytest.raises(DatabaseUnreachableError, match="not a database"):
        await database.check()
    await database.dispose()


@pytest.mark.parametrize("text", ["mysql://root@host/x", "nonsense", "postgresql+psycopg2://h/x"])
def test_a_url_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(DatabaseUrlError, match="CCENGINE_DATABASE_URL"):
        Database(text)
