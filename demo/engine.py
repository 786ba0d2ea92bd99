"""The engine as a process of its own, as a service would run it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp

from ccengine.settings import Settings
from demo.place import PROJECT, environment_of
from simphones.processes import end

_START_LIMIT = 120.0
"""The first start renders every prompt."""
_STOP_LIMIT = 20.0
_LAST_WORDS = 3_000


class EngineDidNotStart(Exception):
    """It ended, or was not well in time; the text holds its last words."""


class EngineProcess:
    """``ccengine run --asterisk``; what it says goes to ``log``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.log = settings.home / "engine.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, progress: Callable[[str], None]) -> None:
        """Returns when ``/healthz`` says ok. Raises ``EngineDidNotStart``.

        ``progress`` is told what the engine is at, in its own words, when that changes.
        """
        with self.log.open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                # TERM, not KILL: it has an Asterisk to stop. It dies with the demo in any case.
                *("setpriv", "--pdeathsig", "TERM"),
                *(sys.executable, "-m", "ccengine", "run", "--asterisk"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=PROJECT,
                env=os.environ | environment_of(self._settings),
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(_START_LIMIT):
                await self._until_well(progress)
        except TimeoutError:
            raise EngineDidNotStart(
                f"not ready after {_START_LIMIT:g} s:\n{self._last_words()}"
            ) from None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def died(self) -> str:
        """Waits for an end nobody asked for; returns its last words."""
        if self._process is None:
            raise RuntimeError("the engine was not started")
        code = await self._process.wait()
        return f"the engine ended with {code}:\n{self._last_words()}"

    async def stop(self) -> None:
        """Stops the engine and with it its Asterisk, in order; by force when it takes too long."""
        if self._process is None or self._process.returncode is not None:
            return
        # Not by Process.terminate: it may reap the process under asyncio's nose.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGTERM)
        await end(self._process, patience=_STOP_LIMIT)

    async def _until_well(self, progress: Callable[[str], None]) -> None:
        assert self._process is not None
        told = ""
        deadline = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=deadline) as client:
            while True:
                if self._process.returncode is not None:
                    raise EngineDidNotStart(self._last_words())
                try:
                    async with client.get(f"{self._settings.url}/healthz") as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass  # not yet
                step = self._step()
                if step != told:
                    told = step
                    progress(step)
                await asyncio.sleep(0.1)

    def _step(self) -> str:
        """The last step of the start that the log tells of."""
        steps = re.findall(r"step='([^']*)'", self._last_words())
        return steps[-1] if steps else ""

    def _last_words(self) -> str:
        return _tail(self.log)


def _tail(file: Path) -> str:
    return file.read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace")
