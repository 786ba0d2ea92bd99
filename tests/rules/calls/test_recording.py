"""What MixMonitor left becomes a WAV: whole, odd, empty, cut by a crash at each step."""

# ruff: noqa: ASYNC240 - the files of these tests are small

from __future__ import annotations

import asyncio
import hashlib
import wave
from pathlib import Path

import pytest

from ccengine.calls import recording
from ccengine.calls.live import LiveCalls
from ccengine.calls.parts import Floor
from ccengine.calls.recording import NothingRecordedError, discard, finish, raw_file, unfinished
from ccengine.engine.recordings import Recordings
from ccengine.ids import CallId
from ccengine.journal.facts import Fact, RecordingMissing, RecordingStored
from tests.kit.quick_time import LoopClock

CALL = CallId("0f8fad5b-d9cb-469f-a165-70867728950e")
SECOND = bytes(range(256)) * 125


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "SETTLE_EVERY_S", 0.001)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    file = raw_file(tmp_path, CALL, 1_795_000_000.0)
    assert file == tmp_path.resolve() / "2026-11-18" / f"{CALL}.raw"
    file.parent.mkdir()
    return file


async def test_a_recording_is_wrapped_and_described(tmp_path: Path, raw: Path) -> None:
    raw.write_bytes(SECOND * 3)
    raw.chmod(0o640)
    done = await finish(tmp_path, raw)
    wav = tmp_path / done.path
    assert done.path == f"2026-11-18/{CALL}.wav"
    assert done.duration_s == 3.0
    assert done.size == wav.stat().st_size
    assert done.sha256 == hashlib.sha256(wav.read_bytes()).hexdigest()
    assert wav.stat().st_mode & 0o777 == 0o640
    with wave.open(str(wav), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 8_000)
        assert sound.readframes(sound.getnframes()) == SECOND * 3
    assert raw.exists(), "it goes when the journal knows of the recording"
    await discard(raw)
    await discard(raw)
    assert list(raw.parent.iterdir()) == [wav]


@pytest.mark.parametrize("odd", [1, 2, 3])
async def test_half_a_sample_at_the_end_is_left_out(tmp_path: Path, raw: Path, odd: int) -> None:
    """Asterisk was killed in the middle of a write."""
    raw.write_bytes(SECOND + b"x" * odd)
    done = await finish(tmp_path, raw)
    assert done.duration_s == 1.0
    with wave.open(str(tmp_path / done.path), "rb") as sound:
        assert sound.readframes(sound.getnframes()) == SECOND


async def test_a_long_one_is_read_piece_by_piece(tmp_path: Path, raw: Path) -> None:
    raw.write_bytes(SECOND * 70 + b"xyz")
    assert (await finish(tmp_path, raw)).duration_s == 70.0


@pytest.mark.parametrize("size", [None, 0, 1, 3])
async def test_nothing_recorded_is_said_so(tmp_path: Path, raw: Path, size: int | None) -> None:
    if size is not None:
        raw.write_bytes(b"x" * size)
    with pytest.raises(NothingRecordedError):
        await finish(tmp_path, raw)
    assert list(raw.parent.iterdir()) == []


async def test_after_a_crash_at_any_step_it_is_done_again_alike(tmp_path: Path, raw: Path) -> None:
    raw.write_bytes(SECOND)
    first = await finish(tmp_path, raw)
    wav = tmp_path / first.path
    # fallen before the WAV had its name: a piece of it is there
    wav.rename(raw.with_suffix(".part"))
    raw.with_suffix(".part").write_bytes(b"RIFF")
    assert await finish(tmp_path, raw) == first
    # fallen before the raw file was deleted
    assert [found for found, _ in unfinished(tmp_path)] == [CALL]
    assert await finish(tmp_path, raw) == first
    # fallen after it
    raw.unlink()
    assert await finish(tmp_path, raw) == first
    assert list(raw.parent.iterdir()) == [wav]


