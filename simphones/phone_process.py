"""One baresip process: its configuration, its control socket, its trace, its sound files."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simphones import audio
from simphones.control import CommandRefused, Control
from simphones.ports import held_port
from simphones.processes import DIES_WITH_US, end
from simphones.sip import BaresipTrace, SipMessage

_START_LIMIT = 10.0
_START_TRIES = 5
_LAST_WORDS_S = 2.0
_LAST_WORDS = 500
_HUM_SECONDS = 300

_CONFIG = """\
poll_method epoll
call_local_timeout 3600
call_max_calls 1
# Port 0: the kernel chooses, also for the TLS port that baresip opens beside it.
sip_listen 127.0.0.1:{sip_port}
net_interface 127.0.0.1
rtp_ports 40000-49998
rtp_timeout 0
jitter_buffer_delay 2-5
audio_path {folder}
audio_source aufile,{hum}
audio_player aubridge,ear
audio_alert aubridge,bell
audio_level no
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
module_path {modules}
module g711.so
module aubridge.so
module aufile.so
{ear}
module ctrl_tcp.so
module_app account.so
module_app menu.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
"""


class PhoneProcess:
    """Started without an account, so that nothing happens before somebody listens."""

    def __init__(
        self, process: asyncio.subprocess.Process, folder: Path, sip_port: int = 0
    ) -> None:
        self._process = process
        self._folder = folder
        self._control: Control | None = None
        self._on_event: Callable[[dict[str, Any]], None] = lambda _event: None
        self._on_message: Callable[[SipMessage], None] = lambda _message: None
        self._own = f"127.0.0.1:{sip_port}" if sip_port else ""
        self._reading = asyncio.create_task(self._read(), name="baresip trace")

    @classmethod
    async def start(
        cls, parent: Path, *, hz: int, remembers_sound: bool = True, sip_port: int = 0
    ) -> PhoneProcess:
        """``sip_port`` 0: any.

        Raises ``ConnectionError`` when baresip does not start or cannot be controlled.
        """
        modules = _modules()
        complaint = ""
        for _ in range(_START_TRIES):
            folder = Path(tempfile.mkdtemp(prefix="phone-", dir=parent))
            # Held until baresip is there. A port that was only free a moment ago may by now be
            # another baresip's: it would take us for its owner, and hang up on the one it has.
            with held_port() as held:
                control = held.getsockname()[1]
                text = _CONFIG.format(
                    folder=folder,
                    control=control,
                    sip_port=sip_port,
                    modules=modules,
                    hum=_hum(parent, hz),
                    ear="module sndfile.so" if remembers_sound else "",
                )
                _configure(folder, text)
                process = await asyncio.create_subprocess_exec(
                    # Line by line, or the trace would come in blocks of 4 kB.
                    *(*DIES_WITH_US, "stdbuf", "-oL", "baresip", "-4", "-s", "-f", str(folder)),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                    limit=1 << 20,
                    start_new_session=True,
                )
                phone = cls(process, folder, sip_port)
                if await phone._connect(control):
                    return phone
            complaint = phone.said
            await phone.close()
        raise ConnectionError(f"baresip does not start: {complaint[-_LAST_WORDS:]}")

    said = ""
    """The last of what baresip printed."""

    def listen(
        self,
        on_event: Callable[[dict[str, Any]], None],
        on_message: Callable[[SipMessage], None],
    ) -> None:
        self._on_event = on_event
        self._on_message = on_message

    async def command(self, command: str, params: str = "") -> str:
        """What baresip says to it.

        Raises ``CommandRefused``, ``TimeoutError``, and ``ConnectionError`` when baresip is gone,
        with its exit code and its last words.
        """
        if self._control is None:
            raise ConnectionError("baresip is not connected")
        try:
            return await self._control.command(command, params)
        except ConnectionError as error:
            raise ConnectionError(f"{command}: {error}; {await self._last_words()}") from error

    async def _last_words(self) -> str:
        code: int | None = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                code = await self._process.wait()
                await asyncio.shield(self._reading)
        fate = "it still runs" if code is None else f"it ended with {code}"
        return f"{fate}, and said last: {self.said[-_LAST_WORDS:]}"

    async def recording_of(self, call_id: str) -> Path | None:
        """What the call that has just ended heard; its file gets the call's name."""
        # baresip does one thing at a time: when it answers this, the call's files are closed.
        with contextlib.suppress(CommandRefused, ConnectionError, TimeoutError):
            await self.command("listcalls")
        # A re-INVITE that moves the sound begins a new file; one second has one file at most.
        pieces = sorted(self._folder.glob("dump-*-dec.wav"))
        heard = array("h")
        for piece in pieces:
            heard.extend(audio.read_wav(piece)[0][0])
        for done in self._folder.glob("dump-*.wav"):
            done.unlink()
        if not pieces:
            return None
        path = self._folder / f"heard-{call_id}.wav"
        audio.write_wav(path, heard)
        return path

    async def close(self) -> None:
        if self._control is not None:
            with contextlib.suppress(CommandRefused, ConnectionError, TimeoutError):
                await self._control.command("quit")
            await self._control.close()
        await end(self._process)
        await self._reading

    async def _connect(self, port: int) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_START_LIMIT):
                while self._process.returncode is None:
                    try:
                        self._control = await Control.connect("127.0.0.1", port, self._event)
                    except ConnectionRefusedError:
                        # Nothing says that the port is open; it takes some hundredths of a second.
                        await asyncio.sleep(0.02)
                    else:
                        return True
        return False

    def _event(self, event: dict[str, Any]) -> None:
        self._on_event(event)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        trace = BaresipTrace(self._own)
        while data := await self._process.stdout.read(65_536):
            self.said = (self.said + data.decode("utf-8", "replace"))[-4_000:]
            for message in trace.feed(data):
                self._on_message(message)


def _configure(folder: Path, text: str) -> None:
    (folder / "config").write_text(text, encoding="utf-8")
    for name in ("accounts", "contacts"):
        (folder / name).write_text("", encoding="utf-8")


def _modules() -> Path:
    for pattern in ("baresip/modules", "*/baresip/modules"):
        for found in Path("/usr/lib").glob(pattern):
            return found
    raise ConnectionError("baresip's modules are not installed under /usr/lib")


def _hum(folder: Path, hz: int) -> Path:
    """Five minutes of the tone: longer than any simulated call, since baresip plays it once."""
    path = folder / f"hum-{hz}.wav"
    if not path.exists():
        second = audio.tone(hz, 1.0)
        audio.write_wav(path, array("h", second.tobytes() * _HUM_SECONDS))
    return path
