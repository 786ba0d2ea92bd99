"""An agent's page without a browser: logs in and speaks on ``/ws/desk`` as docs/API.md says."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from demo.logins import Login

Heard = Callable[[dict[str, Any]], Awaitable[None]]
_AGAIN_AFTER = 2.0


class LoginRefused(Exception):
    """The engine does not know this account, or its password."""


class AgentPage:
    """One agent's page. ``run`` keeps it open until it is cancelled or taken over by a person."""

    def __init__(self, url: str, login: Login, hear: Heard) -> None:
        self._url = url
        self._login = login
        self._hear = hear
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.taken_over = False
        """A person has opened this agent's page: it is theirs until the demo ends."""

    async def run(self) -> None:
        """Raises ``LoginRefused``."""
        # Cookies of an address, not a name: aiohttp keeps them only when told so.
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(
            cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=10)
        ) as client:
            while not self.taken_over:
                try:
                    await self._log_in(client)
                    await self._stay(client)
                except (aiohttp.ClientError, TimeoutError):
                    pass  # the engine is away; it is asked again below
                await asyncio.sleep(_AGAIN_AFTER)

    async def say(self, kind: str, **fields: object) -> None:
        """Says it if the page is open; what is said to a closed page is lost, as in a browser."""
        socket = self._socket
        if socket is None or socket.closed:
            return
        # A page that is just closing: its reader notices the end.
        with contextlib.suppress(aiohttp.ClientError, ConnectionError):
            await socket.send_json({"type": kind, **fields})

    async def _log_in(self, client: aiohttp.ClientSession) -> None:
        asked = {"username": self._login.username, "password": self._login.password}
        async with client.post(f"{self._url}/api/login", json=asked) as answer:
            if answer.status in (401, 403):
                raise LoginRefused(f"{self._login.username}: {await answer.text()}")
            answer.raise_for_status()

    async def _stay(self, client: aiohttp.ClientSession) -> None:
        address = self._url.replace("http", "ws", 1) + "/ws/desk"
        async with client.ws_connect(address, origin=self._url, heartbeat=20) as socket:
            self._socket = socket
            try:
                async for frame in socket:
                    if frame.type is not aiohttp.WSMsgType.TEXT:
                        continue
                    message = json.loads(frame.data)
                    if message["type"] == "taken_over":
                        self.taken_over = True
                    else:
                        await self._hear(message)
            finally:
                self._socket = None
