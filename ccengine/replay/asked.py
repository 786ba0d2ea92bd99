"""Why, asked for from a page: the replay runs in a process of its own, off the calls' loop.

Few at a time, gently, with a deadline: who asks may wait, who calls may not.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

import structlog

from ccengine.ids import CallId

log = structlog.get_logger(__name__)

AT_ONCE = 1
WAITING = 4
"""Beyond so many who wait for their turn one is told to come again."""
DEADLINE_S = 25.0
ANSWER_BYTES = 8 * 1024 * 1024
COMPLAINT_BYTES = 4096
UNKNOWN = 1
"""The command's exit code for a call that the journal does not know."""


class WhyUnknownError(LookupError):
    """The journal does not know this call: never in a queue, or of a time that is gone."""


class WhyBusyError(Exception):
    """Others are being answered."""


class WhyFailedError(Exception):
    """A file cannot be read, or the replay takes too long or says too much."""


class WhyProcess:
    """Asks ``ccengine why`` about calls of this folder."""

    def __init__(self, folder: Path, *, deadline_s: float = DEADLINE_S) -> None:
        self._folder = folder
        self._deadline_s = deadline_s
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._asking = 0

    async def ask(self, call_id: CallId, since: float, until: float | None) -> bytes:
        """JSON, ``CallWhy`` of docs/API.md. ``since``, ``until``: when the call lived.

        Raises WhyUnknownError, WhyBusyError, WhyFailedError.
        """
        if self._asking >= AT_ONCE + WAITING:
            raise WhyBusyError
        self._asking += 1
        try:
            async with asyncio.timeout(self._deadline_s), self._slots:
                return await self._run(call_id, since, until)
        except TimeoutError:
            log.warning("why.timed_out", call_id=call_id)
            raise WhyFailedError("timed out") from None
        finally:
            self._asking -= 1

    async def _run(self, call_id: CallId, since: float, until: float | None) -> bytes:
        lived = ["--since", repr(since), *([] if until is None else ["--until", repr(until)])]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ccengine.cli.main", "why", "--json", "--gently"),
            *("--folder", str(self._folder), *lived, "--", call_id),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            said, complaint = await asyncio.gather(
                _at_most(process.stdout, ANSWER_BYTES, process),
                _at_most(process.stderr, COMPLAINT_BYTES, process),
            )
            code = await process.wait()
        finally:
            if process.returncode is None:
                _kill(process)
                # asyncio calls a process over only when all it said has been read.
                await asyncio.gather(
                    _at_most(process.stdout, 0, process), _at_most(process.stderr, 0, process)
                )
                await process.wait()
        if code == UNKNOWN:
            raise WhyUnknownError(call_id)
        if code != 0 or said is None:
            why = (complaint or b"it says too much").decode("utf-8", "replace")
            log.warning("why.failed", call_id=call_id, code=code, why=why)
            raise WhyFailedError(why)
        return said


async def _at_most(
    stream: asyncio.StreamReader, most: int, process: asyncio.subprocess.Process
) -> bytes | None:
    """All of it; None, and the process is ended, when it is more."""
    parts, size = [], 0
    while part := await stream.read(65_536):
        size += len(part)
        if size <= most:
            parts.append(part)
        else:
            _kill(process)
    return b"".join(parts) if size <= most else None


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
