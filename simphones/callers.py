"""Callers from the trunk: SIPp makes the call, a ``Voice`` speaks, presses keys and listens.

    async with Callers(target=("127.0.0.1", 5060)) as callers:
        call = await callers.call("4001", ani="13800000001")
        await call.answered(within=5)
        await call.press("1")
        assert await call.hears(1000, within=5)
        await call.hang_up()
        result = await call.ended(within=5)

One SIPp process makes one call. What happens to it is read from SIPp's message trace, which is
written into a pipe and not into a file: nothing is polled.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import socket
import tempfile
import time
import uuid
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from simphones import scenario
from simphones.deadlines import deadline
from simphones.ports import free_port
from simphones.processes import DIES_WITH_US, end
from simphones.sip import SipMessage, SippTrace
from simphones.voice import Voice

_START_LIMIT = 10.0
_PORT_TRIES = 5


class CallFailed(Exception):
    """The call ended before it came to what was waited for."""

    def __init__(self, result: CallResult) -> None:
        self.result = result
        super().__init__(f"the call ended first: {result}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """How a call ended. Moments are Unix times."""

    code: int
    """The final answer to the INVITE; 200 for a call that was connected, 0 if none came."""
    by: Literal["caller", "far"]
    """Who ended it; a refusal is the far side's."""
    placed_at: float
    answered_at: float | None
    ended_at: float
    broken: str = ""
    """SIPp's words when the other side did what no caller expects; else empty."""

    @property
    def talk_s(self) -> float:
        return self.ended_at - self.answered_at if self.answered_at is not None else 0.0


class Call:
    """One call, from its INVITE to its end. Made by ``Callers.call``."""

    def __init__(self, caller: scenario.Caller, call_id: str, port: int, voice: Voice) -> None:
        self.caller = caller
        self.call_id = call_id
        """SIP's Call-ID."""
        self.voice = voice
        self.messages: list[SipMessage] = []
        loop = asyncio.get_running_loop()
        self._placed: asyncio.Future[float] = loop.create_future()
        self._ringing: asyncio.Future[float] = loop.create_future()
        self._answered: asyncio.Future[float] = loop.create_future()
        self._ended: asyncio.Future[CallResult] = loop.create_future()
        self._port = port
        self._host = "127.0.0.1"
        self._cues = itertools.count(1)
        self._code = 0
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def ringing(self, *, within: float) -> float:
        """The far side rings (180) or plays early sound (183). Returns when, Unix time."""
        return await self._first(self._ringing, within, "ring")

    async def answered(self, *, within: float) -> float:
        """Returns when, Unix time. Raises ``CallFailed`` if it ended first, ``TimeoutError``."""
        return await self._first(self._answered, within, "be answered")

    async def ended(self, *, within: float) -> CallResult:
        async with deadline(within, f"the call of {self.caller.ani} did not end"):
            return await asyncio.shield(self._ended)

    @property
    def is_over(self) -> bool:
        return self._ended.done()

    async def press(self, keys: str, *, gap: float = 0.1, seconds: float = 0.1) -> float:
        """Presses keys (RFC 4733) for so long each. Returns when the first one went down, by the
        event loop's clock. Raises ``ConnectionError`` if the call has no sound."""
        return await self.voice.press(keys, gap=gap, seconds=seconds)

    async def hears(self, hz: float, *, within: float) -> bool:
        """Whether the tone comes to the caller's ear within so many seconds."""
        return await self.voice.hears(hz, within=within)

    async def listened(self, seconds: float, *, within: float) -> None:
        """Waits until so many more seconds of any sound have come to the caller's ear."""
        await self.voice.listened(seconds, within=within)

    def heard(self) -> array[int]:
        """All that came to the caller's ear, 8000 samples a second."""
        return self.voice.heard()

    def hang_up_now(self) -> None:
        """BYE, or CANCEL while it rings; returns at once. After the end it does nothing."""
        if self.is_over:
            return
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as owner:
            owner.sendto(
                scenario.cue(self.call_id, number=next(self._cues)), (self._host, self._port)
            )

    async def hang_up(self, *, within: float = 5.0) -> CallResult:
        """Hangs up and waits for the end."""
        self.hang_up_now()
        return await self.ended(within=within)

    async def _first(self, wanted: asyncio.Future[float], within: float, what: str) -> float:
        async with deadline(within, f"the call of {self.caller.ani} did not {what}"):
            either: set[asyncio.Future[Any]] = {wanted, self._ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if wanted.done():
            return wanted.result()
        raise CallFailed(self._ended.result())

    async def _start(self, target: tuple[str, int], folder: Path, host: str) -> bool:
        """False: SIPp could not begin, most likely because its port was taken."""
        self._host = host
        script = folder / f"{self.call_id}.xml"
        log = script.with_suffix(".log")
        script.write_text(scenario.led(self.caller, media_port=self.voice.port), encoding="utf-8")
        trace_in, trace_out = os.pipe()
        try:
            with log.open("wb") as screen:
                self._process = await asyncio.create_subprocess_exec(
                    *(*DIES_WITH_US, "sipp", f"{target[0]}:{target[1]}"),
                    *("-sf", str(script), "-m", "1"),
                    *("-i", host, "-p", str(self._port), "-cp", "0"),
                    *("-mi", host, "-mp", str(free_port(host=host))),
                    *("-cid_str", self.call_id, "-nostdin"),
                    *("-trace_msg", "-message_file", f"/dev/fd/{trace_out}"),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=screen,
                    stderr=screen,
                    pass_fds=[trace_out],
                    start_new_session=True,  # Ctrl-C is for us: then callers hang up in order
                    cwd=folder,
                )
        except BaseException:
            os.close(trace_in)
            raise
        finally:
            os.close(trace_out)
        self._reading = asyncio.create_task(self._read(trace_in, log), name=f"call {self.call_id}")
        either: set[asyncio.Future[Any]] = {self._placed, self._reading}
        await asyncio.wait(either, timeout=_START_LIMIT, return_when=asyncio.FIRST_COMPLETED)
        return self._placed.done()

    async def _read(self, trace_in: int, log: Path) -> None:
        assert self._process is not None
        trace = SippTrace()
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(trace_in, "rb", buffering=0)
        )
        try:
            while data := await reader.read(65_536):
                for message in trace.feed(data):
                    self._take(message)
            await self._process.wait()
        finally:
            transport.close()
            await self.voice.close()
            self._end(_complaint_in(log))
            if self._placed.done():  # else SIPp did not start, and its log says why
                _throw_away(log, log.with_suffix(".xml"))

    def _take(self, message: SipMessage) -> None:
        if message.method == scenario.CUE:
            return
        self.messages.append(message)
        if message.direction == "out":
            if message.method == "INVITE" and not self._placed.done():
                self._placed.set_result(message.at)
            return
        if message.answers == "INVITE" and message.code:
            self._progress(message)
        if (media := message.media) is not None:
            self.voice.speak_to((media.host, media.port), events_as=media.events_as)

    def _progress(self, message: SipMessage) -> None:
        if message.code in (180, 183) and not self._ringing.done():
            self._ringing.set_result(message.at)
        if message.code >= 200:
            self._code = message.code
        if message.code == 200 and not self._answered.done():
            self._answered.set_result(message.at)

    def _end(self, complaint: str) -> None:
        now = time.time()
        leaving = (m.direction for m in self.messages if m.method in ("BYE", "CANCEL"))
        self._ended.set_result(
            CallResult(
                code=self._code,
                by="caller" if next(leaving, "in") == "out" else "far",
                placed_at=self._placed.result() if self._placed.done() else now,
                answered_at=self._answered.result() if self._answered.done() else None,
                ended_at=self.messages[-1].at if self.messages else now,
                broken=complaint,
            )
        )

    async def _close(self) -> None:
        """Hangs up if it still lives, and ends its SIPp."""
        if self._process is not None and self._reading is not None:
            self.hang_up_now()
            with contextlib.suppress(TimeoutError):
                await self.ended(within=2.0)
            await end(self._process)
            await self._reading
        await self.voice.close()


