"""The live queues: drawn while somebody watches, at most four times a second, and sent to all.

An event costs the same whether anybody watches or not: it says that something has changed, and the
next picture is drawn from the ACD as it is then. A picture that takes long is drawn less often.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from ccengine.acd.core import Acd
from ccengine.clock import Clock
from ccengine.desk.page import Farewell, SocketTimes
from ccengine.site.model import Site
from ccengine.supervise.body import floor_body
from ccengine.supervise.today import Reports, Today
from ccengine.supervise.trend import Trends
from ccengine.supervise.view import WhoIs, picture
from ccengine.supervise.watcher import Watcher
from ccengine.wire import dumps, iso

log = structlog.get_logger(__name__)

MOST_WATCHERS = 50
DRAWN_EVERY_S = 0.25
"""Not more often, whatever happens."""
LOOKED_EVERY_S = 2.0
"""Also without an event: waits grow, and expected waits with the hour."""
SHARE = 10
"""Between two pictures so many times as long as the last one took is left to calls."""


class LiveQueues:
    """Called by the recorder of facts and by the sockets; one event loop. ``run`` as long as it

    is used.
    """

    def __init__(
        self,
        *,
        acd: Acd,
        site: Callable[[], Site],
        clock: Clock,
        who_is: WhoIs,
        reports: Reports,
        times: SocketTimes | None = None,
    ) -> None:
        self.clock = clock
        self.times = times or SocketTimes()
        self._acd = acd
        self._site = site
        self._who_is = who_is
        self._watchers: set[Watcher] = set()
        self._trends = Trends(acd)
        self._today = Today(reports, site, clock)
        self._due: asyncio.TimerHandle | None = None
        self._may_draw_at = 0.0
        self._sent = ""
        """What all who watch were last sent, without its moment."""
        self._closed = False

    @property
    def watchers(self) -> int:
        return len(self._watchers)

    def changed(self) -> None:
        """Something has happened. Costs nothing more than this while nobody watches."""
        if not self._watchers or self._due is not None or self._closed:
            return
        loop = asyncio.get_running_loop()
        self._due = loop.call_at(max(loop.time(), self._may_draw_at), self._draw)

    # --- the sockets' side ---

    def open(self, whose: str) -> Watcher | Farewell:
        """A page has connected; it is sent the whole picture at once."""
        if self._closed:
            return Farewell.GOING_AWAY
        if len(self._watchers) >= MOST_WATCHERS:
            log.warning("floor.too_many_watchers", whose=whose)
            return Farewell.TOO_MANY
        watcher = Watcher(whose)
        self._watchers.add(watcher)
        self._today.watched.set()
        self._sent = ""  # no longer what all have: the next picture goes to everybody
        watcher.show(_message("floor", self.clock.now(), self._look()))
        return watcher

    def hear(self, page: Watcher, raw: str) -> None:
        """A page says nothing but that it is there."""
        page.pong()

    def closed(self, page: Watcher) -> None:
        self._watchers.discard(page)
        if not self._watchers:
            self._today.watched.clear()
            self._forget_due()

    def close(self) -> None:
        """The server stops: pages are sent away."""
        self._closed = True
        self._forget_due()
        for watcher in self._watchers:
            watcher.close(Farewell.GOING_AWAY)

    # --- in its own time ---

    async def run(self) -> None:
        """For as long as the engine runs."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._trends.run())
            tasks.create_task(self._today.run(self.changed))
            while True:
                await asyncio.sleep(LOOKED_EVERY_S)
                self.changed()

    def _draw(self) -> None:
        self._due = None
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        try:
            self._send(self._look())
        except Exception:
            # Of the pages alone: calls go on, and each page says by itself that it is behind.
            log.exception("floor.not_drawn")
        took_s = time.perf_counter() - began
        self._may_draw_at = loop.time() + max(DRAWN_EVERY_S, SHARE * took_s)

    def _send(self, body: str) -> None:
        now = self.clock.now()
        if body == self._sent:
            beat = dumps({"type": "beat", "at": iso(now)})
            for watcher in self._watchers:
                watcher.beat(beat)
            return
        self._sent = body
        text = _message("floor", now, body)
        for watcher in self._watchers:
            watcher.show(text)

    def _look(self) -> str:
        now = self.clock.now()
        seen = picture(self._acd, self._site(), self._who_is, now)
        return dumps(floor_body(seen, self._trends.of_queues, self._today.report))

    def _forget_due(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None


def _message(kind: str, at: float, body: str) -> str:
    """The body with its type and moment in front: they alone differ from picture to picture."""
    return f'{{"type":"{kind}","at":"{iso(at)}",{body[1:]}'
