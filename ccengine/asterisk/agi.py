"""The FastAGI door: Asterisk connects here with each call and keeps it here while it is ours.

One command, one reply: a second line sent early would stay in Asterisk's buffer and freeze the
session. While no command runs the connection is read all the same, so that a hang-up (the socket
closes, since the dialplan sets AGIEXITONHANGUP) is known at once. What connects without being a
call of ours is closed; a health check that touches the port does no harm.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import structlog

from ccengine.asterisk import gate, gate_people
from ccengine.asterisk.agi_wire import (
    MAX_ENVIRONMENT_BYTES,
    AgiEnvironment,
    AgiReply,
    BadEnvironmentError,
    parse_reply,
    read_environment,
)
from ccengine.asterisk.names import LEASE, Variable

log = structlog.get_logger(__name__)

COMMAND_DEADLINE_S = 5.0
MAX_SESSIONS = 5_000

CUT = "cut"
"""Told instead of a key: what played or waited was ended from outside, or before its time."""
_STOPPED = 1_000
"""Asterisk's ``AST_CONTROL_STREAM_STOP`` and its kin stand where else a key does."""
_EARLY_S = 0.3
"""A wait for a key that is over so much too soon was not ended by its time."""


class CallerGoneError(Exception):
    """The caller hung up, or Asterisk took the call back: the session is over."""


