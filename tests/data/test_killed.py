"""An engine killed in the middle of writing loses nothing it had kept and doubles nothing."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from ccengine.calls.store import CallRecordProjector, CallRecords
from ccengine.db.session import Database
from ccengine.ids import CallId
from ccengine.journal.facts import WrapUpEnded
from ccengine.journal.spool import Spool
from ccengine.journal.store import Journal
from ccengine.journal.writer import JournalWriter
from tests.data.away import TableGone
from tests.kit.clock import HandClock

PROGRAM = Path(__file__).with_name("killed_writer.py")
PROJECT = PROGRAM.parents[2]


async def killed_with(wanted: int, url: str, spool: Path, boot: str, first: int) -> int:
    """Run a writer until it says that so many facts are kept; SIGKILL; the number it said."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), url, str(spool), boot, str(first)),
        stdout=asyncio.subprocess.PIPE,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
    )
    assert program.stdout is not None
    kept = 0
    async with asyncio.timeout(60):
        while kept < wanted:
            line = (await program.stdout.readline()).strip()
            kept = int(line) if line.isdigit() else kept  # the rest is its log
    program.kill()
    await program.communicate()
    return kept


@pytest.mark.parametrize("wanted", [1, 1_000])
async def test_nothing_kept_is_lost_and_nothing_is_doubled(
    database: Database, tmp_path: Path, clock: HandClock, wanted: int
) -> None:
    """Killed while writing to the database, and again while the database is away."""
    url = database.url.render_as_string(hide_password=False)
    first_kept = await killed_with(wanted, url, tmp_path, "first", 0)
    away = TableGone(database)
    await away.go()
    second_kept = await killed_with(wanted, url, tmp_path, "second", 1_000_000)
    await away.come_back()

    writer = JournalWriter(
        database.hops,
        Spool(tmp_path),
        projector=CallRecordProjector(),
        clock=clock,
        boot_id="third",
        back_off_s=(0.05,),
    )
    await writer.start(catch_up_s=30.0)
    await writer.stop()

    facts = await Journal(database.sessions).of_call(CallId("call-1"), limit=100_000)
    numbers = [int(fact.wrap_up_s) for fact in facts if isinstance(fact, WrapUpEnded)]
    before = [n for n in numbers if n < 1_000_000]
    after = [n for n in numbers if n >= 1_000_000]
    assert numbers == before + after
    assert before == list(range(len(before)))
    assert after == list(range(1_000_000, 1_000_000 + len(after)))
    assert len(before) >= first_kept
    assert len(after) >= second_kept
    record = await CallRecords(database.sessions).get(CallId("call-1"))
    assert (0.0 if record is None else record.wrap_up_s) == sum(numbers)
