"""What a page may ask of the flows in force, and do with them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from ccengine.clock import Clock
from ccengine.engine.flows import InForce
from ccengine.engine.publishing import Publishing, flows_of
from ccengine.engine.reload import Reload
from ccengine.flows.difference import Change, changes, text_changes
from ccengine.flows.figures import FlowFigures, flow_figures
from ccengine.flows.model import Publication, Refusal, Texts
from ccengine.flows.store import Publications
from ccengine.ids import FlowId
from ccengine.ivr.model import Flow
from ccengine.journal.flow_sums import FlowSums
from ccengine.yamlsource.model import BadFileError, Problem

log = structlog.get_logger(__name__)

REST = 10.0
"""Sums are made anew after so many times what they took."""
MOST_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    at: float
    until: float
    figures: Sequence[Mapping[FlowId, FlowFigures]]
    """Of one period, or of each day."""


class FlowDesk:
    """The engine's side of the flows' page."""

    def __init__(
        self,
        *,
        in_force: InForce,
        reload: Reload,
        publishing: Publishing,
        sums: FlowSums,
        clock: Clock,
    ) -> None:
        self._in_force = in_force
        self._reload = reload
        self._publishing = publishing
        self._sums = sums
        self._clock = clock
        self._kept: dict[tuple[object, ...], _Kept] = {}
        self._summing = asyncio.Lock()

    @property
    def flows(self) -> Mapping[FlowId, Flow]:
        """In force now."""
        return self._in_force.flows

    @property
    def publication(self) -> int:
        """That is in force; 0: not recorded yet."""
        return self._in_force.loaded.publication

    @property
    def from_folder(self) -> bool:
        return self._publishing.from_folder

    @property
    def refusal(self) -> Refusal | None:
        return self._reload.refusal

    @property
    def publications(self) -> Publications:
        return self._publishing.publications

    async def check(self, texts: Texts) -> Sequence[Problem]:
        """All that is wrong. Raises TooLargeError, OSError."""
        try:
            await self._publishing.check(texts)
        except BadFileError as error:
            return error.problems
        return ()

    async def publish(self, texts: Texts, *, author: str, note: str) -> Publication:
        """Checked, kept and taken up at once.

        Raises BadFileError, TooLargeError, OSError, the database's errors.
        """
        made = await self._publishing.publish(texts, author=author, note=note)
        return await self._take_up(made)

    async def rollback(self, number: int | None, *, author: str, note: str) -> Publication:
        """Raises NoSuchPublicationError, and as ``publish``."""
        made = await self._publishing.rollback(number, author=author, note=note)
        return await self._take_up(made)

    async def reload(self) -> None:
        """Take up what should be in force; ``refusal`` says whether it could be."""
        await self._reload.now()

    async def difference(self, before: int, after: int | None) -> tuple[Sequence[Change], str]:
        """As sentences and as text; ``after`` None: what is in force.

        Raises NoSuchPublicationError.
        """
        old = await self.publications.texts(before)
        if after is None:
            new: Texts = self._in_force.loaded.texts
        else:
            new = await self.publications.texts(after)
        return await asyncio.to_thread(_difference, old, new)

    async def figures(
        self, since: datetime, until: datetime | None, version: str | None = None
    ) -> Mapping[FlowId, FlowFigures]:
        """``until`` None: up to now. The same question may be answered from memory for a while:

        a page that follows a busy day shall cost the database a tenth of its time at most.
        """

        async def sums() -> Sequence[Mapping[FlowId, FlowFigures]]:
            end = until or datetime.fromtimestamp(self._clock.now() + 1, tz=since.tzinfo)
            steps = await self._sums.steps(since, end)
            return (flow_figures(steps, await self._sums.calls(since, end), version),)

        return (await self._from_memory_or((since, until, version), sums))[0]

    async def days(self, bounds: Sequence[datetime]) -> Sequence[Mapping[FlowId, FlowFigures]]:
        """The calls of each day, without steps; a day ends where the next begins."""

        async def sums() -> Sequence[Mapping[FlowId, FlowFigures]]:
            found = await self._sums.calls_by_day(bounds)
            return [flow_figures((), calls) for calls in found]

        return await self._from_memory_or(tuple(bounds), sums)

    async def _from_memory_or(
        self,
        asked: tuple[object, ...],
        sums: Callable[[], Awaitable[Sequence[Mapping[FlowId, FlowFigures]]]],
    ) -> Sequence[Mapping[FlowId, FlowFigures]]:
        async with self._summing:
            now = self._clock.now()
            kept = self._kept.get(asked)
            if kept is not None and now < kept.until:
                return kept.figures
            figures = await sums()
            done = self._clock.now()
            self._kept[asked] = _Kept(at=now, until=done + REST * (done - now), figures=figures)
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            return figures

    async def _take_up(self, made: Publication) -> Publication:
        log.info("flows.published", number=made.number, author=made.author, equals=made.equals)
        await self._reload.now()
        return made


def _difference(old: Texts, new: Texts) -> tuple[Sequence[Change], str]:
    return changes(flows_of(old), flows_of(new)), text_changes(old, new)