class AgiChannel:
    """The caller's channel while the engine holds it."""

    def __init__(
        self,
        environment: AgiEnvironment,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.environment = environment
        self._reader = reader
        self._writer = writer
        self._reply: asyncio.Future[AgiReply] | None = None
        self._unsaid: dict[str, str] = {}
        self._on_gone: list[Callable[[], None]] = []
        self.gone = False
        self._reading = asyncio.create_task(self._read(), name=f"agi-{environment.uniqueid}")

    def when_gone(self, callback: Callable[[], None]) -> None:
        """Call back once, when the caller is gone (at once, if it is already)."""
        if self.gone:
            callback()
        else:
            self._on_gone.append(callback)

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                text = line.decode("utf-8", "replace").rstrip("\n")
                if text == "HANGUP":
                    break
                if text.startswith("520-") or not text[:3].isdigit() or text.startswith("100"):
                    continue
                if self._reply is not None and not self._reply.done():
                    self._reply.set_result(parse_reply(text))
        except (OSError, ValueError) as error:
            log.debug("agi.read_ended", why=str(error))
        finally:
            self._lose()

    def _lose(self) -> None:
        if self.gone:
            return
        self.gone = True
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(CallerGoneError())
        callbacks, self._on_gone = self._on_gone, []
        for callback in callbacks:
            callback()

    async def _command(self, line: str, deadline_s: float) -> AgiReply:
        await self.settle()
        return await self._send(line, deadline_s)

    async def settle(self) -> None:
        """Say what waits to be set; before the call goes back to the dialplan above all."""
        unsaid, self._unsaid = self._unsaid, {}
        for line in gate.set_variables(unsaid):
            await self._send(line, COMMAND_DEADLINE_S)

    async def _send(self, line: str, deadline_s: float) -> AgiReply:
        if self.gone:
            raise CallerGoneError
        if self._reply is not None:
            raise RuntimeError("one AGI command at a time")
        self._reply = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(f"{line}\n".encode())
            async with asyncio.timeout(deadline_s):
                reply = await self._reply
        except TimeoutError:
            # The stream is out of step now; Asterisk takes the caller back when it closes.
            log.error("agi.no_reply", command=line.split(" ", 1)[0], after_s=deadline_s)
            self.close()
            raise CallerGoneError from None
        except asyncio.CancelledError:
            self.close()  # out of step as well: the reply would answer the next command
            raise
        finally:
            self._reply = None
        if reply.code == 511:
            raise CallerGoneError
        if reply.code != 200:
            # Asterisk did not understand a command of ours: a fault of ours, told and lived with.
            log.error("agi.refused_command", command=line.split(" ", 1)[0], code=reply.code)
        return reply

    async def set(self, variable: Variable, value: str) -> None:
        """Set it with the next command, all that waits for it in one.

        A trip to Asterisk for each would cost more than all else of a call. Only the dialplan and
        an engine after this one read them, when this one is gone; and every wait begins with a
        lease, so that nothing stays unsaid over one.
        """
        if self.gone:
            raise CallerGoneError
        gate.set_variable(variable, value)  # what must not pass is refused where it is given
        self._unsaid.pop(variable, None)
        self._unsaid[variable] = value

    async def get(self, variable: Variable) -> str:
        """The variable's value; empty when it is not set."""
        reply = await self._command(gate.get_variable(variable), COMMAND_DEADLINE_S)
        return reply.data if reply.result == 1 else ""

    async def lease(self, seconds: float) -> None:
        """Let Asterisk take the caller back after so many seconds, unless renewed; 0: never."""
        self._unsaid[LEASE] = f"{seconds:.1f}"
        await self.settle()

    async def music(self, music_class: str) -> None:
        """Music until something else is played."""
        await self._command(f"SET MUSIC ON {gate.quoted(music_class)}", COMMAND_DEADLINE_S)

    async def play(self, path: str, keys: str, longest_s: float) -> str:
        """Play one sound; the key that cut it, ``CUT``, or empty when it played to its end."""
        reply = await self._command(gate.stream_file(path, keys), longest_s + COMMAND_DEADLINE_S)
        return self._key(reply)

    async def play_all(self, paths: Sequence[str], *, any_key: bool, longest_s: float) -> str:
        """Play sounds one behind the other by one command; any key cuts all of them, or none does.

        Else as ``play``.
        """
        line = gate.sounds("Background" if any_key else "Playback", paths)
        return self._key(await self._command(line, longest_s + COMMAND_DEADLINE_S))

    async def ask(self, path: str, keys: str, longest_s: float, timeout_s: float) -> str:
        """Play a sound of ``longest_s`` and wait on, by one command; one of ``keys`` ends both.

        ``CUT`` also when another key ended the wait, or a hang-up: Asterisk does not tell these
        from silence, but they come too soon for it.
        """
        began = asyncio.get_running_loop().time()
        line = gate.get_option(path, keys, timeout_s)
        key = self._key(await self._command(line, longest_s + timeout_s + COMMAND_DEADLINE_S))
        took = asyncio.get_running_loop().time() - began
        return CUT if not key and took < longest_s + timeout_s - _EARLY_S else key

    async def wait_for_key(self, seconds: float) -> str:
        """Wait in silence for one key; empty when none came, ``CUT`` when it was ended."""
        line = f"WAIT FOR DIGIT {int(seconds * 1000)}"
        return self._key(await self._command(line, seconds + COMMAND_DEADLINE_S))

    async def record(
        self, asked: str, keys: str, longest_s: float, silence_s: float, *, tone: bool = True
    ) -> str:
        """Record into ``asked`` + ``.sln``, to a key (it is told), a silence or the longest time.

        What cannot be recorded is over at once, with no file or an empty one.
        """
        line = gate_people.record_file(asked, keys, longest_s, silence_s, tone=tone)
        reply = await self._command(line, longest_s + COMMAND_DEADLINE_S)
        if reply.result < 0 and (self.gone or reply.data == "hangup"):
            raise CallerGoneError
        # Of a recording that came to its longest time the number is something else.
        return chr(reply.result) if reply.data == "dtmf" else ""

    async def in_room(self, room: str) -> int:
        """How many are in this conference room."""
        reply = await self._command(gate_people.in_room(room), COMMAND_DEADLINE_S)
        return int(reply.data) if reply.result == 1 and reply.data.isdecimal() else 0

    async def conference(
        self, room: str, role: Literal["member", "moderator"], most: int, longest_s: float
    ) -> None:
        """Into the room, until the caller leaves it or it is closed."""
        *options, enter = gate_people.conference(room, role, most, longest_s)
        for line in options:
            await self._command(line, COMMAND_DEADLINE_S)
        await self._command(enter, longest_s + COMMAND_DEADLINE_S)

    async def transfer(self, argument: str, deadline_s: float) -> None:
        """Ring people for the flow, and connect; over when they have talked, or nobody came."""
        await self._command(gate_people.transfer(argument), deadline_s)

    def _key(self, reply: AgiReply) -> str:
        if reply.result < 0:
            raise CallerGoneError
        if reply.result >= _STOPPED:
            return CUT
        return chr(reply.result) if reply.result else ""

    async def execute(self, application: str, argument: str, deadline_s: float) -> int:
        """Run a dialplan application on the caller's channel; its result code."""
        reply = await self._command(gate.execute(application, argument), deadline_s)
        return reply.result

    async def hang_up(self) -> None:
        await self._command("HANGUP", COMMAND_DEADLINE_S)

    def close(self) -> None:
        """Give the call back to the dialplan."""
        self._writer.close()
        self._reading.cancel()
        self._lose()


class AgiServer:
    """Listens for calls; ``serve`` is awaited once per call and must never raise."""

    def __init__(self, *, token: str, serve: Callable[[AgiChannel, str], Awaitable[None]]) -> None:
        self._token = token
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(
            self._connected, host, port, limit=MAX_ENVIRONMENT_BYTES, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def listening(self) -> bool:
        return self._server is not None and self._server.is_serving()

    async def stop(self) -> None:
        """Take no new calls and give those that are held back to the dialplan."""
        if self._server is not None:
            self._server.close()
        for task in list(self._sessions):
            task.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._sessions) >= MAX_SESSIONS:
            writer.close()
            return
        self._sessions.add(task)
        try:
            environment = await read_environment(reader)
            call_id = self._call_id(environment)
            channel = AgiChannel(environment, reader, writer)
            try:
                await self._serve(channel, call_id)
            finally:
                channel.close()
        except BadEnvironmentError as error:
            log.warning("agi.refused", why=str(error))
        finally:
            self._sessions.discard(task)
            writer.close()

    def _call_id(self, environment: AgiEnvironment) -> str:
        match environment.path:
            case ("call", token, call_id) if hmac.compare_digest(
                token.encode(), self._token.encode()
            ):
                return call_id
        raise BadEnvironmentError("a stranger: the token in the URL is wrong")
