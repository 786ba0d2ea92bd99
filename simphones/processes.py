"""Starts processes that die with this program, and ends those and no others."""

from __future__ import annotations

import asyncio
import contextlib

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: however this program ends, no phone rings on without it."""


async def end(process: asyncio.subprocess.Process, *, patience: float = 2.0) -> int:
    """Asks it to stop, then stops it; returns its exit code."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(patience):
                return await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    return await process.wait()
