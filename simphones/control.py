"""baresip's control socket (module ctrl_tcp): JSON in netstrings, answers and events mixed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable
from typing import Any

_LONGEST = 1_000_000
_REPLY_LIMIT = 5.0


class CommandRefused(Exception):
    """baresip did not do what it was told."""


class Control:
    """One connection; baresip takes only one. ``on_event`` gets events as they come."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_event: Callable[[dict[str, Any]], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._tokens = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._over = "baresip is gone"
        self._reading = asyncio.create_task(self._read(), name="baresip control")

    @classmethod
    async def connect(
        cls, host: str, port: int, on_event: Callable[[dict[str, Any]], None]
    ) -> Control:
        reader, writer = await asyncio.open_connection(host, port)
        return cls(reader, writer, on_event)

    async def command(self, command: str, params: str = "") -> str:
        """Returns what baresip says. Raises ``CommandRefused``, ``TimeoutError``, and
        ``ConnectionError`` when baresip is gone."""
        if self._reading.done():
            raise ConnectionError(self._over)
        token = str(next(self._tokens))
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[token] = reply
        message = json.dumps({"command": command, "params": params, "token": token}).encode()
        try:
            self._writer.write(b"%d:%s," % (len(message), message))
            async with asyncio.timeout(_REPLY_LIMIT):
                await self._writer.drain()
                answer = await reply
        finally:
            del self._waiting[token]
        if not answer.get("ok"):
            raise CommandRefused(f"{command}: {answer.get('data', '')}")
        return str(answer.get("data", ""))

    async def close(self) -> None:
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        try:
            while True:
                length = int((await self._reader.readuntil(b":"))[:-1])
                if length > _LONGEST:
                    raise ConnectionError(f"baresip announces {length} bytes")
                message = json.loads((await self._reader.readexactly(length + 1))[:-1])
                if message.get("event"):
                    self._on_event(message)
                elif (reply := self._waiting.get(str(message.get("token")))) and not reply.done():
                    reply.set_result(message)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self._over = f"baresip is gone ({error})"
        except (asyncio.LimitOverrunError, ValueError) as error:
            self._over = f"baresip cannot be understood ({error})"
        finally:
            for reply in self._waiting.values():
                if not reply.done():
                    reply.set_exception(ConnectionError(self._over))
