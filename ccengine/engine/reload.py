"""A changed site file or flow takes effect: whole or not at all, and under no call's feet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.acd.inputs import Input, RulesReplaced
from ccengine.clock import Clock, EngineClock
from ccengine.engine.flows import InForce, Loaded, load, watch
from ccengine.engine.publishing import Publishing
from ccengine.flows.model import Refusal
from ccengine.ids import FlowId
from ccengine.ivr.prompts import all_prompts
from ccengine.ivr.speech import PromptStore
from ccengine.knowledge.store import Articles
from ccengine.settings import Settings
from ccengine.site.acd import acd_rules
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError

log = structlog.get_logger(__name__)

WATCH_EVERY_S = 1.0
LOOK_EVERY_S = 2.0
"""At the number of the newest publication."""
TRIES = 5
"""To take up a publication that is without mistake."""


class Reload:
    """Reads, checks and speaks everything new before any of it is in force.

    Without ``publishing`` the folder is taken up and nothing is recorded.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        in_force: InForce,
        sounds: PromptStore,
        articles: Articles,
        submit: Callable[[Input], None],
        publishing: Publishing | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._in_force = in_force
        self._sounds = sounds
        self._articles = articles
        self._submit = submit
        self._publishing = publishing
        self._clock = clock or EngineClock()
        self._one_at_a_time = asyncio.Lock()
        self._asked: set[asyncio.Task[None]] = set()
        self._looked_at = 0
        self.refusal: Refusal | None = None
        """Of the newest files, until some are taken up."""
        self.on_reloaded: Callable[[Site], Awaitable[None]] | None = None
        """Told of a new site file in force: whoever runs Asterisk makes its phones follow."""

    async def speak(self, loaded: Loaded, progress: Callable[[str], None]) -> None:
        """Render what callers can hear and is not there yet, spoken articles included.

        Raises SpeechCommandError, PromptsNotRenderedError.
        """
        articles = await self._articles.published()
        spoken = [(article.language, article.spoken) for article in articles]
        await self._sounds.render_missing(
            all_prompts(loaded.flows, spoken, loaded.site),
            lambda done, total: progress(f"prompts {done}/{total}"),
        )

    async def now(self) -> None:
        """Take up the files as they are now; a mistake leaves the old ones in force."""
        async with self._one_at_a_time:
            try:
                loaded = await self._load()
                await self.speak(loaded, lambda _: None)
            except BadFileError as error:
                self._refuse(error, "flows or site file have mistakes", error)
                return
            except Exception as error:  # noqa: BLE001 - whatever it was, the old files stay in force
                self._refuse(error, f"{type(error).__name__}: {error}", None)
                return
            loaded = replace(loaded, publication=await self._record(loaded))
            self.refusal = None
            self._in_force.replace(loaded)
            self._submit(RulesReplaced(rules=acd_rules(loaded.site, version=loaded.version)))
            await self._tell(loaded.site)
            log.info(
                "site.reloaded",
                flows=len(loaded.flows),
                queues=len(loaded.site.queues),
                version=loaded.version,
                publication=loaded.publication,
            )

    async def _load(self) -> Loaded:
        if self._publishing is None:
            return await asyncio.to_thread(load, self._settings.site, self._settings.flows)
        return await self._publishing.load()

    def _refuse(self, error: Exception, said: str, bad: BadFileError | None) -> None:
        problems = () if bad is None else bad.problems
        self.refusal = Refusal(at=self._clock.now(), said=said, problems=problems)
        log.error("site.refused", problems=str(error), kind=type(error).__name__)

    async def _record(self, loaded: Loaded) -> int:
        """0: the database is away; the watch tries again."""
        if self._publishing is None:
            return 0
        try:
            return await self._publishing.record(loaded)
        except (SQLAlchemyError, OSError) as error:  # TimeoutError is an OSError
            log.error("flows.not_recorded", why=str(error))
            return 0

    async def begin(self, refusal: Refusal | None, live: Iterable[tuple[FlowId, str]]) -> None:
        """At the engine's start: what it began with is recorded, and the flows of calls that are
        up are found again as they were. Raises nothing for a database that is away."""
        self.refusal = refusal
        if self._publishing is None:
            return
        await self._record_now()
        for flow, version in live:
            if self._in_force.flow_of_version(flow, version) is not None:
                continue
            try:
                found = await self._publishing.flow_of_version(flow, version)
            except (SQLAlchemyError, OSError) as error:
                log.error("flows.version_not_found", flow=flow, version=version, why=str(error))
                continue
            if found is None:
                log.error("flows.version_not_found", flow=flow, version=version, why="unknown")
            else:
                self._in_force.remember(found)

    async def _record_now(self) -> None:
        async with self._one_at_a_time:
            loaded = self._in_force.loaded
            if not loaded.publication:
                number = await self._record(loaded)
                self._in_force.replace(replace(loaded, publication=number))
            self._looked_at = self._in_force.loaded.publication

    async def _tell(self, site: Site) -> None:
        if self.on_reloaded is None:
            return
        try:
            await self.on_reloaded(site)
        except Exception:
            # Its own fault to mend; the files are in force and go on being watched.
            log.exception("site.follower_failed")

    def soon(self) -> None:
        """Asked by a signal: begins at once, in the background."""
        task = asyncio.create_task(self.now())
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def watch(self) -> None:
        """For as long as the engine runs."""
        publishing = self._publishing
        if publishing is None or publishing.from_folder:
            await watch(self._settings.site, self._settings.flows, self.now, WATCH_EVERY_S)
        else:
            await watch(self._settings.site, None, self.now, WATCH_EVERY_S)

    async def watch_publications(self) -> None:
        """For as long as the engine runs: takes up what is published, records what was not."""
        publishing = self._publishing
        if publishing is None:
            return
        tries = 0
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if publishing.from_folder:
                if not self._in_force.loaded.publication and self.refusal is None:
                    await self._record_now()
                continue
            try:
                number = await publishing.publications.newest_number()
            except (SQLAlchemyError, OSError) as error:
                log.warning("flows.not_looked_at", why=str(error))
                continue
            if number == self._looked_at:
                tries = 0
                continue
            await self.now()
            tries += 1
            # Mistakes are looked at once; what may pass (a database, a voice) a few times.
            if self.refusal is None or self.refusal.problems or tries == TRIES:
                self._looked_at = number