class Callers:
    """A place calls come from. Leaving it hangs up all that still talk."""

    def __init__(self, *, target: tuple[str, int], host: str = "127.0.0.1") -> None:
        """``target``: Asterisk's SIP address; ``host``: the loopback address to call from."""
        self._target = target
        self._host = host
        self._calls: list[Call] = []
        self._folder = tempfile.TemporaryDirectory(prefix="callers-")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def call(
        self,
        dnis: str,
        *,
        ani: str = "13900000000",
        display: str = "",
        headers: Iterable[tuple[str, str]] = (),
        hz: float = 440.0,
    ) -> Call:
        """Calls; returns when the INVITE is out. The caller hums ``hz`` as soon as there is sound.

        Raises ``ConnectionError`` when SIPp cannot start, ``ValueError`` for texts that no INVITE
        can hold.
        """
        caller = scenario.Caller(dnis=dnis, ani=ani, display=display, headers=tuple(headers))
        for _ in range(_PORT_TRIES):
            voice = await Voice.open(self._host, hz)
            call = Call(caller, uuid.uuid4().hex, free_port(host=self._host), voice)
            self._calls = [other for other in self._calls if not other.is_over]
            self._calls.append(call)
            if await call._start(self._target, Path(self._folder.name), self._host):
                return call
            await call._close()
        log = Path(self._folder.name) / f"{call.call_id}.log"
        raise ConnectionError(f"SIPp does not start: {log.read_text(errors='replace')[-500:]}")

    async def close(self) -> None:
        await asyncio.gather(*(call._close() for call in self._calls))
        self._calls.clear()
        self._folder.cleanup()


def _complaint_in(log: Path) -> str:
    found = re.search(r"Aborting call on [^\n]*(?:\n[^\n]+){0,6}", log.read_text(errors="replace"))
    return found[0] if found else ""


def _throw_away(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)
