"""An outside program that writes down what a caller has said; without it, or late, nothing is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Recognisers that run at a time; who is one more is not understood, and has the keys."""
MOST_TEXT = 300
"""Characters that are read of its answer."""


class Recogniser:
    """One process for each utterance, killed with its children when its time is over."""

    def __init__(self, command: str) -> None:
        self._command = shlex.split(command)
        self._running = 0

    @property
    def there(self) -> bool:
        return bool(self._command)

    async def heard(
        self, audio: Path, language: str, phrases: Sequence[str], deadline_s: float
    ) -> str:
        """What it prints, on one line; empty when it fails, is late, or too many run already."""
        if not self._command or self._running >= AT_ONCE:
            return ""
        self._running += 1
        try:
            with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as hints:
                hints.write("".join(f"{phrase}\n" for phrase in phrases))
                hints.flush()
                values = {"audio": str(audio), "language": language, "phrases_file": hints.name}
                return await self._run(
                    [_filled(part, values) for part in self._command], deadline_s
                )
        except OSError as error:
            log.error("recogniser.failed", why=str(error))
            return ""
        finally:
            self._running -= 1

    async def _run(self, command: Sequence[str], deadline_s: float) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(deadline_s):
                assert process.stdout is not None
                printed = await process.stdout.read(MOST_TEXT * 4)
                code = await process.wait()
        except TimeoutError:
            log.warning("recogniser.late", after_s=deadline_s)
            return ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if code != 0:
            log.error("recogniser.failed", why=f"it ended with {code}")
            return ""
        return " ".join(printed.decode("utf-8", "replace").split())[:MOST_TEXT]


def _filled(part: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        part = part.replace(f"{{{name}}}", value)
    return part
