"""Alembic's entry: one transaction on either database, one upgrade at a time."""

from __future__ import annotations

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from ccengine.db.tables import METADATA
from ccengine.db.url import database_url, is_sqlite
from ccengine.settings import Settings

UPGRADE_LOCK = 0x63_63_65_6E  # any number of our own: two starting engines migrate in turn


def told(step: Any = None, **_: Any) -> None:
    on_step = context.config.attributes.get("on_step")
    if on_step is not None and step is not None:
        arrow = "down from" if step.is_upgrade is False else "up to"
        revision = step.up_revision
        on_step(f"{arrow} {revision.revision}: {revision.doc}")


def migrate(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # SQLite can undo DDL, but its Python driver opens no transaction for it by itself.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        transactional_ddl=True,
        render_as_batch=sqlite,
        compare_type=True,
        on_version_apply=told,
    )
    context.run_migrations()
    connection.commit()


async def online() -> None:
    url = context.config.attributes.get("url") or database_url(Settings().database)
    arguments: dict[str, Any] = {"timeout": 10.0}
    engine = create_async_engine(url, poolclass=pool.NullPool, connect_args=arguments)
    try:
        async with engine.connect() as connection:
            if is_sqlite(url):
                await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("ccengine migrates a live database; `ccengine db upgrade` does it.")
asyncio.run(online())
