"""Desk phones: each is one baresip process, so that each has its own voice, ear and fate.

    async with Phones() as phones:
        phone = await phones.register("1001", "secret", target=("127.0.0.1", 5060), hz=1000)
        ring = await phone.rings(within=10)
        assert ring.invite.header("X-Call-Id")
        await phone.answer()
        await phone.talking(within=5)
        ended = await phone.ended(within=30)
        assert audio.hears(ended.heard(), 440)

baresip is led over its control socket. What its control socket does not tell (the headers of an
INVITE, the code it refused with) is read from its SIP trace. Its ear is deaf after its sound was
moved to another source (direct media): baresip 1.0 drops what then comes as too late.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from array import array
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from simphones import audio
from simphones.deadlines import deadline
from simphones.phone_process import PhoneProcess
from simphones.sip import SipMessage

_MESSAGES_KEPT = 5_000


class PhoneRefused(Exception):
    """The registrar does not take this phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The phone rings."""

    at: float
    """When the INVITE came, Unix time."""
    invite: SipMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCall:
    """A call of this phone that is over."""

    call_id: str
    """SIP's Call-ID of the phone's leg."""
    direction: Literal["incoming", "outgoing"]
    began_at: float
    answered_at: float | None
    ended_at: float
    reason: str
    """In baresip's words."""
    recording: Path | None
    """What came to the ear, as a WAV file; None: there was no sound."""

    def heard(self) -> array[int]:
        if self.recording is None:
            return array("h")
        channels, _rate = audio.read_wav(self.recording)
        return channels[0]


class _Line:
    """The call a phone has now; it has one at a time."""

    def __init__(self, call_id: str, direction: Literal["incoming", "outgoing"]) -> None:
        self.call_id = call_id
        self.direction = direction
        self.began_at = time.time()
        self.answered_at: float | None = None


