"""An Asterisk's manager interface in memory of the test: it keeps the rules of the real one.

Banner, login, then an answer to each action in order; lists as Asterisk frames them. A test may
have it fall silent, refuse, cut the connection after so many bytes, or say whatever it likes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

Headers = tuple[tuple[str, str], ...]


def message(*headers: tuple[str, str]) -> bytes:
    """One message as Asterisk writes it."""
    return "".join(f"{key}: {value}\r\n" for key, value in headers).encode() + b"\r\n"


class Connection:
    """One client, from its connect to its end. Every action it sent is kept, in order."""

    def __init__(self, server: AmiServer, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._writer = writer
        self.actions: list[dict[str, str]] = []
        self.budget, server.cut_after = server.cut_after, None
        self.said = 0
        self.over = asyncio.Event()

    def names(self) -> list[str]:
        return [action["Action"] for action in self.actions if action["Action"] != "Ping"]

    def say(self, raw: bytes) -> None:
        """Bytes to the client; past the budget the connection is cut instead."""
        if self._server.silent or self._writer.is_closing():
            return
        if self.budget is not None:
            raw, self.budget = raw[: self.budget], self.budget - len(raw)
        self._writer.write(raw)
        self.said += len(raw)
        if self.budget is not None and self.budget <= 0:
            self._writer.close()

    def event(self, name: str, **fields: str) -> None:
        self.say(message(("Event", name), *fields.items()))

    def cut(self) -> None:
        """Gone without a word, as a killed Asterisk is."""
        self._writer.transport.abort()

    def close(self) -> None:
        self._writer.close()

    def answer(self, action: dict[str, str]) -> None:
        """As Asterisk answers; ``server.answers`` has the last word."""
        own = self._server.answers.get(action["Action"])
        if own is not None:
            own(self, action)
            return
        with_id = ("ActionID", action["ActionID"])
        match action["Action"]:
            case "Login":
                right = action.get("Secret") == self._server.secret
                said = "Authentication accepted" if right else "Authentication failed"
                response = "Success" if right else "Error"
                self.say(message(("Response", response), with_id, ("Message", said)))
                if not right:
                    self.close()
            case "Ping":
                self.say(message(("Response", "Success"), with_id, ("Ping", "Pong")))
            case "CoreShowChannels":
                items = [("CoreShowChannel", fields) for fields in self._server.channels]
                self.list_of(action, "CoreShowChannelsComplete", items)
            case "DeviceStateList":
                items = [
                    ("DeviceStateChange", (("Device", device), ("State", state)))
                    for device, state in self._server.devices.items()
                ]
                self.list_of(action, "DeviceStateListComplete", items)
            case "Hangup":
                self.say(message(("Response", "Success"), with_id, ("Message", "Channel Hungup")))
            case _:
                self.refuse(action, "Invalid/unknown command")

    def refuse(self, action: dict[str, str], why: str) -> None:
        self.say(message(("Response", "Error"), ("ActionID", action["ActionID"]), ("Message", why)))

    def list_of(self, action: dict[str, str], end: str, items: list[tuple[str, Headers]]) -> None:
        """A list in its frame: the answer, an event for each item, the event that ends it."""
        with_id = ("ActionID", action["ActionID"])
        follow = ("Message", "list will follow")
        self.say(message(("Response", "Success"), with_id, ("EventList", "start"), follow))
        for event, fields in items:
            self.say(message(("Event", event), with_id, *fields))
        self.say(
            message(
                ("Event", end), with_id, ("EventList", "Complete"), ("ListItems", str(len(items)))
            )
        )


class AmiServer:
    """What tests set: ``silent``, ``cut_after`` (bytes to the next client), ``banner``, lists."""

    def __init__(self) -> None:
        self.secret = "right"
        self.banner = b"Asterisk Call Manager/11.0.0\r\n"
        self.silent = False
        self.closes_at_once = False
        self.cut_after: int | None = None
        self.channels: list[Headers] = []
        self.devices: dict[str, str] = {}
        self.answers: dict[str, Callable[[Connection, dict[str, str]], None]] = {}
        self.connections: list[Connection] = []
        self._came = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and cut who is there."""
        if self._server is not None:
            self._server.close()
        for connection in self.connections:
            connection.cut()
        for connection in self.connections:
            await connection.over.wait()

    async def connection(self, number: int) -> Connection:
        """The client that connects as the so-manieth, counted from 1."""
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: len(self.connections) >= number)
        return self.connections[number - 1]

    async def action(self, name: str, number: int = 1) -> Connection:
        """Wait until this action was asked for so many times, by whichever client."""
        async with asyncio.timeout(5), self._came:
            await self._came.wait_for(lambda: self.count(name) >= number)
        return self.connections[-1]

    def count(self, name: str) -> int:
        actions = [action for one in self.connections for action in one.actions]
        return sum(action["Action"] == name for action in actions)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, writer)
        self.connections.append(connection)
        try:
            async with self._came:
                self._came.notify_all()
            if self.closes_at_once:
                return
            connection.say(self.banner)
            while True:
                raw = await reader.readuntil(b"\r\n\r\n")
                lines = raw.decode().strip().split("\r\n")
                action = {key: value for key, _, value in (line.partition(": ") for line in lines)}
                connection.actions.append(action)
                connection.answer(action)
                async with self._came:
                    self._came.notify_all()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()
            connection.over.set()


@contextlib.asynccontextmanager
async def ami_server() -> AsyncIterator[AmiServer]:
    server = AmiServer()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
