"""``ccengine run``: the engine in the foreground until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.app import Engine
from ccengine.asterisk import config
from ccengine.asterisk.conf_values import UnsafeValue
from ccengine.asterisk.config import TemplatesMissing
from ccengine.asterisk.instance import Asterisk, AsteriskCliError, AsteriskDidNotStart
from ccengine.asterisk.program import AsteriskMissing, find_asterisk
from ccengine.asterisk.secrets import Secrets
from ccengine.cli.endings import COULD_NOT
from ccengine.db.errors import DatabaseError
from ccengine.engine.beginning import begin
from ccengine.engine.flows import Loaded
from ccengine.engine.home import Home
from ccengine.engine.publishing import NothingPublishedError
from ccengine.flows.model import TooLargeError
from ccengine.ivr.render import SpeechCommandError
from ccengine.ivr.speech import PromptsNotRenderedError
from ccengine.logs import configure
from ccengine.settings import Settings
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError

log = structlog.get_logger(__name__)

RELOADS = ("module reload res_pjsip.so", "dialplan reload", "module reload app_queue.so")
"""What a changed site file can change in Asterisk: phones and trunks, numbers, the fallback."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--asterisk",
        action="store_true",
        help="start an Asterisk for this engine, configured from the site file, and stop it too",
    )


def run(args: argparse.Namespace) -> int:
    settings = Settings()
    configure(settings.log_format)
    try:
        with Home(settings.home):
            return asyncio.run(_serve(settings, args))
    except BadFileError as error:
        print(error, file=sys.stderr)
        return 1
    except (
        DatabaseError,
        SQLAlchemyError,
        NothingPublishedError,
        TooLargeError,
        AsteriskMissing,
        AsteriskDidNotStart,
        TemplatesMissing,
        UnsafeValue,
        PromptsNotRenderedError,
        SpeechCommandError,
        OSError,
    ) as error:
        print(f"ccengine cannot start: {error}", file=sys.stderr)
        return COULD_NOT


async def _serve(settings: Settings, args: argparse.Namespace) -> int:
    beginning = await begin(settings)
    loaded = beginning.loaded
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    engine = Engine(settings, beginning)
    loop.add_signal_handler(signal.SIGHUP, engine.reload.soon)
    asterisk = await _asterisk(settings, loaded) if args.asterisk else None
    if asterisk is not None:
        engine.reload.on_reloaded = _Follower(settings, asterisk).follow
    try:
        await engine.start(lambda text: log.info("starting", step=text))
        # What stands now stands until the end: no need to walk it for garbage amid calls.
        gc.collect()
        gc.freeze()
        await stopping.wait()
    finally:
        await engine.stop()
        if asterisk is not None:
            await asterisk.stop()
    return 0


class _Follower:
    """Makes our Asterisk follow a new site file; calls that are up are not touched by a reload."""

    def __init__(self, settings: Settings, asterisk: Asterisk) -> None:
        self._settings = settings
        self._asterisk = asterisk

    async def follow(self, site: Site) -> None:
        try:
            secrets = await asyncio.to_thread(Secrets.load, self._settings.secrets, site.agents)
            changed = await asyncio.to_thread(
                config.write, site, self._settings, secrets, self._asterisk.layout
            )
            for command in RELOADS if changed else ():
                await self._asterisk.cli(command)
        except (OSError, UnsafeValue, AsteriskCliError) as error:
            log.error("asterisk.not_reloaded", why=str(error))


async def _asterisk(settings: Settings, loaded: Loaded) -> Asterisk:
    layout = config.AsteriskLayout.of(settings, find_asterisk(settings.asterisk_root))
    asterisk = Asterisk(layout)
    if await asterisk.find_running():
        await _Follower(settings, asterisk).follow(loaded.site)
        return asterisk
    secrets = Secrets.load(settings.secrets, loaded.site.agents)
    await asyncio.to_thread(config.write, loaded.site, settings, secrets, layout)
    await asterisk.start()
    return asterisk
