"""The WebSocket under a page: reads with bounds, writes from the page's queue, ends in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientConnectionResetError, WSMsgType, web

from ccengine.desk.desk import Desk
from ccengine.desk.page import Allowance, Farewell, Page
from ccengine.ids import AgentId

log = structlog.get_logger(__name__)

LARGEST_FRAME = 16 * 1024
CLOSE_S = 2.0

StillSignedIn = Callable[[bool], Awaitable[bool]]
"""Whether the login behind the page still holds; told whether its person did something since."""


async def serve_page(
    request: web.Request,
    desk: Desk,
    agent_id: AgentId,
    session_id: str,
    still_signed_in: StillSignedIn,
) -> web.WebSocketResponse:
    """One page from its handshake to its end."""
    # Compression stays off: a small frame must not grow into a large one.
    socket = web.WebSocketResponse(
        heartbeat=desk.times.heartbeat_s,
        max_msg_size=LARGEST_FRAME,
        compress=False,
        autoping=False,
        timeout=CLOSE_S,
    )
    await socket.prepare(request)
    page = desk.open(agent_id, session_id)
    if page is None:
        code, reason = Farewell.AGENT_UNKNOWN.value
        await socket.close(code=code, message=reason.encode())
        return socket
    try:
        await _run(socket, desk, page, still_signed_in)
    finally:
        desk.closed(page)
        if not socket.closed and request.transport is not None:
            request.transport.abort()  # a polite close would wait for a page that does not listen
    return socket


async def _run(
    socket: web.WebSocketResponse, desk: Desk, page: Page, still_signed_in: StillSignedIn
) -> None:
    writer = asyncio.create_task(_write(socket, page, desk.times.send_s))
    cut = asyncio.create_task(page.cut.wait())
    others = [
        asyncio.create_task(_read(socket, desk, page)),
        asyncio.create_task(_watch_login(page, desk.times.login_check_s, still_signed_in)),
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
                log.error("desk.page_failed", agent_id=page.agent_id, exc_info=ended)


async def _read(socket: web.WebSocketResponse, desk: Desk, page: Page) -> None:
    allowance = Allowance(desk.clock)
    async for frame in socket:
        if not allowance.take():
            log.warning("desk.flood", agent_id=page.agent_id)
            page.close(Farewell.FLOOD)
            return
        match frame.type:
            case WSMsgType.TEXT:
                desk.hear(page, frame.data)
            case WSMsgType.PING:
                await socket.pong(frame.data)
            case WSMsgType.PONG:
                pass  # the heartbeat's answer; aiohttp has counted it
            case WSMsgType.ERROR:
                log.info("desk.bad_frame", agent_id=page.agent_id, why=str(frame.data))
                return
            case _:
                page.close(Farewell.NOT_TEXT)
                return


async def _write(socket: web.WebSocketResponse, page: Page, send_s: float) -> None:
    try:
        while True:
            item = await page.next()
            if isinstance(item, Farewell):
                await socket.close(code=item.code, message=item.reason.encode())
                return
            async with asyncio.timeout(send_s):
                await socket.send_str(item)
    except TimeoutError:
        log.warning("desk.page_too_slow", agent_id=page.agent_id)
        page.cut.set()
    except ClientConnectionResetError:
        log.debug("desk.page_gone", agent_id=page.agent_id)


async def _watch_login(page: Page, every_s: float, still_signed_in: StillSignedIn) -> None:
    while True:
        await asyncio.sleep(every_s)
        if not await still_signed_in(page.take_activity()):
            page.close(Farewell.LOGGED_OUT)
            return
