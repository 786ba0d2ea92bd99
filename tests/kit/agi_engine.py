"""An engine of thirty lines for tests of the dialplan: takes a call and does as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class AgiCall:
    """One call that the dialplan has handed over."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.environment: dict[str, str] = {}

    async def read_environment(self) -> None:
        while line := (await self._reader.readline()).decode().strip():
            name, _, value = line.partition(": ")
            self.environment[name] = value

    @property
    def path(self) -> str:
        return self.environment["agi_network_script"]

    @property
    def call_id(self) -> str:
        return self.path.split("/")[2]

    async def say(self, command: str) -> str:
        """One command, one reply. Raises ``ConnectionError`` when Asterisk has gone."""
        self._writer.write(f"{command}\n".encode())
        while line := (await self._reader.readline()).decode().strip():
            if line[:3].isdigit():
                return line
        raise ConnectionError("Asterisk closed the session")

    async def get(self, variable: str) -> str:
        reply = await self.say(f"GET VARIABLE {variable}")
        return reply.partition("(")[2].removesuffix(")")

    async def full(self, expression: str) -> str:
        """What the dialplan would make of an expression."""
        reply = await self.say(f'GET FULL VARIABLE "{expression}"')
        return reply.partition("(")[2].removesuffix(")")

    async def set(self, variable: str, value: str) -> None:
        await self.say(f'SET VARIABLE {variable} "{value}"')

    async def gone(self, *, within: float) -> None:
        """Until Asterisk closes the session."""
        async with asyncio.timeout(within):
            while await self._reader.readline():
                pass

    def drop(self) -> None:
        """Ends the session as a killed engine would: without a word."""
        self._writer.transport.abort()


class AgiEngine:
    """Listens where the dialplan looks for the engine."""

    def __init__(self) -> None:
        self.calls: asyncio.Queue[AgiCall] = asyncio.Queue()
        self._open: list[AgiCall] = []
        self._server: asyncio.Server | None = None

    async def call(self, *, within: float) -> AgiCall:
        """The next call that comes in."""
        async with asyncio.timeout(within):
            return await self.calls.get()

    async def kill(self) -> None:
        """Stops listening and drops all sessions."""
        if self._server is not None:
            self._server.close()
        for call in self._open:
            call.drop()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = AgiCall(reader, writer)
        self._open.append(call)
        await call.read_environment()
        await self.calls.put(call)


@contextlib.asynccontextmanager
async def agi_engine(port: int) -> AsyncIterator[AgiEngine]:
    engine = AgiEngine()
    engine._server = await asyncio.start_server(engine._take, "127.0.0.1", port)
    try:
        yield engine
    finally:
        await engine.kill()


@contextlib.asynccontextmanager
async def hung_engine(port: int) -> AsyncIterator[asyncio.Queue[AgiCall]]:
    """Takes connections and never says a word, as a stopped process does."""
    async with agi_engine(port) as engine:
        yield engine.calls
