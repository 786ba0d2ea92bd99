"""All that the web server is built from; ``ccengine.app`` joins it to the real rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ccengine.accounts.sessions import WebSessions
from ccengine.accounts.store import Accounts
from ccengine.clock import Clock
from ccengine.desk.desk import Desk
from ccengine.site.model import Site
from ccengine.supervise.live import LiveQueues
from ccengine.web.pages import BUILT
from ccengine.web.ports import (
    CallFacts,
    CallRecords,
    Customers,
    Flows,
    Health,
    Knowledge,
    Reports,
    SpokenMessages,
    Why,
)

_THIS_MACHINE = ("127.0.0.1", "localhost")
"""People type either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    clock: Clock
    site: Callable[[], Site]
    """The site file in force."""
    accounts: Accounts
    logins: WebSessions
    desk: Desk
    live: LiveQueues
    calls: CallRecords
    facts: CallFacts
    spoken: SpokenMessages
    reports: Reports
    customers: Customers
    knowledge: Callable[[], Knowledge]
    """The index in force; a new one takes its place when articles change."""
    health: Health
    recordings: Path
    messages: Path
    """What callers spoke in their flows."""
    public_url: str
    """How browsers reach the pages; WebSockets are taken from there alone."""
    flows: Flows | None = None
    """None: nothing is told of flows."""
    why: Why | None = None
    """None: the settings want no journal of the ACD."""
    more_origins: frozenset[str] = frozenset()
    """Other pages that may open a desk's WebSocket, as ``http://host:port``."""
    trusted_proxies: frozenset[str] = frozenset()
    """Addresses whose ``X-Forwarded-For`` is believed."""
    static: Path = BUILT

    @property
    def origins(self) -> frozenset[str]:
        url = urlsplit(self.public_url)
        names = _THIS_MACHINE if url.hostname in _THIS_MACHINE else (url.hostname or "",)
        port = "" if url.port is None else f":{url.port}"
        return self.more_origins | {f"{url.scheme}://{name}{port}" for name in names}

    @property
    def https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"
