"""A business system on the loopback, as well or as ill as a test wants it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ccengine.ivr.answers import LookedUp
from ccengine.ivr.waits import LookupWait
from ccengine.outside.systems import Asked, Outside
from ccengine.site.model import Site
from tests.kit.clock import HandClock
from tests.rules.site.site_text import sales, site

Speak = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Crm:
    """Says to each request, byte for byte, what ``speaks`` writes."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    """Requests: the head, and the body of what has one."""
    speak: Speak | None = None
    asked: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def hears(self, requests: int) -> None:
        """Until so many have come."""
        async with self.asked:
            await self.asked.wait_for(lambda: len(self.heard) >= requests)

    def says(self, body: str, status: str = "200 OK", kind: str = "application/json") -> None:
        data = body.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
        self.says_bytes(head.encode() + data)

    def says_bytes(self, whole: bytes) -> None:
        async def speak(head: str, _: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
            out.write(whole)
            await out.drain()

        self.speak = speak

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                (
                    int(line.split(":")[1])
                    for line in head.splitlines()
                    if line.lower().startswith("content-length:")
                ),
                0,
            )
            self.heard.append(head + (await reader.readexactly(length)).decode())
            async with self.asked:
                self.asked.notify_all()
            assert self.speak is not None
            await self.speak(head, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            return  # who asked has given up
        finally:
            writer.close()


@dataclass
class World:
    crm: Crm
    outside: Outside
    clock: HandClock
    secrets: Path
    site: Site

    def has(self, **system: Any) -> None:
        """The site file says this of the system ``crm``."""
        told = {"url": f"http://127.0.0.1:{self.crm.port}/api", "deadline": 0.4} | system
        self.site = site(
            sales("", f"systems: {json.dumps({'crm': told})}\npersonal_queues: {{}}\n")
        )

    async def asks(self, path: str = "/points/7", **more: Any) -> LookedUp:
        return (await self.asked(path, **more)).answer

    async def asked(self, path: str = "/points/7", **more: Any) -> Asked:
        more.setdefault("wants", ("points",))
        return await self.outside.look_up(LookupWait(kind="http", source="crm", path=path, **more))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    crm = Crm()
    server = await asyncio.start_server(crm.serve, "127.0.0.1", 0)
    crm.port = server.sockets[0].getsockname()[1]
    clock = HandClock()
    outside = Outside(
        site=lambda: made.site,
        own_database=f"sqlite:///{tmp_path / 'own.db'}",
        secrets=tmp_path,
        clock=clock,
    )
    made = World(crm=crm, outside=outside, clock=clock, secrets=tmp_path, site=site(sales()))
    made.has()
    yield made
    await made.outside.close()
    server.close()
    await server.wait_closed()
