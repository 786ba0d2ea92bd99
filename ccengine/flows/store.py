"""Publications in the database: what was in force, when, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.clock import Clock, moment
from ccengine.flows.model import (
    MOST_NOTE,
    NoSuchPublicationError,
    Publication,
    PublishedFile,
    Source,
    Texts,
    bounded,
    digest,
    text_digest,
)
from ccengine.flows.tables import FlowFileRow, FlowPublicationRow, FlowTextRow
from ccengine.ids import FlowId

TRIES = 5
"""Two who publish in the same moment want the same number: the later one takes the next."""
MOST_LISTED = 200


class Publications:
    """Of one site."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def newest_number(self) -> int:
        """0: nothing was published yet."""
        async with self._sessions() as session:
            return await session.scalar(select(func.max(FlowPublicationRow.number))) or 0

    async def newest(self) -> Publication | None:
        number = await self.newest_number()
        return await self.get(number) if number else None

    async def get(self, number: int) -> Publication:
        """Raises NoSuchPublicationError."""
        async with self._sessions() as session:
            row = await session.get(FlowPublicationRow, number)
            if row is None:
                raise NoSuchPublicationError(number)
            files = await session.scalars(
                select(FlowFileRow).where(FlowFileRow.number == number).order_by(FlowFileRow.flow)
            )
            return _publication(row, files)

    async def listed(
        self, flow: FlowId | None = None, limit: int = MOST_LISTED
    ) -> list[Publication]:
        """The newest first: all, or those in which this flow was new, changed or gone."""
        async with self._sessions() as session:
            query = select(FlowPublicationRow).order_by(FlowPublicationRow.number.desc())
            if flow is None:
                query = query.limit(limit)
            rows = list(await session.scalars(query))
            in_files = select(FlowFileRow).order_by(FlowFileRow.flow)
            if flow is None:
                in_files = in_files.where(FlowFileRow.number.in_([row.number for row in rows]))
            else:
                in_files = in_files.where(FlowFileRow.flow == flow)
            files: dict[int, list[FlowFileRow]] = {}
            for file in await session.scalars(in_files):
                files.setdefault(file.number, []).append(file)
        found = [_publication(row, files.get(row.number, [])) for row in rows]
        if flow is None:
            return found
        before = [*(one.files for one in found[1:]), ()][: len(found)]
        changed = [
            one
            for one, earlier in zip(found, before, strict=True)
            if [file.digest for file in one.files] != [file.digest for file in earlier]
        ]
        return changed[:limit]

    async def texts(self, number: int) -> dict[FlowId, str]:
        """Raises NoSuchPublicationError."""
        query = (
            select(FlowFileRow.flow, FlowTextRow.text)
            .join(FlowTextRow, FlowTextRow.digest == FlowFileRow.digest)
            .where(FlowFileRow.number == number)
            .order_by(FlowFileRow.flow)
        )
        async with self._sessions() as session:
            found = {FlowId(flow): text for flow, text in await session.execute(query)}
        if not found:
            raise NoSuchPublicationError(number)
        return found

    async def with_version(self, flow: FlowId, version: str) -> int | None:
        """The newest publication in which this flow had this version."""
        query = select(func.max(FlowFileRow.number)).where(
            FlowFileRow.flow == flow, FlowFileRow.version == version
        )
        async with self._sessions() as session:
            return await session.scalar(query)

    async def add(
        self,
        texts: Texts,
        versions: Mapping[FlowId, str],
        *,
        author: str,
        note: str,
        source: Source,
        site_version: str,
        equals: int | None = None,
    ) -> Publication:
        """The next publication: whole or not at all. Raises TooLargeError."""
        bounded(texts)
        for left in reversed(range(TRIES)):
            try:
                number = await self.newest_number() + 1
                row = FlowPublicationRow(
                    number=number,
                    at=moment(self._clock.now()),
                    author=author[:64],
                    note=note[:MOST_NOTE],
                    source=source,
                    equals=equals,
                    site_version=site_version,
                    digest=digest(texts),
                )
                await self._write(row, texts, versions)
                return await self.get(number)
            except IntegrityError:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _write(
        self, row: FlowPublicationRow, texts: Texts, versions: Mapping[FlowId, str]
    ) -> None:
        digests = {flow: text_digest(text) for flow, text in texts.items()}
        async with self._sessions.begin() as session:
            session.add(row)
            there = set(
                await session.scalars(
                    select(FlowTextRow.digest).where(FlowTextRow.digest.in_(digests.values()))
                )
            )
            new = {digests[flow]: text for flow, text in texts.items()}
            session.add_all(
                FlowTextRow(digest=known, text=text)
                for known, text in new.items()
                if known not in there
            )
            await session.flush()
            session.add_all(
                FlowFileRow(
                    number=row.number, flow=flow, digest=digests[flow], version=versions[flow]
                )
                for flow in texts
            )


def _publication(row: FlowPublicationRow, files: Iterable[FlowFileRow]) -> Publication:
    at: datetime = row.at
    return Publication(
        number=row.number,
        at=at,
        author=row.author,
        note=row.note,
        source=Source(row.source),
        equals=row.equals,
        site_version=row.site_version,
        digest=row.digest,
        files=tuple(
            PublishedFile(flow=FlowId(file.flow), digest=file.digest, version=file.version)
            for file in files
        ),
    )
