"""What flows have called outside: the sums over facts that the site's limits are kept by."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import structlog

from ccengine.clock import Clock, moment
from ccengine.engine.flows import InForce
from ccengine.ids import CallId
from ccengine.journal.facts import CallEnded, CallTransferred, Fact, TransferBegan
from ccengine.journal.store import Journal
from ccengine.site.callback import allowed
from ccengine.site.transfers import Spent, Why, over_a_limit

log = structlog.get_logger(__name__)

LOOKS_BACK_S = 36 * 3_600.0
"""Longer than any day, and than any talk."""
KINDS = (TransferBegan.kind, CallTransferred.kind, CallEnded.kind)


class Transfers:
    """Refuses whatever the site file does not allow, and all before ``remember``."""

    def __init__(self, in_force: InForce, clock: Clock) -> None:
        self._in_force = in_force
        self._clock = clock
        self._remembers = False
        self._called: deque[tuple[float, str]] = deque()
        self._out: set[CallId] = set()

    async def remember(self, journal: Journal) -> None:
        """What was called before a restart counts as well. Raises SQLAlchemyError."""
        now = self._clock.now()
        self.heard(
            await journal.between(moment(now - LOOKS_BACK_S), moment(now + 1.0), kinds=KINDS)
        )
        self._remembers = True

    def heard(self, facts: Iterable[Fact]) -> None:
        """Facts in their order, each once."""
        for fact in facts:
            match fact:
                case TransferBegan(outside=True):
                    self._called.append((fact.at, fact.to))
                    self._out.add(fact.call_id)
                case CallTransferred() | CallEnded():
                    self._out.discard(fact.call_id)
                case _:
                    pass

    def refused(self, number: str) -> Why:
        """Why this number must not be called now; empty: it may."""
        site, now = self._in_force.site, self._clock.now()
        rules = site.transfers
        trunk = site.trunks.get(rules.trunk) if rules is not None else None
        if rules is None or trunk is None or trunk.outbound is None or not self._remembers:
            return "none_allowed"
        if not allowed(number, rules.allowed):
            return "not_allowed"
        if rules.hours is not None and not self._in_force.is_open(rules.hours, now):
            return "closed"
        while self._called and self._called[0][0] < now - LOOKS_BACK_S:
            self._called.popleft()
        today = moment(now).astimezone(ZoneInfo(site.time_zone)).date()
        called = [
            to
            for at, to in self._called
            if moment(at).astimezone(ZoneInfo(site.time_zone)).date() == today
        ]
        return over_a_limit(rules, number, Spent(today=called, at_once=len(self._out)))
