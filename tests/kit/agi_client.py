"""Asterisk's end of FastAGI for tests of the engine's door: it introduces a call and answers.

``FakeAsterisk`` connects, writes the environment as Asterisk does, and answers each command by a
table of replies. It keeps what it was told, and says so when a second command came before the
reply to the first: Asterisk would freeze then.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

CALL_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
TOKEN = "our-token"


def environment(
    *, token: str = TOKEN, call_id: str = CALL_ID, marks: str = "", **changes: str
) -> bytes:
    """What Asterisk writes first, in its order; ``changes`` by the name behind ``agi_``."""
    script = f"call/{token}/{call_id}{marks}"
    values = {
        "network": "yes",
        "network_script": script,
        "request": f"agi://127.0.0.1:4573/{script}",
        "channel": "PJSIP/carrier-0000002a",
        "language": "en",
        "type": "PJSIP",
        "uniqueid": "1795000000.42",
        "version": "22.10.1",
        "callerid": "13800000001",
        "calleridname": "王芳",
        "callingpres": "0",
        "callingani2": "0",
        "callington": "0",
        "callingtns": "0",
        "dnid": "unknown",
        "rdnis": "unknown",
        "context": "cc-call",
        "extension": "s",
        "priority": "24",
        "enhanced": "0.0",
        "accountcode": call_id,
        "threadid": "139872",
    } | changes
    return "".join(f"agi_{key}: {value}\n" for key, value in values.items()).encode() + b"\n"


class FakeAsterisk:
    """One FastAGI connection from Asterisk's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.commands: list[str] = []
        self.asked = asyncio.Event()
        """The first command came."""
        self.pipelined = False
        self.answer: Callable[[str], str | None] = lambda _command: "200 result=0"
        """The reply to a command; None: none."""

    def write(self, raw: bytes) -> None:
        self._writer.write(raw)

    async def serve(self) -> None:
        """Answer until the engine closes the connection."""
        while line := await self._reader.readline():
            self.commands.append(line.decode().rstrip("\n"))
            self.asked.set()
            # Whatever else came with it was sent before its reply.
            await asyncio.sleep(0)
            self.pipelined = self.pipelined or len(self._reader._buffer) > 0  # type: ignore[attr-defined]
            reply = self.answer(self.commands[-1])
            if reply is not None:
                self.write(f"{reply}\n".encode())

    async def closed(self) -> None:
        """Until the engine has closed the connection."""
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionError):
                while await self._reader.read(1_024):
                    pass

    def leave(self) -> None:
        self._writer.close()

    def vanish(self) -> None:
        """Without a word, as a killed process does."""
        self._writer.transport.abort()


@contextlib.asynccontextmanager
async def fake_asterisk(port: int) -> AsyncIterator[FakeAsterisk]:
    """Connected, nothing said yet."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield FakeAsterisk(reader, writer)
    finally:
        writer.transport.abort()
