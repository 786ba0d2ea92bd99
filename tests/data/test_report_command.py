"""``ccengine report`` and ``ccengine db upgrade``, as typed."""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ccengine.calls.store import CallRecordProjector
from ccengine.cli import db, report
from ccengine.clock import EngineClock
from ccengine.db.session import Database
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import Fact, SurveyAnswered
from ccengine.journal.spool import Spool
from ccengine.journal.writer import JournalWriter
from ccengine.reports.period import BadReportError, period
from tests.data.stories import first_call

PROJECT = Path(__file__).parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # the 23rd in Shanghai, 2:30 in the morning


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CCENGINE_HOME", str(tmp_path))
    monkeypatch.setenv("CCENGINE_SITE", str(PROJECT / "site.example.yaml"))
    monkeypatch.setenv("CCENGINE_FLOWS", str(PROJECT / "ivr_flows"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def used_database(site: None, monkeypatch: pytest.MonkeyPatch, database_url: str) -> str:
    monkeypatch.setenv("CCENGINE_DATABASE_URL", database_url)
    return database_url


def typed(command: object, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)  # type: ignore[attr-defined]
    code: int = command.run(parser.parse_args(words))  # type: ignore[attr-defined]
    return code


async def write(url: str, spool: Path, facts: list[Fact]) -> None:
    database, clock = Database(url), EngineClock()
    writer = JournalWriter(
        database.hops, Spool(spool), projector=CallRecordProjector(), clock=clock
    )
    await writer.start()
    writer.put(facts)
    await writer.stop()
    await database.dispose()


def test_todays_report_shows_the_first_call(
    used_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    midnight, _ = period(None, None, SHANGHAI, datetime.now(UTC))
    story = first_call("call-1", midnight.timestamp() + 1)
    asyncio.run(write(used_database, tmp_path / "spool", [*story]))
    assert typed(report) == 0
    shown = capsys.readouterr().out
    sales = next(line for line in shown.splitlines() if line.startswith("Sales"))
    assert sales.split()[1:7] == ["1", "1", "0", "0", "0", "0"]
    assert "answered within the target seconds ÷ offered" in shown
    assert typed(report, "--json", "--queue", "sales", "--language", "zh-CN") == 0
    body = json.loads(capsys.readouterr().out)
    assert [row["queue"] for row in body["rows"]] == ["sales"]
    assert (body["total"]["asa_s"], body["total"]["aht_s"], body["balanced"]) == (8.0, 70.0, True)
    assert typed(report, "--from", "2020-01-01", "--to", "2020-01-31") == 0
    assert "2020-01-01 00:00 - 2020-02-01 00:00 (Asia/Shanghai)" in capsys.readouterr().out


def test_the_surveys_of_one_queue_are_told_alone(
    used_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    midnight, _ = period(None, None, SHANGHAI, datetime.now(UTC))
    answers = [
        SurveyAnswered(
            at=midnight.timestamp() + 1,
            call_id=CallId(f"call-{score}"),
            survey="after_talk",
            score=score,
            of=5,
            queue=QueueId(queue),
            agent_id=AgentId("1001"),
        )
        for score, queue in ((5, "sales"), (1, "support"))
    ]
    asyncio.run(write(used_database, tmp_path / "spool", [*answers]))
    assert typed(report, "--queue", "sales") == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if "after_talk" in line]
    assert shown
    assert all("5.0" in line for line in shown)


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "yesterday"],
        ["--queue", "nobody"],
        ["--from", "2999-01-01", "--to", "2020-01-01"],
    ],
)
def test_a_wrong_question_is_answered_with_what_is_right(
    site: None, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(report, *words) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_without_tables_the_cure_is_named(site: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(report) == 2
    assert "ccengine db upgrade" in capsys.readouterr().err
    assert typed(db, "upgrade") == 0
    assert "up to 0001" in capsys.readouterr().out
    assert typed(db, "upgrade") == 0
    assert "nothing to do" in capsys.readouterr().out
    assert typed(report) == 0


def test_an_unreachable_database_is_an_error_with_a_cure(
    site: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCENGINE_DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/x")
    for command, words in [(report, []), (db, ["upgrade"])]:
        assert typed(command, *words) == 2
        said = capsys.readouterr()
        assert "cure: Start PostgreSQL" in said.err
        assert "hidden" not in said.err + said.out


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, ("2026-11-23T00:00+08:00", "2026-11-24T00:00+08:00")),
        ("2026-11-20", None, ("2026-11-20T00:00+08:00", "2026-11-24T00:00+08:00")),
        ("2026-11-20", "2026-11-20", ("2026-11-20T00:00+08:00", "2026-11-21T00:00+08:00")),
        (
            "2026-11-20T08:30",
            "2026-11-20T09:00",
            ("2026-11-20T08:30+08:00", "2026-11-20T09:00+08:00"),
        ),
        (
            "2026-11-20T00:30Z",
            "2026-11-20T01:00Z",
            ("2026-11-20T08:30+08:00", "2026-11-20T09:00+08:00"),
        ),
    ],
)
def test_periods_are_days_of_the_sites_calendar(
    since: str | None, until: str | None, expected: tuple[str, str]
) -> None:
    assert period(since, until, SHANGHAI, NOW) == tuple(map(datetime.fromisoformat, expected))


def test_a_day_with_a_clock_change_is_whole() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    since, until = period("2026-10-25", "2026-10-25", berlin, NOW)
    assert (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds() == 25 * 3_600


@pytest.mark.parametrize("text", ["2026-13-01", "22.11.2026", "2026-11-22T25:00", "now"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadReportError, match="2026-11-22T08:30"):
        period(text, None, SHANGHAI, NOW)
