"""Where the flows in force come from: the folder or the database; both keep each version.

``CCENGINE_FLOWS_FROM=folder`` (the default): the folder is the truth. What is published or rolled
back is written into it, and each change of it that was taken up is recorded. ``published``: the
newest publication is the truth, and the folder is nobody's.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ccengine.engine.flows import Loaded, load
from ccengine.flows.folder import write_texts
from ccengine.flows.model import (
    NoSuchPublicationError,
    Publication,
    Source,
    Texts,
    bounded,
    digest,
)
from ccengine.flows.store import Publications
from ccengine.ids import FlowId
from ccengine.ivr.load import read_flows
from ccengine.ivr.model import Flow
from ccengine.settings import FlowsFrom, Settings
from ccengine.yamlsource.model import BadFileError, Position, Problem

DATABASE_DEADLINE_S = 5.0
LOOK_BACK = 10
"""So many publications are tried when an engine starts and the newest flows are broken."""
BY_FOLDER = "folder"
"""The author of what nobody published."""


class NothingPublishedError(Exception):
    """The flows are to come from the database, and it has none."""

    def __init__(self) -> None:
        super().__init__(
            "CCENGINE_FLOWS_FROM is published, and nothing was published yet; "
            "`ccengine flow publish DIR --note …` does"
        )


class Publishing:
    def __init__(self, settings: Settings, publications: Publications) -> None:
        self._settings = settings
        self._publications = publications

    @property
    def from_folder(self) -> bool:
        return self._settings.flows_from is FlowsFrom.FOLDER

    @property
    def publications(self) -> Publications:
        return self._publications

    async def load(self) -> Loaded:
        """What should be in force by now.

        Raises BadFileError, NothingPublishedError, OSError, TooLargeError, the database's errors.
        """
        if self.from_folder:
            return await asyncio.to_thread(load, self._settings.site, self._settings.flows)
        async with asyncio.timeout(DATABASE_DEADLINE_S):
            number = await self._publications.newest_number()
            if not number:
                raise NothingPublishedError
            texts = await self._publications.texts(number)
        return replace(await self.check(texts), publication=number)

    async def newest_good(self) -> Loaded | None:
        """The newest publication that fits the site file of now; None: none of the latest does."""
        async with asyncio.timeout(DATABASE_DEADLINE_S):
            listed = await self._publications.listed(limit=LOOK_BACK)
        for publication in listed:
            texts = await self._publications.texts(publication.number)
            try:
                return replace(await self.check(texts), publication=publication.number)
            except BadFileError:
                continue
        return None

    async def check(self, texts: Texts) -> Loaded:
        """As they would be in force with the site file of now.

        Raises BadFileError, whose problems name the flows' files without a folder.
        """
        return await asyncio.to_thread(_check, self._settings.site, bounded(texts))

    async def publish(self, texts: Texts, *, author: str, note: str) -> Publication:
        """Raises BadFileError, TooLargeError, OSError: nothing was changed then."""
        return await self._put(texts, author=author, note=note, source=Source.PUBLISHED)

    async def rollback(self, number: int | None, *, author: str, note: str) -> Publication:
        """What was published then is published again; None: the one before what is newest.

        Raises NoSuchPublicationError, and as ``publish``: what does not fit the site file of now
        cannot come back.
        """
        if number is None:
            number = await self._before_newest()
        texts = await self._publications.texts(number)
        return await self._put(
            texts, author=author, note=note, source=Source.ROLLBACK, equals=number
        )

    async def record(self, loaded: Loaded) -> int:
        """The number of the publication that says what was loaded; a new one if none does.

        Raises the database's errors.
        """
        if loaded.publication:
            return loaded.publication
        async with asyncio.timeout(DATABASE_DEADLINE_S):
            newest = await self._publications.newest()
            if newest is not None and newest.digest == digest(loaded.texts):
                return newest.number
            made = await self._publications.add(
                loaded.texts,
                {flow.id: flow.version for flow in loaded.flows.values()},
                author=BY_FOLDER,
                note="",
                source=Source.FOLDER,
                site_version=loaded.version,
            )
        return made.number

    async def flow_of_version(self, flow: FlowId, version: str) -> Flow | None:
        """As it was published then, whatever the site file says now; None: it never was."""
        async with asyncio.timeout(DATABASE_DEADLINE_S):
            number = await self._publications.with_version(flow, version)
            if number is None:
                return None
            texts = await self._publications.texts(number)
        found = (await asyncio.to_thread(flows_of, texts)).get(flow)
        return found if found is not None and found.version == version else None

    async def _before_newest(self) -> int:
        listed = await self._publications.listed()
        for older in listed[1:]:
            if older.digest != listed[0].digest:
                return older.number
        raise NoSuchPublicationError(None)

    async def _put(
        self, texts: Texts, *, author: str, note: str, source: Source, equals: int | None = None
    ) -> Publication:
        loaded = await self.check(texts)
        if self.from_folder:
            # First the folder: it is the truth, and it may refuse to be written.
            await asyncio.to_thread(write_texts, self._settings.flows, texts)
        return await self._publications.add(
            texts,
            {flow.id: flow.version for flow in loaded.flows.values()},
            author=author,
            note=note,
            source=source,
            site_version=loaded.version,
            equals=equals,
        )


def _check(site_file: Path, texts: Texts) -> Loaded:
    with tempfile.TemporaryDirectory(prefix="ccengine-flows-") as folder:
        try:
            _lay_out(Path(folder), texts)
            return load(site_file, Path(folder))
        except BadFileError as error:
            raise BadFileError(_without_folder(error.problems, Path(folder))) from None


def flows_of(texts: Texts) -> dict[FlowId, Flow]:
    """Those without mistake, the site's names taken on trust."""
    with tempfile.TemporaryDirectory(prefix="ccengine-flows-") as folder:
        _lay_out(Path(folder), texts)
        return read_flows(Path(folder), None).flows


def _lay_out(folder: Path, texts: Texts) -> None:
    """Raises BadFileError for a name that no flow may have: it could lead out of the folder."""
    bad = [flow for flow in texts if not flow.isidentifier() or not flow.isascii()]
    if bad:
        at = Position(line=1, column=1)
        cure = "use small letters, digits and _, beginning with a letter"
        raise BadFileError(
            tuple(
                Problem(file=flow, at=at, message=f"{flow[:40]!r} cannot name a flow", cure=cure)
                for flow in bad
            )
        )
    write_texts(folder, texts)


def _without_folder(problems: Sequence[Problem], folder: Path) -> tuple[Problem, ...]:
    return tuple(
        replace(problem, file=Path(problem.file).name)
        if Path(problem.file).is_relative_to(folder)
        else problem
        for problem in problems
    )
