"""Keeps each input of the ACD with its answer, without ever holding a decision up.

``keep`` only notes what was said: inputs and answers never change once made. A thread of its own
turns them into lines and writes them a few times a second. Nothing is lost in silence: after a
gap (disk full or broken, more inputs than it can take) a new file begins with the ACD as it is
then, and says how many are missing.

What a kill of the engine leaves is whole up to the last writing; after a power cut the last
seconds may be missing, since nothing waits for the disk.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import structlog

from ccengine.acd.core import Acd
from ccengine.acd.inputs import Input, RulesReplaced
from ccengine.acd.rules import AcdRules
from ccengine.replay.codec import Answer, UnwritableInputError, encode_answer, encode_input
from ccengine.replay.file import SUFFIX, Header, end_bytes, head_bytes, line_bytes, lost_bytes
from ccengine.replay.retention import prune
from ccengine.replay.saved import save

log = structlog.get_logger(__name__)

GATHER_S = 0.05
"""What was said waits so long for company before it is written."""
FILE_BYTES = 50 * 1024 * 1024
FILE_S = 3600.0
PENDING = 50_000
"""Inputs in memory at most: some seconds of the largest centre."""
COPY_SHARE = 10_000
"""A full file is followed by a new one no sooner than so many times what copying the ACD took."""
RETRY_S = 10.0
"""From a failed writing to the next attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one folder of journal files. Whatever is reached first lets the oldest go."""

    days: float = 14.0
    total_bytes: int = 2 * 1024**3
    file_bytes: int = FILE_BYTES
    file_s: float = FILE_S
    pending: int = PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begin:
    header: Header
    rules: AcdRules
    copy: bytes | None
    """The ACD, pickled: for this process alone, never stored. None: it remembers nothing yet."""


@dataclass(frozen=True, slots=True)
class _Said:
    at: float
    said: Input
    answer: Answer


class AcdJournal:
    """The journal of one ACD that has not been told anything yet.

    ``rules``: those the ACD was made with. ``now``: the engine's clock.
    """

    def __init__(
        self,
        acd: Acd,
        rules: AcdRules,
        *,
        folder: Path,
        boot: str,
        now: Callable[[], float],
        limits: Limits | None = None,
    ) -> None:
        self._acd = acd
        self._boot = boot
        self._now = now
        self._limits = limits or Limits()
        self._disk = _Disk(folder, self._limits)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="acd-journal")
        self._pending: list[_Begin | _Said] = []
        self._writing: asyncio.Task[None] | None = None
        self._started = self._stopped = False
        self._rules = rules
        self._part = 0
        self._began_at = 0.0
        self._copy_s = 0.0
        self._lost = 0
        """Kept nowhere since the last file."""
        self._retry_at: float | None = None
        """There is a gap: nothing is kept before a new file begins, and none before this."""
        self._begin("start", now(), empty=True)

    @property
    def lost(self) -> int:
        """Inputs since the last file that were kept nowhere; 0: all is well."""
        return self._lost

    def start(self) -> None:
        """From now on there is an event loop to write in."""
        self._started = True
        self._write_soon()

    def keep(self, at: float, said: Input, answer: Answer) -> None:
        """Called after each input, with what followed from it. Never fails, never waits."""
        if self._stopped:
            return
        if isinstance(said, RulesReplaced):
            self._rules = said.rules
        if self._retry_at is not None:
            self._lost += 1
            if at < self._retry_at or self._pending:
                return
            self._begin("lost", at)
        elif len(self._pending) >= self._limits.pending:
            self._gap(at, "more inputs than can be written")
            self._lost += 1
        else:
            self._pending.append(_Said(at, said, answer))
            if self._is_full(at):
                self._begin("full", at)
        if self._started and self._writing is None:
            self._write_soon()

    async def stop(self) -> None:
        """Write what is left and close the file. Nothing is kept any more."""
        if self._stopped:
            return
        self._stopped = True
        if self._writing is not None:
            await self._writing
        loop = asyncio.get_running_loop()
        pending, self._pending = self._pending, []
        end_at = None if self._retry_at is not None else self._now()
        try:
            await loop.run_in_executor(self._thread, self._disk.close, pending, end_at)
        except Exception as error:  # noqa: BLE001 - told; the engine's end goes on
            log.error("acd_journal.not_closed", why=f"{type(error).__name__}: {error}")
        finally:
            self._thread.shutdown(wait=False)

    def _is_full(self, at: float) -> bool:
        age_s = at - self._began_at
        long = self._disk.size >= self._limits.file_bytes or age_s >= self._limits.file_s
        return long and age_s >= COPY_SHARE * self._copy_s

    def _begin(self, because: str, at: float, *, empty: bool = False) -> None:
        """A new file, with the ACD as it is now at its head."""
        began = time.perf_counter()
        try:
            copy = None if empty else pickle.dumps(self._acd, pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # noqa: BLE001 - told; calls are worth more than their journal
            self._gap(at + FILE_S, f"the ACD cannot be copied: {error!r}")
            return
        self._copy_s = time.perf_counter() - began
        self._part += 1
        self._began_at = at
        rules = self._rules
        header = Header(
            boot=self._boot,
            part=self._part,
            began_at=at,
            seed=rules.seed,
            rules=rules.version,
            because=because,
            lost=self._lost,
        )
        self._pending.append(_Begin(header=header, rules=rules, copy=copy))
        self._disk.size = 0
        self._lost, self._retry_at = 0, None

    def _gap(self, at: float, why: str) -> None:
        if self._retry_at is None:
            log.error("acd_journal.gap", why=why)
        self._retry_at = at + RETRY_S

    def _write_soon(self) -> None:
        self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        """A round or more, until nothing is left."""
        loop = asyncio.get_running_loop()
        try:
            while self._pending:
                if not self._stopped:
                    await asyncio.sleep(GATHER_S)
                pending, self._pending = self._pending, []
                try:
                    bad = await loop.run_in_executor(self._thread, self._disk.write, pending)
                except Exception as error:  # noqa: BLE001 - told, and the ACD goes on without
                    dropped = [one for one in (*pending, *self._pending) if isinstance(one, _Said)]
                    self._pending.clear()
                    self._lost += len(dropped)
                    self._gap(self._now(), f"{type(error).__name__}: {error}")
                else:
                    if bad:
                        self._gap(self._now(), bad)
        finally:
            self._writing = None


class _Disk:
    """The file being written. Used by the journal's thread alone, but for ``size``."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._file: BinaryIO | None = None
        self.size = 0

    def write(self, pending: list[_Begin | _Said]) -> str:
        """Empty, or why one of them could not be kept. Raises OSError, UnsavableError."""
        lines: list[bytes] = []
        bad = ""
        for one in pending:
            if isinstance(one, _Begin):
                if self._file is not None:
                    lines.append(end_bytes(one.header.began_at))
                self._put(lines)
                lines = [self._open(one)]
                continue
            try:
                body = encode_input(one.said)
                answer = encode_answer(one.answer)
            except UnwritableInputError as error:
                bad = str(error)
                lines.append(lost_bytes(one.at, bad))
                continue
            lines.append(line_bytes(one.at, type(one.said).__name__, body, answer))
        self._put(lines)
        return bad

    def close(self, pending: list[_Begin | _Said], at: float | None) -> None:
        """``at``: when the journal ended; None: its file has a gap, and no end. Raises OSError."""
        try:
            self.write(pending)
            if at is not None and self._file is not None:
                self._put([end_bytes(at)])
        finally:
            self._drop()

    def _open(self, begin: _Begin) -> bytes:
        """The head of the new file, yet to be written."""
        self._drop()
        state = None if begin.copy is None else save(pickle.loads(begin.copy))
        head = head_bytes(begin.header, begin.rules, state)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / file_name(begin.header)
        prune(self._folder, days=self._limits.days, total_bytes=self._limits.total_bytes)
        # Callers' numbers stand in it: nobody else is to read it.
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 0)
        self.size = 0
        return head

    def _put(self, lines: list[bytes]) -> None:
        if not lines or self._file is None:
            return
        data = memoryview(b"".join(lines))
        try:
            while data:
                written = self._file.write(data)
                self.size += written
                data = data[written:]
        except OSError:
            self._drop()  # its last line may be torn: nothing may follow it
            raise

    def _drop(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def file_name(header: Header) -> str:
    """Sorted by name they are sorted by time."""
    began = datetime.fromtimestamp(header.began_at, UTC)
    return f"acd-{began:%Y%m%dT%H%M%SZ}-{header.boot}-{header.part:04d}{SUFFIX}"
