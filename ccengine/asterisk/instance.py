"""One running Asterisk that belongs to this engine: started, asked and stopped by us."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import structlog

from ccengine.asterisk.config import AsteriskLayout

log = structlog.get_logger(__name__)

_LAST_WORDS = 4_000


class AsteriskDidNotStart(Exception):
    """Asterisk ended or did not become ready in time; ``output`` is what it said last."""

    def __init__(self, why: str, output: str) -> None:
        self.why = why
        self.output = output
        super().__init__(f"Asterisk did not start: {why}\n{output}".rstrip())


class AsteriskCliError(Exception):
    """The control socket did not answer a command."""

    def __init__(self, command: str, said: str) -> None:
        self.command = command
        self.said = said
        super().__init__(f"Asterisk did not answer {command!r}: {said}")


class Asterisk:
    """The configuration must have been written before (``ccengine.asterisk.config.write``).

    It runs as the engine's own user: recordings are written by one and finished by the other.
    """

    def __init__(self, layout: AsteriskLayout) -> None:
        self.layout = layout
        self._process: asyncio.subprocess.Process | None = None
        self._found: int | None = None
        """Pid of one that an engine before this one had started, and that still runs."""

    @property
    def pid(self) -> int | None:
        """Of the process that we started or found, while it runs."""
        if self._found is not None:
            return self._found if self._is_ours(self._found) else None
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def find_running(self) -> bool:
        """Whether our Asterisk still runs from before: its calls outlive an engine that fell."""
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.layout.run / "asterisk.pid").read_text("ascii"))
            if self._is_ours(pid):
                with contextlib.suppress(AsteriskCliError):
                    await self.cli("core waitfullybooted")
                    self._found = pid
                    log.info("asterisk.found", pid=pid)
        return self._found is not None

    def _is_ours(self, pid: int) -> bool:
        """The process is an Asterisk with this very configuration, and no zombie."""
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return str(self.layout.config_file).encode() in command.split(b"\0")

    async def start(self, deadline: float = 20.0) -> None:
        """Starts it and waits until it is fully booted. Raises ``AsteriskDidNotStart``."""
        if self.pid is not None:
            return
        output = self.layout.log / "console.log"
        output.parent.mkdir(parents=True, exist_ok=True)
        messages = self.layout.log / "messages.log"
        said_before = messages.stat().st_size if messages.exists() else 0
        with output.open("wb") as file:
            self._process = await asyncio.create_subprocess_exec(
                *self._command("-f", "-n", *(("-v",) * self.layout.verbose)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=asyncio.subprocess.STDOUT,
                cwd=self.layout.base,
                # A Ctrl-C in the terminal is for the engine, which then stops Asterisk in order.
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(deadline):
                await self._booted()
        except TimeoutError:
            await self.stop()
            raise AsteriskDidNotStart(f"not ready after {deadline:g} s", _tail(output)) from None
        except AsteriskDidNotStart:
            raise
        except BaseException:
            await self.stop()
            raise
        taken = _taken(messages, said_before)
        if taken:
            # It would run on without that port: deaf, and nobody would know why.
            await self.stop()
            raise AsteriskDidNotStart("a port is taken by another program", taken)
        log.info("asterisk.started", pid=self.pid, version=self.layout.program.version)

    async def stop(self, deadline: float = 10.0) -> None:
        """Ends it with its calls; killed when it does not end in time."""
        if self._found is not None:
            await self._stop_found(deadline)
            return
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(deadline):
                await process.wait()
        except TimeoutError:
            log.warning("asterisk.killed", pid=process.pid, after_s=deadline)
            await _kill(process)
        except asyncio.CancelledError:
            await _kill(process)
            raise
        log.info("asterisk.stopped", pid=process.pid, code=process.returncode)

    async def _stop_found(self, deadline: float) -> None:
        pid, self._found = self._found, None
        number = signal.SIGTERM
        for number in (signal.SIGTERM, signal.SIGKILL):
            if pid is None or not self._is_ours(pid):
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(deadline):
                    while self._is_ours(pid):  # noqa: ASYNC110 - no child of ours to wait for
                        await asyncio.sleep(0.05)
        log.info("asterisk.stopped", pid=pid, killed=number == signal.SIGKILL)

    async def kill(self) -> None:
        """Ends it as a crash would (tests)."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            await _kill(process)

    async def cli(self, command: str, deadline: float = 10.0) -> str:
        """What Asterisk's console says to a command (doctor and tests only).

        Raises ``AsteriskCliError``.
        """
        process = await asyncio.create_subprocess_exec(
            *self._command("-r", "-x", command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(deadline):
                said, _ = await process.communicate()
        except TimeoutError:
            await _kill(process)
            raise AsteriskCliError(command, f"no answer in {deadline:g} s") from None
        except asyncio.CancelledError:
            await _kill(process)
            raise
        text = said.decode("utf-8", "replace")
        if process.returncode != 0:
            raise AsteriskCliError(command, text.strip())
        return text

    def _command(self, *arguments: str) -> tuple[str, ...]:
        return (*self.layout.program.command, "-C", str(self.layout.config_file), *arguments)

    async def _booted(self) -> None:
        """Asks until Asterisk says so; there is no event to wait for before AMI is there."""
        process = self._process
        assert process is not None
        control = self.layout.run / "asterisk.ctl"
        while True:
            if process.returncode is not None:
                said = _tail(self.layout.log / "console.log")
                raise AsteriskDidNotStart(f"ended with {process.returncode}", said)
            if control.exists():
                with contextlib.suppress(AsteriskCliError):
                    if "fully booted" in await self.cli("core waitfullybooted"):
                        return
            await asyncio.sleep(0.05)


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    await process.wait()


def _tail(path: Path) -> str:
    try:
        return path.read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace")
    except OSError as error:
        return str(error)


def _taken(messages: Path, offset: int) -> str:
    """The log's lines since ``offset`` that tell of a port which is not free."""
    with messages.open("rb") as file:
        file.seek(offset)
        lines = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if "Address already in use" in line)