class Phone:
    """One registered phone. Made by ``Phones.register``."""

    def __init__(self, extension: str, target: tuple[str, int], process: PhoneProcess) -> None:
        self.extension = extension
        self.messages: deque[SipMessage] = deque(maxlen=_MESSAGES_KEPT)
        """The SIP messages of this phone, in order; the oldest are forgotten."""
        self.calls_over = 0
        self.last_call: PhoneCall | None = None
        """The call that ended last."""
        self._target = target
        self._process = process
        self._changed = asyncio.Event()
        self._registered = False
        self._refusal = ""
        self._line: _Line | None = None
        self._invites: dict[str, SipMessage] = {}
        self._rings: asyncio.Queue[Ring] = asyncio.Queue()
        self._ends: asyncio.Queue[PhoneCall] = asyncio.Queue()
        self._closing: set[asyncio.Task[None]] = set()
        process.listen(self._on_event, self._on_message)

    @property
    def is_registered(self) -> bool:
        return self._registered

    @property
    def is_busy(self) -> bool:
        """It rings or talks."""
        return self._line is not None

    async def registered(self, *, within: float) -> None:
        """Raises ``PhoneRefused`` (wrong password, unknown extension), ``TimeoutError``."""
        async with deadline(within, f"phone {self.extension} did not register"):
            while not self._registered:
                if self._refusal:
                    raise PhoneRefused(f"{self.extension}: {self._refusal}")
                await self._changed.wait()

    async def rings(self, *, within: float) -> Ring:
        """The next ring, also one that came before this was asked."""
        async with deadline(within, f"phone {self.extension} did not ring"):
            return await self._rings.get()

    async def answer(self) -> None:
        """Takes the call that rings (200); ``talking`` tells when it is connected."""
        await self._process.command("accept")

    async def reject(self) -> None:
        """Refuses the call that rings (486)."""
        await self._process.command("hangup")

    async def hang_up(self) -> None:
        await self._process.command("hangup")

    async def dial(self, number: str) -> None:
        """Calls a number at the registrar; ``talking`` tells when it is answered."""
        host, port = self._target
        await self._process.command("dial", f"sip:{number}@{host}:{port}")

    async def press(self, keys: str) -> None:
        """Presses keys (RFC 4733)."""
        for key in keys:
            await self._process.command("sndcode", key)

    async def talking(self, *, within: float) -> float:
        """Connected; returns when, Unix time. Raises ``ConnectionError`` if it ended first."""
        over = self.calls_over
        async with deadline(within, f"phone {self.extension} did not talk"):
            while self._line is None or self._line.answered_at is None:
                if self.calls_over > over and self.last_call is not None:
                    raise ConnectionError(f"the call ended first: {self.last_call.reason}")
                await self._changed.wait()
            return self._line.answered_at

    async def ended(self, *, within: float) -> PhoneCall:
        """The next end of a call, also one that came before this was asked."""
        async with deadline(within, f"the call of phone {self.extension} did not end"):
            return await self._ends.get()

    async def close(self) -> None:
        """Unregisters by ending the process; a call it has is hung up."""
        await self._process.close()
        if self._closing:
            await asyncio.wait(self._closing)

    def _notice(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _on_message(self, message: SipMessage) -> None:
        self.messages.append(message)
        if message.method == "INVITE" and message.direction == "in":
            call_id = message.header("Call-ID")
            first = self._invites.setdefault(call_id, message) is message
            if first and self._line is not None and self._line.call_id == call_id:
                self._ring(message)

    def _on_event(self, event: dict[str, Any]) -> None:
        kind = event.get("type", "")
        if kind == "REGISTER_OK":
            self._registered = True
        elif kind == "REGISTER_FAIL":
            self._registered = False
            self._refusal = str(event.get("param", ""))
        elif call_id := str(event.get("id", "")):
            self._on_call(kind, call_id, event)
        self._notice()

    def _on_call(self, kind: str, call_id: str, event: dict[str, Any]) -> None:
        incoming = event.get("direction") == "incoming"
        # A call that is refused at once has only an end; a second caller's end is not ours.
        if self._line is None and (kind != "CALL_CLOSED" or not incoming):
            self._line = _Line(call_id, "incoming" if incoming else "outgoing")
        line = self._line
        if line is None or line.call_id != call_id:
            return  # a second call: this phone has one line, baresip refuses others by itself
        if kind == "CALL_INCOMING" and (invite := self._invites.get(call_id)) is not None:
            self._ring(invite)
        elif kind == "CALL_ESTABLISHED":
            line.answered_at = time.time()
        elif kind == "CALL_CLOSED":
            self._line = None
            self._invites.pop(call_id, None)
            task = asyncio.create_task(self._finish(line, str(event.get("param", "")), time.time()))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _ring(self, invite: SipMessage) -> None:
        self._rings.put_nowait(Ring(at=invite.at, invite=invite))

    async def _finish(self, line: _Line, reason: str, at: float) -> None:
        recording = await self._process.recording_of(line.call_id) if line.answered_at else None
        call = PhoneCall(
            call_id=line.call_id,
            direction=line.direction,
            began_at=line.began_at,
            answered_at=line.answered_at,
            ended_at=at,
            reason=reason,
            recording=recording,
        )
        self.last_call = call
        self.calls_over += 1
        self._ends.put_nowait(call)
        self._notice()


class Phones:
    """A desk full of phones. Leaving it takes them all off."""

    def __init__(self, folder: Path | None = None) -> None:
        """``folder``: where configurations and sound go; none: a temporary one."""
        self._own = None if folder else tempfile.TemporaryDirectory(prefix="phones-")
        self._folder = folder or Path(self._own.name if self._own else "")
        self._phones: list[Phone] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def register(
        self,
        extension: str,
        password: str,
        *,
        target: tuple[str, int],
        hz: int = 1000,
        remembers_sound: bool = True,
        within: float = 10.0,
    ) -> Phone:
        """A phone that hums ``hz`` when it talks. Returns when the registrar has taken it.

        One that does not remember sound writes no files, for phones that talk all day.

        Raises ``PhoneRefused``, ``TimeoutError``, and ``ConnectionError`` if baresip cannot start.
        """
        process = await PhoneProcess.start(self._folder, hz=hz, remembers_sound=remembers_sound)
        phone = Phone(extension, target, process)
        self._phones.append(phone)
        host, port = target
        await process.command(
            "uanew",
            # One codec, the callers': when the sound changes to another, baresip 1.1 takes its
            # recorder out of the ear and does not put it back.
            f"<sip:{extension}@{host}:{port};transport=udp>;auth_pass={password};regint=60"
            ";audio_codecs=PCMU",
        )
        await phone.registered(within=within)
        return phone

    async def customer(self, number: str, *, port: int, hz: int = 700) -> Phone:
        """A customer's phone out in the network: registered nowhere, called at this port."""
        process = await PhoneProcess.start(self._folder, hz=hz, sip_port=port)
        phone = Phone(number, ("127.0.0.1", port), process)
        self._phones.append(phone)
        await process.command(
            "uanew", f"<sip:{number}@127.0.0.1:{port};transport=udp>;regint=0;audio_codecs=PCMU"
        )
        return phone

    async def close(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            for phone in self._phones:
                stack.push_async_callback(phone.close)
        self._phones.clear()
        if self._own is not None:
            self._own.cleanup()
