"""The WebSocket under a page: reads with bounds, writes what the page has to say, ends in order.

For every kind of page: who opens it, hears it and is told of its end is its ``Host``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import structlog
from aiohttp import ClientConnectionResetError, WSMsgType, web

from ccengine.clock import Clock
from ccengine.desk.page import Allowance, Farewell, SocketTimes

log = structlog.get_logger(__name__)

LARGEST_FRAME = 16 * 1024
CLOSE_S = 2.0

StillSignedIn = Callable[[bool], Awaitable[bool]]
"""Whether the login behind the page still holds; told whether its person did something since."""


class OpenPage(Protocol):
    """What a page is for its socket."""

    cut: asyncio.Event
    """Set when the page was too slow: its connection is to be aborted, not closed."""

    @property
    def whose(self) -> str:
        """For the log."""
        ...

    @property
    def ending(self) -> bool:
        """A farewell is on its way."""
        ...

    async def next(self) -> str | Farewell:
        """Waits for what is to be sent next."""
        ...

    def close(self, farewell: Farewell) -> None: ...

    def take_activity(self) -> bool:
        """Whether its person did something since this was last asked."""
        ...


P = TypeVar("P", bound=OpenPage)
P_in = TypeVar("P_in", bound=OpenPage, contravariant=True)


class Host(Protocol[P_in]):
    """Holds the pages of one kind."""

    @property
    def clock(self) -> Clock: ...

    @property
    def times(self) -> SocketTimes: ...

    def hear(self, page: P_in, raw: str) -> None: ...

    def closed(self, page: P_in) -> None:
        """The connection is gone, by whatever cause."""
        ...


async def serve_page(
    request: web.Request,
    host: Host[P],
    open_page: Callable[[], P | Farewell],
    still_signed_in: StillSignedIn,
) -> web.WebSocketResponse:
    """One page from its handshake to its end; ``open_page`` may refuse it with a farewell."""
    # Compression stays off: a small frame must not grow into a large one.
    socket = web.WebSocketResponse(
        heartbeat=host.times.heartbeat_s,
        max_msg_size=LARGEST_FRAME,
        compress=False,
        autoping=False,
        timeout=CLOSE_S,
    )
    await socket.prepare(request)
    page = open_page()
    if isinstance(page, Farewell):
        await socket.close(code=page.code, message=page.reason.encode())
        return socket
    try:
        await _run(socket, host, page, still_signed_in)
    finally:
        host.closed(page)
        if not socket.closed and request.transport is not None:
            request.transport.abort()  # a polite close would wait for a page that does not listen
    return socket


async def _run(
    socket: web.WebSocketResponse, host: Host[P], page: P, still_signed_in: StillSignedIn
) -> None:
    writer = asyncio.create_task(_write(socket, page, host.times.send_s))
    cut = asyncio.create_task(page.cut.wait())
    others = [
        asyncio.create_task(_read(socket, host, page)),
        asyncio.create_task(_watch_login(page, host.times.login_check_s, still_signed_in)),
    ]
    tasks = [writer, cut, *others]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if page.ending:
            await asyncio.wait(
                [writer, cut], timeout=CLOSE_S * 2, return_when=asyncio.FIRST_COMPLETED
            )
    finally:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("page.failed", whose=page.whose, exc_info=ended)


async def _read(socket: web.WebSocketResponse, host: Host[P], page: P) -> None:
    allowance = Allowance(host.clock)
    async for frame in socket:
        if not allowance.take():
            log.warning("page.flood", whose=page.whose)
            page.close(Farewell.FLOOD)
            return
        match frame.type:
            case WSMsgType.TEXT:
                host.hear(page, frame.data)
            case WSMsgType.PING:
                await socket.pong(frame.data)
            case WSMsgType.PONG:
                pass  # the heartbeat's answer; aiohttp has counted it
            case WSMsgType.ERROR:
                log.info("page.bad_frame", whose=page.whose, why=str(frame.data))
                return
            case _:
                page.close(Farewell.NOT_TEXT)
                return


async def _write(socket: web.WebSocketResponse, page: OpenPage, send_s: float) -> None:
    try:
        while True:
            item = await page.next()
            if isinstance(item, Farewell):
                await socket.close(code=item.code, message=item.reason.encode())
                return
            async with asyncio.timeout(send_s):
                await socket.send_str(item)
    except TimeoutError:
        log.warning("page.too_slow", whose=page.whose)
        page.cut.set()
    except ClientConnectionResetError:
        log.debug("page.gone", whose=page.whose)


async def _watch_login(page: OpenPage, every_s: float, still_signed_in: StillSignedIn) -> None:
    while True:
        await asyncio.sleep(every_s)
        if not await still_signed_in(page.take_activity()):
            page.close(Farewell.LOGGED_OUT)
            return
