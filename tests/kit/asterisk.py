"""A private Asterisk for tests, configured by the code under test, on ports of its own.

    async def test_something(asterisk_site: AsteriskSite) -> None:
        async with Callers(target=asterisk_site.sip) as callers: ...

``asterisk_site`` lives for the whole session and has no engine: whoever wants one listens on
``settings.agi_port`` (free until then) and logs in to AMI with ``secrets.ami``. Its site is
``site.example.yaml`` with a short fallback; trunk ``carrier`` is this machine, so callers and
phones may both come from 127.0.0.1 (a caller's number must not look like an extension). For an
Asterisk that a test stops, kills or configures otherwise, use ``running_asterisk`` itself. Its
methods can be awaited from any test's loop.

The system prompts are tones, so that a test can tell which one a caller heard: see ``TONES``.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from ccengine.asterisk.config import AsteriskLayout, write
from ccengine.asterisk.instance import Asterisk
from ccengine.asterisk.program import find_asterisk
from ccengine.asterisk.secrets import Secrets
from ccengine.settings import Settings
from ccengine.site.model import Site
from simphones import audio
from simphones.processes import DIES_WITH_US
from tests.kit.ports import rtp_range, server_ports

PROJECT = Path(__file__).resolve().parents[2]
TONES = {
    ("zh-CN", "please_hold"): 520.0,
    ("zh-CN", "fallback_announce"): 640.0,
    ("zh-CN", "leave_message"): 780.0,
    ("zh-CN", "goodbye"): 940.0,
    ("en", "please_hold"): 1140.0,
    ("en", "fallback_announce"): 1380.0,
    ("en", "leave_message"): 1660.0,
    ("en", "goodbye"): 2000.0,
}
"""Language and name of a system prompt to the tone (Hz) that stands for it here."""

_Result = TypeVar("_Result")


class AsteriskSite:
    """One Asterisk with the site, settings and secrets that it was configured from."""

    def __init__(self, home: Path, site: Site, settings: Settings) -> None:
        self.home = home
        self.site = site
        self.settings = settings
        self.secrets = Secrets.load(settings.secrets, site.agents)
        program = find_asterisk(settings.asterisk_root)
        program = replace(program, command=(*DIES_WITH_US, *program.command))
        self.layout = AsteriskLayout.of(settings, program, verbose=3)
        self.instance = Asterisk(self.layout)
        # A loop of its own, so that it outlives the loops of single tests.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="asterisk")
        self._thread.start()

    @property
    def sip(self) -> tuple[str, int]:
        """Where callers and phones find it."""
        return (self.settings.sip_host, self.settings.sip_port)

    def configure(self) -> None:
        write(self.site, self.settings, self.secrets, self.layout)

    async def start(self) -> None:
        await self._there(self.instance.start())

    async def stop(self) -> None:
        await self._there(self.instance.stop())

    async def kill(self) -> None:
        await self._there(self.instance.kill())

    async def cli(self, command: str) -> str:
        """What the console says; ``AsteriskCliError`` when there is none."""
        return await self._there(self.instance.cli(command))

    def log_text(self) -> str:
        """Notices, errors and the steps of the dialplan."""
        return (self.layout.log / "messages.log").read_text("utf-8", errors="replace")

    def close(self) -> None:
        """Stops Asterisk and its loop; from a thread that runs no loop, or at the very end."""
        try:
            self._submit(self.instance.stop()).result(timeout=20)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
            self._loop.close()

    def start_now(self) -> None:
        self._submit(self.instance.start()).result(timeout=30)

    def _submit(self, work: Coroutine[Any, Any, _Result]) -> Future[_Result]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _there(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return await asyncio.wrap_future(self._submit(work))


def example_site(**changes: Any) -> Site:
    """``site.example.yaml`` with these top-level parts replaced."""
    raw = yaml.safe_load((PROJECT / "site.example.yaml").read_text("utf-8"))
    return Site.model_validate(raw | changes)


def free_settings(home: Path, **changes: Any) -> Settings:
    """Settings on ports that no other test has."""
    sip, ami, agi, http = server_ports(4)
    rtp_start, rtp_end = rtp_range()
    values: dict[str, Any] = {
        "home": home,
        "asterisk_root": PROJECT / ".asterisk-root",
        "flows": PROJECT / "ivr_flows",
        "sip_port": sip,
        "ami_port": ami,
        "agi_port": agi,
        "http_port": http,
        "rtp_start": rtp_start,
        "rtp_end": rtp_end,
        "sip_qualify": 0,
    }
    return Settings(**(values | changes))


@contextlib.asynccontextmanager
async def running_asterisk(
    *, site: Site | None = None, **settings: Any
) -> AsyncIterator[AsteriskSite]:
    """An Asterisk of a test's own, running; gone with its files afterwards."""
    with _made(site or example_site(), settings) as made:
        await made.start()
        yield made


@pytest.fixture(scope="session")
def asterisk_site() -> Iterator[AsteriskSite]:
    """One Asterisk without an engine, for all tests of the session."""
    fallback = {"agents": ["1001", "1002", "1003", "1004"], "ring": 6}
    with _made(example_site(fallback=fallback), {}) as made:
        made.start_now()
        yield made


@contextlib.contextmanager
def _made(site: Site, settings: dict[str, Any]) -> Iterator[AsteriskSite]:
    # A short path: the control socket's name has 108 bytes at most.
    home = Path(tempfile.mkdtemp(prefix="cc-"))
    try:
        made = AsteriskSite(home, site, free_settings(home, **settings))
        try:
            made.configure()
            _write_prompts(made.settings.prompts)
            yield made
        finally:
            made.close()
    finally:
        shutil.rmtree(home)


def _write_prompts(folder: Path) -> None:
    for (language, name), hz in TONES.items():
        target = folder / "system" / language
        target.mkdir(parents=True, exist_ok=True)
        audio.write_wav(target / f"{name}.wav", audio.tone(hz, 1.0))
