"""A period of the journal out of the database: as a file, and as traffic for a plan."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from ccengine.cli import journal, plan
from ccengine.clock import moment
from ccengine.db.session import Database
from ccengine.ids import AgentId
from ccengine.journal import export as exporting
from ccengine.journal.entry import entry
from ccengine.journal.export import export, facts_in
from ccengine.journal.facts import AgentState, AgentStateChanged, Fact
from ccengine.journal.store import append
from ccengine.plan.reading import traffic_of
from ccengine.site.load import load_site
from tests.rules.plan.past_day import MORNING, busy_day, day, site, told

START = moment(MORNING)
PROJECT = Path(__file__).parents[2]


async def write(database: Database, facts: list[Fact]) -> None:
    entries = [entry(f"f{number:06d}", fact.at, fact) for number, fact in enumerate(facts)]
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.run_sync(append, entries)


async def test_what_was_written_is_read_back_page_by_page(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 7)
    facts = told(day(busy_day(30, 2)), site())
    await write(database, facts)

    path = tmp_path / "day.jsonl"
    count = await export(database.sessions, moment(facts[0].at), START + timedelta(days=1), path)

    assert list(facts_in(path)) == facts
    assert count == len(facts)


async def test_the_file_begins_with_who_was_at_work(database: Database, tmp_path: Path) -> None:
    """Ready since last night, and not a word since: the day's file says so all the same."""
    ann = AgentId("1001")
    night = [
        AgentStateChanged(at=MORNING - 40_000.0, agent_id=ann, state=AgentState.NOT_READY),
        AgentStateChanged(at=MORNING - 30_000.0, agent_id=ann, state=AgentState.READY),
    ]
    facts = [fact for fact in told(day(busy_day(5, 2)), site()) if fact.at >= MORNING]
    await write(database, [*night, *facts])

    path = tmp_path / "day.jsonl"
    await export(database.sessions, START, START + timedelta(days=1), path)

    assert next(facts_in(path)) == night[1]
    assert traffic_of(facts_in(path)).shifts[ann][0].at == MORNING - 30_000.0


async def test_a_file_that_is_there_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text("mine", "utf-8")

    with pytest.raises(FileExistsError):
        await export(database.sessions, START, START + timedelta(days=1), path)
    assert path.read_text("utf-8") == "mine"


def typed(command: ModuleType, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    code: int = command.run(parser.parse_args(words))
    return code


def test_export_and_plan_as_typed(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The plan from the database and the plan from the exported file count the same calls."""
    example = str(PROJECT / "site.example.yaml")
    monkeypatch.setenv("CCENGINE_DATABASE_URL", database_url)
    monkeypatch.setenv("CCENGINE_SITE", example)
    monkeypatch.setenv("CCENGINE_FLOWS", str(PROJECT / "ivr_flows"))
    flows = [path.stem for path in (PROJECT / "ivr_flows").glob("*.yaml")]
    rules = load_site(PROJECT / "site.example.yaml", flows)

    async def fill() -> None:
        database = Database(database_url)
        await database.upgrade()
        await write(database, told(day(busy_day(20, 3), "1001 1002 1003"), rules))
        await database.dispose()

    asyncio.run(fill())
    when = ("--from", START.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat())
    path = str(tmp_path / "day.jsonl")

    assert typed(journal, "export", *when, "--to", when[1], path) == 0
    capsys.readouterr()
    offered = []
    for source in ((), ("--traffic", path)):
        words = (*when, "--to", when[1], "--seeds", "1", "--json", *source)
        assert typed(plan, example, *words) == 0
        body = json.loads(capsys.readouterr().out)
        offered.append(body["as_it_was"]["queues"]["sales"]["offered"])

    assert offered == [20, 20]
    assert typed(journal, "export", *when, "--to", when[1], path) == 2
    assert "name a new file" in capsys.readouterr().err
