"""The engine's own writing: nothing is lost in silence, and no decision waits for the disk."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ccengine.acd.core import Acd
from ccengine.acd.inputs import Join, NotReady, SignIn
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.replay import writer
from ccengine.replay.codec import Answer
from ccengine.replay.file import JournalFile
from ccengine.replay.retention import files, prune
from ccengine.replay.run import Ending, Replayed, replay
from ccengine.replay.writer import AcdJournal, Limits
from tests.rules.replay.kept import Said, walk

SEED = 11


class Engine:
    """An ACD and its journal, told a walk."""

    def __init__(self, folder: Path, limits: Limits | None = None, seed: int = SEED) -> None:
        self.folder = folder
        self.rules, self.said = walk(seed, steps=200)
        self.now = self.said[0][0]
        self.acd = Acd(self.rules, boot="b")
        self.journal = AcdJournal(
            self.acd,
            self.rules,
            folder=folder,
            boot="b",
            now=lambda: self.now,
            limits=limits,
        )
        self.journal.start()

    def tell(self, said: Said) -> None:
        for at, one in said:
            self.now = max(self.now, at)
            self.journal.keep(at, one, self.acd.handle(one, at))

    async def written(self) -> None:
        """All that was kept up to now is on the disk, or known as lost."""
        if self.journal._writing is not None:
            await self.journal._writing

    def files(self) -> list[tuple[JournalFile, Replayed]]:
        read = []
        for path in files(self.folder):
            with JournalFile(path) as file:
                read.append((file, replay(file)))
        assert all(done.difference is None for _, done in read)
        return read


async def test_what_was_told_runs_again(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "acd")
    engine.tell(engine.said)
    await engine.journal.stop()
    ((file, done),) = engine.files()
    assert done.inputs == len(engine.said)
    assert done.ending is Ending.CLOSED
    assert (file.header.boot, file.header.part, file.header.because) == ("b", 1, "start")
    assert engine.journal.lost == 0


async def test_only_the_engine_reads_it(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "acd")
    await engine.journal.stop()
    (path,) = files(engine.folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(engine.folder.stat().st_mode) == 0o700


async def test_a_killed_engine_leaves_what_was_written(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "acd")
    engine.tell(engine.said)
    await engine.written()
    ((_, done),) = engine.files()  # not stopped
    assert (done.inputs, done.ending) == (len(engine.said), Ending.CUT)
    await engine.journal.stop()


async def test_each_file_of_many_stands_alone(tmp_path: Path) -> None:
    """Given files that are full soon, when a walk is told, then each runs again by itself."""
    engine = Engine(tmp_path / "acd", Limits(file_s=15.0))
    half = len(engine.said) // 2
    engine.tell(engine.said[:half])
    await engine.written()
    engine.tell(engine.said[half:])
    await engine.journal.stop()
    read = engine.files()
    assert len(read) > 2
    assert sum(done.inputs for _, done in read) == len(engine.said)
    assert all(done.ending is Ending.CLOSED for _, done in read)
    assert [file.header.part for file, _ in read] == list(range(1, len(read) + 1))
    assert {file.header.because for file, _ in read[1:]} == {"full"}
    assert all(file.header.lost == 0 for file, _ in read)


async def test_a_file_that_is_long_enough_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "COPY_SHARE", 0)
    engine = Engine(tmp_path / "acd", Limits(file_bytes=5_000))
    for begin in range(0, len(engine.said), 20):
        engine.tell(engine.said[begin : begin + 20])
        await engine.written()
    await engine.journal.stop()
    assert len(files(engine.folder)) > 3
    assert sum(done.inputs for _, done in engine.files()) == len(engine.said)


def failing(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> tuple[Callable[[], None], Callable[[], None]]:
    """The disk fails from now on with this error; and works again."""
    put = writer._Disk._put
    state = {"broken": False}

    def broken(disk: writer._Disk, lines: list[bytes]) -> None:
        if state["broken"] and lines:
            disk._drop()
            raise OSError(number, "the disk says no")
        put(disk, lines)

    monkeypatch.setattr(writer._Disk, "_put", broken)
    return (lambda: state.update(broken=True), lambda: state.update(broken=False))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
async def test_a_disk_that_fails_and_mends_leaves_a_gap_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    breaks, mends = failing(monkeypatch, number)
    engine = Engine(tmp_path / "acd")
    third = len(engine.said) // 3
    engine.tell(engine.said[:third])
    await engine.written()
    breaks()
    engine.tell(engine.said[third : 2 * third])
    await engine.written()
    assert engine.journal.lost == third
    mends()
    later = [(at + 2 * writer.RETRY_S, one) for at, one in engine.said[2 * third :]]
    engine.tell(later)
    await engine.journal.stop()

    (_, before), (file, after) = engine.files()
    assert (before.inputs, before.ending) == (third, Ending.CUT)
    assert file.header.because == "lost"
    assert file.header.lost == third + 1  # the one that found the disk mended stands in the state
    assert after.inputs == len(later) - 1
    assert after.ending is Ending.CLOSED


async def test_a_folder_that_cannot_be_made_does_not_disturb_the_acd(tmp_path: Path) -> None:
    (tmp_path / "acd").write_text("a file")
    engine = Engine(tmp_path / "acd" / "journal")
    engine.tell(engine.said)
    await engine.written()
    assert engine.journal.lost == len(engine.said)
    await engine.journal.stop()


async def test_more_than_can_be_written_is_told(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "acd", Limits(pending=50))
    engine.tell(engine.said)
    assert engine.journal.lost == len(engine.said) - 49  # with the head there are 50
    await engine.written()
    at = engine.now + writer.RETRY_S
    engine.tell([(at, SignIn(agent_id=AgentId("ann"))), (at, SignIn(agent_id=AgentId("bob")))])
    await engine.journal.stop()
    (_, first), (file, second) = engine.files()
    assert first.inputs == 49
    assert file.header.lost == len(engine.said) - 48
    assert second.inputs == 1


@pytest.mark.parametrize(
    "bad",
    [
        NotReady(agent_id=AgentId("ann"), reason="\ud83d"),
        Join(call_id=CallId("x"), queue=QueueId("sales"), queued_at=float("nan")),
    ],
    ids=["half a character", "no number"],
)
async def test_an_input_that_cannot_be_kept_is_marked_and_a_new_file_begins(
    tmp_path: Path, bad: NotReady | Join
) -> None:
    engine = Engine(tmp_path / "acd")
    engine.tell(engine.said[:30])
    answer: Answer = []
    engine.journal.keep(engine.now, bad, answer)
    engine.tell(engine.said[30:60])
    await engine.written()
    later = [(at + 2 * writer.RETRY_S, one) for at, one in engine.said[60:]]
    engine.tell(later)
    await engine.journal.stop()
    (_, first), (file, second) = engine.files()
    assert (first.inputs, first.ending) == (30, Ending.LOST)
    assert file.header.because == "lost"
    assert second.inputs == len(later) - 1


async def test_after_the_end_nothing_is_kept(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "acd")
    await engine.journal.stop()
    engine.tell(engine.said)
    await engine.journal.stop()
    ((_, done),) = engine.files()
    assert done.inputs == 0


def test_old_files_and_too_many_go_oldest_first(tmp_path: Path) -> None:
    for day in range(5):
        path = tmp_path / f"acd-2026010{day}T000000Z-b-0001.jsonl"
        path.write_bytes(b"x" * 1_000)
    (tmp_path / "notes.txt").write_text("not ours")
    prune(tmp_path, days=1.0, total_bytes=3_000)
    assert [path.name[:12] for path in files(tmp_path)] == [f"acd-2026010{n}" for n in (2, 3, 4)]
    prune(tmp_path, days=0.0, total_bytes=10**9)
    assert files(tmp_path) == []
    assert (tmp_path / "notes.txt").exists()
