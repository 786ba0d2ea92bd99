"""A changed site file or flow takes effect: whole or not at all, and under no call's feet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ccengine.acd.inputs import Input, RulesReplaced
from ccengine.engine.flows import InForce, Loaded, load, watch
from ccengine.ivr.prompts import all_prompts
from ccengine.ivr.speech import PromptStore
from ccengine.knowledge.store import Articles
from ccengine.settings import Settings
from ccengine.site.acd import acd_rules
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError

log = structlog.get_logger(__name__)

WATCH_EVERY_S = 1.0


class Reload:
    """Reads, checks and speaks everything new before any of it is in force."""

    def __init__(
        self,
        *,
        settings: Settings,
        in_force: InForce,
        sounds: PromptStore,
        articles: Articles,
        submit: Callable[[Input], None],
    ) -> None:
        self._settings = settings
        self._in_force = in_force
        self._sounds = sounds
        self._articles = articles
        self._submit = submit
        self._one_at_a_time = asyncio.Lock()
        self._asked: set[asyncio.Task[None]] = set()
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
                loaded = await asyncio.to_thread(load, self._settings.site, self._settings.flows)
                await self.speak(loaded, lambda _: None)
            except (BadFileError, OSError) as error:
                log.error("site.refused", problems=str(error))
                return
            except Exception as error:  # noqa: BLE001 - whatever it was, the old files stay in force
                log.error("site.refused", problems=str(error), kind=type(error).__name__)
                return
            self._in_force.replace(loaded)
            self._submit(RulesReplaced(rules=acd_rules(loaded.site, version=loaded.version)))
            await self._tell(loaded.site)
            log.info(
                "site.reloaded",
                flows=len(loaded.flows),
                queues=len(loaded.site.queues),
                version=loaded.version,
            )

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
        await watch(self._settings.site, self._settings.flows, self.now, WATCH_EVERY_S)