async def test_it_waits_until_asterisk_has_written_all(tmp_path: Path, raw: Path) -> None:
    raw.write_bytes(SECOND)
    sizes = iter([len(SECOND), 2 * len(SECOND), 3 * len(SECOND), 3 * len(SECOND)])
    grown: list[int] = []

    def growing(file: Path) -> int:
        size = next(sizes, file.stat().st_size)
        file.write_bytes(SECOND * (size // len(SECOND)))
        grown.append(size)
        return size

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "_size", growing)
        done = await finish(tmp_path, raw)
    assert done.duration_s == 3.0
    assert len(grown) == 5


async def test_a_disk_that_refuses_is_no_recording_and_loses_nothing(
    tmp_path: Path, raw: Path
) -> None:
    raw.write_bytes(SECOND)
    raw.with_suffix(".part").mkdir()
    with pytest.raises(OSError, match=r"\.part"):
        await finish(tmp_path, raw)
    assert raw.read_bytes() == SECOND
    raw.with_suffix(".part").rmdir()
    assert (await finish(tmp_path, raw)).duration_s == 1.0


def test_only_files_that_a_call_names_are_ours(tmp_path: Path) -> None:
    day = tmp_path / "2026-11-18"
    day.mkdir()
    for name in ("x.raw", f"{CALL}.wav", f"{CALL}.raw.bak", "..raw", f"{CALL.upper()}.raw"):
        (day / name).touch()
    (day / f"{CALL}.raw").touch()
    (tmp_path / f"{CALL}.raw").touch()
    assert list(unfinished(tmp_path)) == [(CALL, (day / f"{CALL}.raw").resolve())]
    assert list(unfinished(tmp_path / "not there")) == []


class Told:
    """The little of the floor that recordings need."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.clock = LoopClock()

    def record(self, *facts: Fact) -> None:
        self.facts.extend(facts)


def _recordings(told: Told, folder: Path) -> Recordings:
    floor: Floor = told  # type: ignore[assignment]
    return Recordings(floor, LiveCalls(), folder)


async def test_what_was_left_behind_is_finished_also_below_a_relative_folder(
    tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's home is ``.var`` unless somebody says otherwise."""
    raw.write_bytes(SECOND)
    monkeypatch.chdir(tmp_path.parent)
    told = Told()
    recordings = _recordings(told, Path(tmp_path.name))
    await recordings.finish_left_behind(alive=())
    await recordings.stop(5)
    (stored,) = told.facts
    assert isinstance(stored, RecordingStored)
    assert (stored.path, stored.duration_s) == (f"2026-11-18/{CALL}.wav", 1.0)
    assert not raw.exists()


async def test_a_call_that_still_talks_is_left_to_asterisk(tmp_path: Path, raw: Path) -> None:
    """The engine fell, the talk went on: its recorder writes into that very file."""
    raw.write_bytes(SECOND)
    told = Told()
    recordings = _recordings(told, tmp_path)
    await recordings.finish_left_behind(alive={CALL})
    await recordings.stop(5)
    assert told.facts == []
    assert raw.exists()


async def test_a_disk_that_refuses_is_told_and_tried_again_at_the_next_start(
    tmp_path: Path, raw: Path
) -> None:
    raw.write_bytes(SECOND)
    raw.with_suffix(".part").mkdir()
    told = Told()
    recordings = _recordings(told, tmp_path)
    await recordings.finish_left_behind(alive=())
    await recordings.stop(5)
    (missing,) = told.facts
    assert isinstance(missing, RecordingMissing)
    raw.with_suffix(".part").rmdir()
    await recordings.finish_left_behind(alive=())
    await recordings.stop(5)
    assert isinstance(told.facts[-1], RecordingStored)


async def test_stopping_does_not_wait_for_ever(
    tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.write_bytes(SECOND)
    monkeypatch.setattr(recording, "SETTLE_EVERY_S", 60.0)
    told = Told()
    recordings = _recordings(told, tmp_path)
    await recordings.finish_left_behind(alive=())
    async with asyncio.timeout(5):
        await recordings.stop(0.01)
    assert told.facts == []
    assert raw.exists()
