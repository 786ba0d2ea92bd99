"""An AMI client of its own for tests: raw text in, raw text out, nothing shared with the engine."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator


class PlainAmi:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ids = itertools.count(1)
        self.raw: list[bytes] = []
        """All messages, as they came."""
        self.events: list[dict[str, str]] = []

    async def action(self, name: str, *, within: float = 5.0, **fields: str) -> dict[str, str]:
        """The response; events that come before it are kept."""
        action_id = str(next(self._ids))
        lines = [f"Action: {name}", f"ActionID: {action_id}"]
        lines += [f"{key}: {value}" for key, value in fields.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        async with asyncio.timeout(within):
            while True:
                message = await self._next()
                if "Response" in message and message.get("ActionID") == action_id:
                    return message

    async def event(self, *, within: float, **wanted: str) -> dict[str, str]:
        """The first event, come or to come, with these fields."""
        seen = 0
        async with asyncio.timeout(within):
            while True:
                for event in self.events[seen:]:
                    if wanted.items() <= event.items():
                        return event
                seen = len(self.events)
                await self._next()

    async def _next(self) -> dict[str, str]:
        raw = await self._reader.readuntil(b"\r\n\r\n")
        self.raw.append(raw)
        message: dict[str, str] = {}
        for line in raw.decode("utf-8", "replace").splitlines():
            name, _, value = line.partition(": ")
            message.setdefault(name, value)
        if "Event" in message:
            self.events.append(message)
        return message


@contextlib.asynccontextmanager
async def plain_ami(port: int, secret: str) -> AsyncIterator[PlainAmi]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await reader.readline()
        client = PlainAmi(reader, writer)
        said = await client.action("Login", Username="ccengine", Secret=secret)
        assert said["Response"] == "Success", said
        yield client
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
