"""One open page of an agent: what waits to be sent to it, and how it ends.

Sending never waits. A page that does not take its messages in time is cut; its agent's browser
connects again and gets the present state, which is all that the lost messages said.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum

from ccengine.clock import Clock
from ccengine.ids import AgentId

WAITING = 64
MESSAGES_PER_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketTimes:
    """Seconds, of the socket under any page."""

    heartbeat_s: float = 20.0
    """A silent page is asked so often; half of it later it is taken for gone."""
    send_s: float = 5.0
    """A page that does not take one message in this time is cut."""
    login_check_s: float = 30.0
    """How soon a page closes whose login was ended elsewhere."""


class Farewell(Enum):
    """Why the server closes a page, as a WebSocket close code and reason."""

    GOING_AWAY = (1001, "server stops")
    FLOOD = (1008, "too many messages")
    NOT_TEXT = (1003, "text only")
    TOO_MANY = (1013, "too many pages")
    TAKEN_OVER = (4001, "taken over")
    LOGGED_OUT = (4401, "login required")
    AGENT_UNKNOWN = (4404, "agent unknown")

    @property
    def code(self) -> int:
        return self.value[0]

    @property
    def reason(self) -> str:
        return self.value[1]


class Page:
    """Filled by the desk, emptied by the socket's writer."""

    def __init__(self, agent_id: AgentId, session_id: str, waiting: int = WAITING) -> None:
        self.agent_id = agent_id
        self.session_id = session_id
        self.cut = asyncio.Event()
        """Set when the page was too slow: its connection is to be aborted, not closed."""
        self._outbox: asyncio.Queue[str | Farewell] = asyncio.Queue(waiting)
        self._ending = False
        self._active = False

    @property
    def whose(self) -> str:
        return self.agent_id

    @property
    def ending(self) -> bool:
        """A farewell is on its way."""
        return self._ending

    def mark_active(self) -> None:
        """Its person did something; a page's own pings are no sign of life."""
        self._active = True

    def take_activity(self) -> bool:
        """Whether something was done since this was last asked."""
        active, self._active = self._active, False
        return active

    def send(self, message: str) -> bool:
        """False: it will not arrive, for the page is ending or was just cut for slowness."""
        return self._put(message)

    def close(self, farewell: Farewell) -> None:
        """What was sent before still goes out; what is sent from now on does not."""
        if self._put(farewell):
            self._ending = True

    async def next(self) -> str | Farewell:
        return await self._outbox.get()

    def _put(self, item: str | Farewell) -> bool:
        if self._ending or self.cut.is_set():
            return False
        try:
            self._outbox.put_nowait(item)
        except asyncio.QueueFull:
            self.cut.set()
            return False
        return True


class Allowance:
    """Messages a page may say: ``per_s`` a second, saved up for one second at most."""

    def __init__(self, clock: Clock, per_s: int = MESSAGES_PER_S) -> None:
        self._clock = clock
        self._per_s = float(per_s)
        self._left = self._per_s
        self._at = clock.now()

    def take(self) -> bool:
        now = self._clock.now()
        self._left = min(self._per_s, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
