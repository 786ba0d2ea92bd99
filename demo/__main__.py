"""``python -m demo``: everything is started, told, shown, and stopped here."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
import signal
import sys
import time
from collections.abc import Sequence

from ccengine.app import loaded_from
from ccengine.asterisk.program import AsteriskMissing, find_asterisk
from ccengine.asterisk.secrets import Secrets
from ccengine.db.errors import DatabaseError
from ccengine.ids import AgentId
from ccengine.settings import Settings
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError
from demo import options, place, status
from demo.agents import AGENT_HUM, Agent
from demo.business import PORT, Business
from demo.crowd import Crowd
from demo.engine import EngineDidNotStart, EngineProcess
from demo.logins import Login, furnish
from simphones.callers import Callers
from simphones.phones import PhoneRefused, Phones

YOURS = AgentId("1005")
_REGISTER_LIMIT = 20.0
_PORTS_FREE_LIMIT = 5.0
COULD_NOT = 2


class SomethingLeft(Exception):
    """After the stop something still held one of the demo's ports."""


def main() -> int:
    """0: lived and stopped in order; 2: could not start, or something was left."""
    given = options.read()
    voice = status.Voice()
    try:
        with place.alone_in(given.home):
            asyncio.run(_live(given, voice))
    except (
        place.DemoRunsAlready,
        AsteriskMissing,
        BadFileError,
        DatabaseError,
        EngineDidNotStart,
        PhoneRefused,
        SomethingLeft,
        OSError,  # a port, the disk, a program that is not installed, a deadline
    ) as error:
        voice.done()
        print(f"demo: {error}", file=sys.stderr)
        return COULD_NOT
    return 0


async def _live(given: options.Options, voice: status.Voice) -> None:
    settings, taken = place.settings_for(given.home)
    for sentence in taken:
        voice.say(sentence)
    program = await asyncio.to_thread(find_asterisk, settings.asterisk_root)
    voice.say(f"using {status.named(program)}")
    site = loaded_from(settings).site
    voice.say("database: tables, example customers and articles, accounts")
    logins = await furnish(settings, site)
    secrets = Secrets.load(settings.secrets, site.agents)
    business = Business(settings.secrets)

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    engine = EngineProcess(settings)
    async with contextlib.AsyncExitStack() as outside:
        try:
            await outside.enter_async_context(business)
        except OSError:
            voice.say(f"port {PORT} is taken: the bank and the parcels of the demo do not answer")
        await _run(given, settings, site, logins, secrets, engine, stopping, voice)


async def _run(
    given: options.Options,
    settings: Settings,
    site: Site,
    logins: Sequence[Login],
    secrets: Secrets,
    engine: EngineProcess,
    stopping: asyncio.Event,
    voice: status.Voice,
) -> None:
    try:
        voice.say("engine and Asterisk: starting; the first time all prompts are spoken to files")
        told = functools.partial(_tell_step, voice)
        if not await _unless(stopping, engine.start(told)):
            return
        voice.say("engine and Asterisk: ready")
        await _open(given, settings, site, logins, secrets, engine, stopping, voice)
    finally:
        voice.done()
        voice.say("stopping the engine and Asterisk")
        await engine.stop()
        await _nothing_left(settings)
        voice.say("all that was started has been stopped")


def _tell_step(voice: status.Voice, step: str) -> None:
    voice.show(f"engine: {step}")


async def _open(
    given: options.Options,
    settings: Settings,
    site: Site,
    logins: Sequence[Login],
    secrets: Secrets,
    engine: EngineProcess,
    stopping: asyncio.Event,
    voice: status.Voice,
) -> None:
    target = ("127.0.0.1", settings.sip_port)
    async with Phones() as phones, Callers(target=target) as callers:
        agents = [
            await _agent(login, phones, settings, secrets, target, given.seed, voice)
            for login in logins
            if login.agent_id in site.agents and login.agent_id != YOURS
        ]
        voice.say(f"{len(agents)} simulated agents are at their desks")
        print(status.welcome(settings, logins, YOURS, secrets.sip[YOURS]), flush=True)
        crowd = Crowd(callers, at_once=given.callers, in_all=given.calls, seed=given.seed)
        work = [asyncio.create_task(agent.work()) for agent in agents]
        work.append(asyncio.create_task(crowd.call(), name="callers"))
        work.append(asyncio.create_task(_show(voice, crowd, agents)))
        try:
            await _until(stopping, engine, work)
        finally:
            voice.done()
            voice.say("stopping: callers hang up, agents leave")
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)


async def _agent(
    login: Login,
    phones: Phones,
    settings: Settings,
    secrets: Secrets,
    target: tuple[str, int],
    seed: int,
    voice: status.Voice,
) -> Agent:
    assert login.agent_id is not None
    phone = await phones.register(
        login.agent_id,
        secrets.sip[login.agent_id],
        target=target,
        hz=AGENT_HUM,
        remembers_sound=False,
        within=_REGISTER_LIMIT,
    )
    dice = random.Random(f"{seed} {login.agent_id}")
    return Agent(login, phone, settings.url, dice, voice.say)


async def _until(
    stopping: asyncio.Event, engine: EngineProcess, work: Sequence[asyncio.Task[None]]
) -> None:
    """Until the owner stops it. Raises what broke, be it the engine or one of the simulated."""
    stop = asyncio.create_task(stopping.wait())
    died = asyncio.create_task(engine.died())
    try:
        left = set(work)
        while not stop.done():
            done, _ = await asyncio.wait({stop, died, *left}, return_when=asyncio.FIRST_COMPLETED)
            if stop.done():
                return
            if died.done():
                raise EngineDidNotStart(died.result())
            for task in done & left:
                task.result()
                left.discard(task)
    finally:
        for task in (stop, died):
            task.cancel()


async def _unless(stopping: asyncio.Event, work: object) -> bool:
    """Does it unless the owner stops the demo first; whether it was done."""
    assert asyncio.iscoroutine(work)
    doing = asyncio.create_task(work)
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({doing, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if doing.done():
        doing.result()
        return True
    doing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await doing
    return False


async def _show(voice: status.Voice, crowd: Crowd, agents: Sequence[Agent]) -> None:
    while True:
        voice.show(status.line_of(crowd, agents))
        await asyncio.sleep(status.REFRESH)


async def _nothing_left(settings: Settings) -> None:
    """Raises ``SomethingLeft`` when a port of the demo is held after its end."""
    until = time.monotonic() + _PORTS_FREE_LIMIT
    while left := place.still_taken(settings):
        if time.monotonic() > until:
            raise SomethingLeft(f"still running: {', '.join(left)}")
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
