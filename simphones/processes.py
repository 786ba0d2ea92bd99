"""Starts processes that die with this program, and ends those and no others."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: however this program ends, no phone rings on without it."""


async def end(process: asyncio.subprocess.Process, *, patience: float = 2.0) -> int:
    """Waits for an end that was asked for, then asks again, then forces; returns the exit code."""
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            break
        if number is not None:
            # Not by Process.terminate: it may reap the process under asyncio's nose.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                return await process.wait()
    return await process.wait()
