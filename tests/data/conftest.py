"""One suite, two databases: each test that asks for ``database`` runs on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from ccengine.db.session import Database
from tests.kit.clock import HandClock
from tests.kit.postgres import PostgresServer


@pytest.fixture(scope="session", autouse=True)
def _plain_log() -> Iterator[None]:
    """Tracebacks in colour, with all variables, take seconds to draw."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )
    yield
    structlog.reset_defaults()


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """A migrated database to be copied: quicker than migrating for each test."""
    asyncio.run(_migrate(asyncio.run(postgres.create_database("template_ccengine"))))
    return "template_ccengine"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "ccengine.db")
    return f"sqlite:///{tmp_path / 'ccengine.db'}"


@pytest.fixture
async def postgres_url(postgres: PostgresServer, postgres_template: str) -> AsyncIterator[str]:
    name = f"test_{next(_numbers)}"
    yield await postgres.create_database(name, postgres_template)
    await postgres.drop_database(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without a row, on either kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_url(
    request: pytest.FixtureRequest, postgres: PostgresServer, tmp_path: Path
) -> AsyncIterator[str]:
    """A database without a table, on either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'ccengine.db'}"
        return
    name = f"empty_{next(_numbers)}"
    yield await postgres.create_database(name)
    await postgres.drop_database(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
