"""Recordings finished: what MixMonitor left becomes a WAV with a checksum that the call points to.

Asterisk writes raw stereo (16 bit, 8 kHz, left the caller, right the agent), which no crash can
leave with a broken header. When the call is over the engine wraps it into a WAV beside it,
durably, tells the journal, and only then deletes the raw file; so a crash at any point loses
nothing, and ``unfinished`` finds at the next start what is still to be done: again, with the same
result. (Asterisk: MixMonitor, option D.)
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ccengine.asterisk.events import call_id_of
from ccengine.ids import CallId

RATE_HZ = 8_000
CHANNELS = 2
BYTES_A_SECOND = RATE_HZ * CHANNELS * 2
SETTLE_EVERY_S = 0.2
SETTLE_MOST_S = 10.0


class NothingRecordedError(Exception):
    """There is no file, or it is empty: nobody was connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A finished recording. ``path`` is relative to the recordings folder."""

    path: str
    sha256: str
    duration_s: float
    size: int


def raw_file(folder: Path, call_id: CallId, arrived_at: float) -> Path:
    """Where Asterisk records a call: a folder a day (UTC), the call's id as name."""
    day = datetime.fromtimestamp(arrived_at, UTC).strftime("%Y-%m-%d")
    return folder.resolve() / day / f"{call_id}.raw"


def unfinished(folder: Path) -> Iterator[tuple[CallId, Path]]:
    """Raw files that were left behind, each with its call. What is not named by a call is not ours.

    The paths are absolute, as those of ``raw_file``.
    """
    for raw in sorted(folder.resolve().glob("*/*.raw")):
        call_id = call_id_of(raw.stem)
        if call_id is not None:
            yield call_id, raw


async def finish(folder: Path, raw: Path, channels: int = CHANNELS) -> Recording:
    """Wait until Asterisk has written all, then make the WAV; ``discard`` the raw file after it.

    Raises:
        NothingRecordedError: no file came, or it stayed empty.
        OSError: the disk is full or the folder cannot be written.
    """
    await _settled(raw)
    return await asyncio.to_thread(wrap, folder, raw, channels)


async def discard(raw: Path) -> None:
    """Delete the raw file: its WAV is whole and the journal knows of it. Raises OSError."""
    await asyncio.to_thread(raw.unlink, missing_ok=True)


async def _settled(raw: Path) -> None:
    """MixMonitor closes its file a moment after the channel's end; no event tells when."""
    before = -1
    waited_s = 0.0
    while waited_s < SETTLE_MOST_S:
        size = await asyncio.to_thread(_size, raw)
        if size == before:
            return
        before = size
        await asyncio.sleep(SETTLE_EVERY_S)
        waited_s += SETTLE_EVERY_S


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def wrap(folder: Path, raw: Path, channels: int = CHANNELS) -> Recording:
    """Make the WAV of a raw file that is whole. Blocks; raises as ``finish``."""
    folder = folder.resolve()
    final = raw.with_suffix(".wav")
    size = _size(raw)
    frame = channels * 2
    if size < frame:
        if final.exists():
            return _described(folder, final)
        raw.unlink(missing_ok=True)
        raise NothingRecordedError(raw.name)
    half = raw.with_suffix(".part")
    frames = size // frame
    with raw.open("rb") as source, half.open("wb") as target:
        with wave.open(target, "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(RATE_HZ)
            out.setnframes(frames)
            while block := source.read(1 << 20):
                out.writeframesraw(block[: len(block) - len(block) % frame])
        target.flush()
        os.fsync(target.fileno())
    shutil.copymode(raw, half)
    half.replace(final)
    return _described(folder, final)


def _described(folder: Path, final: Path) -> Recording:
    digest = hashlib.sha256()
    with final.open("rb") as source:
        while block := source.read(1 << 20):
            digest.update(block)
    with wave.open(str(final), "rb") as sound:
        duration_s = sound.getnframes() / sound.getframerate()
    return Recording(
        path=str(final.relative_to(folder)),
        sha256=digest.hexdigest(),
        duration_s=round(duration_s, 3),
        size=final.stat().st_size,
    )
