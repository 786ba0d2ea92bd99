"""All that is outside, by the names of the site file that is in force."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from ccengine.clock import Clock
from ccengine.ivr.answers import LookedUp, Routed
from ccengine.ivr.waits import LookupWait, RouteWait
from ccengine.outside.breaker import PAUSE_S, Breaker
from ccengine.outside.cache import Cache, question_of
from ccengine.outside.errors import NoAnswerError
from ccengine.outside.http import HttpSystem, Lines
from ccengine.outside.picking import looked_up
from ccengine.outside.routing import nested, routed
from ccengine.outside.sql import Queries
from ccengine.site.model import Site
from ccengine.site.outside import System

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer, and whether it was kept from an earlier question."""

    answer: LookedUp
    cached: bool = False


class Outside:
    """Never raises for what is outside: that is in the answers. To be closed."""

    def __init__(
        self, *, site: Callable[[], Site], own_database: str, secrets: Path, clock: Clock
    ) -> None:
        self._site = site
        self._secrets = secrets
        self._clock = clock
        self._queries = Queries(own_database, secrets)
        self._cache = Cache()
        self._lines: Lines | None = None
        self._systems: dict[str, tuple[System, HttpSystem]] = {}
        self._breakers: dict[str, Breaker] = {}

    async def look_up(self, wait: LookupWait) -> Asked:
        """A question of kind ``http`` or ``sql``."""
        if wait.secret_lost:
            return Asked(answer=LookedUp(found=False, why="secret_lost"))
        question = None if wait.secret or wait.cache_s <= 0 else question_of(wait)
        if question is not None:
            kept = self._cache.get(question, self._clock.now(), wait.cache_s)
            if kept is not None:
                return Asked(answer=kept, cached=True)
        try:
            answer = looked_up(await self._answer(wait), wait.wants)
        except NoAnswerError as error:
            log.warning("outside.no_answer", source=wait.source, why=error.why, detail=error.detail)
            return Asked(answer=LookedUp(found=False, why=error.why))
        if question is not None:
            self._cache.put(question, self._clock.now(), answer)
        return Asked(answer=answer)

    async def route(self, wait: RouteWait, language: str) -> Routed:
        """What is to become of the call, as far as the site file bears it."""
        try:
            system, line = self._system(wait.system)
            deadline_s = _shorter(wait.deadline_s, system.deadline)
            answer = await self._guarded(
                wait.system,
                lambda: line.ask("POST", wait.path, nested(wait.values), deadline_s),
            )
        except NoAnswerError as error:
            log.warning("outside.no_answer", source=wait.system, why=error.why, detail=error.detail)
            return Routed(action="", why=error.why)
        try:
            return routed(answer, self._site(), language, wait.wants)
        except NoAnswerError as error:
            log.warning("outside.answer_wrong", source=wait.system, detail=error.detail)
            return Routed(action="", why=error.why)

    async def _answer(self, wait: LookupWait) -> object:
        if wait.kind == "http":
            system, line = self._system(wait.source)
            deadline_s = _shorter(wait.deadline_s, system.deadline)
            return await self._guarded(
                wait.source, lambda: line.ask(wait.method, wait.path, wait.values, deadline_s)
            )
        query = self._site().queries.get(wait.source)
        if query is None:
            raise _unknown(wait.source)
        deadline_s = _shorter(wait.deadline_s, query.deadline)
        return await self._guarded(
            f"query {wait.source}", lambda: self._queries.ask(query, wait.values, deadline_s)
        )

    def _system(self, name: str) -> tuple[System, HttpSystem]:
        """A system that the site file changed is a new one; requests of the old one end in it."""
        system = self._site().systems.get(name)
        if system is None:
            raise _unknown(name)
        known = self._systems.get(name)
        if known is None or known[0] != system:
            if self._lines is None:
                self._lines = Lines()
            known = self._systems[name] = (
                system,
                HttpSystem(system, self._secrets, self._lines),
            )
            self._breakers.pop(name, None)
        return known

    async def _guarded(self, name: str, ask: Callable[[], Awaitable[object]]) -> object:
        """Ask, unless it is down; what comes of it counts for those who ask next."""
        breaker = self._breakers.setdefault(name, Breaker())
        if not breaker.lets(self._clock.now()):
            raise NoAnswerError("skipped", "it was down a moment ago", fault=None)
        try:
            answer = await ask()
        except NoAnswerError as error:
            if error.fault is False:
                self._is_well(name, breaker)
            elif error.fault and breaker.failed(self._clock.now()):
                log.error("outside.down", source=name, why=error.why, skipped_s=PAUSE_S)
            raise
        self._is_well(name, breaker)
        return answer

    def _is_well(self, name: str, breaker: Breaker) -> None:
        if breaker.answered():
            log.info("outside.back", source=name)

    async def close(self) -> None:
        if self._lines is not None:
            await self._lines.close()
        await self._queries.close()


def _unknown(name: str) -> NoAnswerError:
    """The site file changed under a flow that was checked against the older one."""
    return NoAnswerError("refused", f"the site file has no {name}", fault=None)


def _shorter(wanted: float | None, most: float) -> float:
    return most if wanted is None else min(wanted, most)
