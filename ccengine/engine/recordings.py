"""Recordings of calls that are over, finished in the background, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import structlog

from ccengine.calls import recording
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.parts import Floor
from ccengine.ids import CallId
from ccengine.journal.facts import RecordingMissing, RecordingStored

log = structlog.get_logger(__name__)

AT_ONCE = 2


class Recordings:
    """Each raw file becomes a stored recording, or a fact says why not."""

    def __init__(self, floor: Floor, calls: LiveCalls, folder: Path) -> None:
        self._floor = floor
        self._calls = calls
        self._folder = folder
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    def call_over(self, call: LiveCall) -> None:
        """Called once for each call that ended."""
        if call.queue is None or not call.may_be_recorded:
            return
        raw = recording.raw_file(self._folder, call.call_id, call.arrived_at)
        self._start(call.call_id, raw, expected=call.served)

    async def finish_left_behind(self, alive: Collection[CallId]) -> None:
        """What an engine before this one had no time to finish.

        ``alive``: calls that Asterisk still has. Their recorders write on, whoever holds them.
        """
        left = await asyncio.to_thread(lambda: list(recording.unfinished(self._folder)))
        for call_id, raw in left:
            if call_id not in alive and self._calls.get(call_id) is None:
                self._start(call_id, raw, expected=False)

    def _start(self, call_id: CallId, raw: Path, *, expected: bool) -> None:
        task = asyncio.create_task(self._finish(call_id, raw, expected=expected))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _finish(self, call_id: CallId, raw: Path, *, expected: bool) -> None:
        async with self._slots:
            try:
                done = await recording.finish(self._folder, raw)
            except recording.NothingRecordedError:
                if expected:
                    self._missing(call_id, raw, "Asterisk wrote nothing")
                return
            except OSError as error:
                self._missing(call_id, raw, str(error))
                return
        self._floor.record(
            RecordingStored(
                at=self._floor.clock.now(),
                call_id=call_id,
                path=done.path,
                sha256=done.sha256,
                duration_s=done.duration_s,
                bytes=done.size,
            )
        )
        try:
            await recording.discard(raw)
        except OSError as error:
            log.error("recording.raw_stays", call_id=call_id, why=str(error))

    def _missing(self, call_id: CallId, raw: Path, why: str) -> None:
        log.error("recording.missing", call_id=call_id, why=why)
        self._floor.record(
            RecordingMissing(at=self._floor.clock.now(), call_id=call_id, path=raw.name, why=why)
        )

    async def stop(self, deadline_s: float) -> None:
        """Let what runs finish; what does not is found at the next start."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=deadline_s)
        for task in list(self._running):
            task.cancel()
