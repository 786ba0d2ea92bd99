"""An agent's page without a browser: speaks docs/API.md as the real page does, and keeps it all."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message with the Unix time at which the page had it."""

    at: float
    message: dict[str, Any]


class AgentPage:
    """Made by ``open_page``; acknowledges each pop at once, as the page does."""

    def __init__(self, session: aiohttp.ClientSession, url: str, csrf: str) -> None:
        self._session = session
        self._url = url
        self._csrf = csrf
        self._changed = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.heard: list[Heard] = []

    @property
    def state(self) -> str:
        said = [one.message["state"] for one in self.heard if one.message["type"] == "state"]
        return str(said[-1]) if said else ""

    async def connect(self, path: str = "/ws/desk") -> None:
        """Also for a supervisor, whose socket is another."""
        self._socket = await self._session.ws_connect(
            f"{self._url}{path}", headers={"Origin": self._url}
        )
        self._reading = asyncio.create_task(self._read(self._socket))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for raw in socket:
            if raw.type is not aiohttp.WSMsgType.TEXT:
                break
            message = raw.json()
            if message["type"] == "pop":
                await socket.send_json({"type": "pop_shown", "offer_id": message["offer_id"]})
            async with self._changed:
                self.heard.append(Heard(at=time.time(), message=message))
                self._changed.notify_all()

    async def say(self, **message: Any) -> None:
        if self._socket is None:
            raise ConnectionError("the page is not connected")
        await self._socket.send_json(message)

    async def until(
        self, wanted: Callable[[dict[str, Any]], bool], *, within: float, after: int = 0
    ) -> Heard:
        """The first message (from the ``after``-th on) that is wanted, also one heard before."""

        def found() -> Heard | None:
            return next((one for one in self.heard[after:] if wanted(one.message)), None)

        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: found() is not None)
        except TimeoutError:
            kinds = [one.message for one in self.heard[after:]]
            raise AssertionError(f"not heard within {within} s; heard: {kinds}") from None
        one = found()
        if one is None:
            raise AssertionError("heard and lost")
        return one

    async def pop(self, *, within: float, after: int = 0) -> Heard:
        return await self.until(lambda m: m["type"] == "pop", within=within, after=after)

    async def becomes(self, state: str, *, within: float, after: int = 0) -> Heard:
        return await self.until(
            lambda m: m["type"] == "state" and m["state"] == state, within=within, after=after
        )

    async def ready(self, *, within: float = 5.0) -> None:
        """Say ready, and wait until the engine agrees (with a caller waiting: offers it one)."""
        if self.state in ("ready", "offered"):
            return
        mark = len(self.heard)
        await self.say(type="ready")
        await self.until(
            lambda m: m["type"] == "state" and m["state"] in ("ready", "offered"),
            within=within,
            after=mark,
        )

    async def reachable(self, *, within: float = 30.0) -> None:
        """The engine knows that this agent's phone is there."""

        def idle(message: dict[str, Any]) -> bool:
            return message["type"] == "state" and message["phone"] == "idle"

        await self.until(idle, within=within)

    async def get(self, path: str) -> Any:
        async with self._session.get(f"{self._url}{path}") as answer:
            answer.raise_for_status()
            return await answer.json()

    async def download(self, path: str) -> bytes:
        """What a page plays or shows; AssertionError for anything but 200."""
        async with self._session.get(f"{self._url}{path}") as answer:
            if answer.status != 200:
                raise AssertionError(f"{path} answered {answer.status}")
            return await answer.read()

    async def log_out(self) -> None:
        """End of the shift; an engine that is gone cannot be told."""
        with contextlib.suppress(aiohttp.ClientConnectionError):
            async with self._session.post(
                f"{self._url}/api/logout", headers={"X-CSRF-Token": self._csrf}
            ) as answer:
                if answer.status != 204:
                    raise AssertionError(f"logout refused: {answer.status}")

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._socket is not None:
            await self._socket.close()
        await self._session.close()


async def open_page(url: str, username: str, password: str, *, socket: bool = True) -> AgentPage:
    """Log in; with ``socket`` also open the desk, which signs the agent in."""
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    async with session.post(
        f"{url}/api/login", json={"username": username, "password": password}
    ) as answer:
        if answer.status != 200:
            await session.close()
            raise AssertionError(f"login refused: {answer.status} {await answer.text()}")
        me = await answer.json()
    page = AgentPage(session, url, me["csrf"])
    if socket:
        await page.connect()
    return page
