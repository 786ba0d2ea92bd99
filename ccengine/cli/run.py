"""``ccengine run``: the engine in the foreground until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

import structlog

from ccengine.app import Engine, loaded_from
from ccengine.asterisk import config
from ccengine.asterisk.instance import Asterisk, AsteriskDidNotStart
from ccengine.asterisk.program import AsteriskMissing, find_asterisk
from ccengine.asterisk.secrets import Secrets
from ccengine.db.errors import DatabaseError
from ccengine.engine.flows import Loaded
from ccengine.ivr.render import SpeechCommandError
from ccengine.ivr.speech import PromptsNotRenderedError
from ccengine.logs import configure
from ccengine.settings import Settings
from ccengine.yamlsource.model import BadFileError

log = structlog.get_logger(__name__)

COULD_NOT = 2


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
        loaded = loaded_from(settings)
        return asyncio.run(_serve(settings, loaded, args))
    except BadFileError as error:
        print(error, file=sys.stderr)
        return 1
    except (
        DatabaseError,
        AsteriskMissing,
        AsteriskDidNotStart,
        PromptsNotRenderedError,
        SpeechCommandError,
        OSError,
    ) as error:
        print(f"ccengine cannot start: {error}", file=sys.stderr)
        return COULD_NOT


async def _serve(settings: Settings, loaded: Loaded, args: argparse.Namespace) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    engine = Engine(settings, loaded)
    loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(engine.reload()))
    asterisk = await _asterisk(settings, loaded) if args.asterisk else None
    try:
        await engine.start(lambda text: log.info("starting", step=text))
        await stopping.wait()
    finally:
        await engine.stop()
        if asterisk is not None:
            await asterisk.stop()
    return 0


async def _asterisk(settings: Settings, loaded: Loaded) -> Asterisk:
    layout = config.AsteriskLayout.of(settings, find_asterisk(settings.asterisk_root))
    secrets = Secrets.load(settings.secrets, loaded.site.agents)
    await asyncio.to_thread(config.write, loaded.site, settings, secrets, layout)
    asterisk = Asterisk(layout)
    await asterisk.start()
    return asterisk
