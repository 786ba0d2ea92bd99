"""A small Asterisk of this suite's own: it proves the phones, not the engine."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ccengine.asterisk.program import AsteriskProgram, find_asterisk
from simphones.callers import Callers
from simphones.phones import Phone, Phones
from simphones.processes import DIES_WITH_US
from tests.kit.ports import rtp_range, server_ports

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent / ".asterisk-root"
_EMPTY = ("acl", "ccss", "cdr", "cel", "features", "indications", "logger", "pjproject", "udptl")
PASSWORDS = {"71": "seventy-one", "72": "seventy-two"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Where this suite's Asterisk takes SIP, and what calls and answers there."""

    target: tuple[str, int]
    callers: Callers
    phones: Phones

    async def phone(self, extension: str, *, hz: int = 1000) -> Phone:
        return await self.phones.register(
            extension, PASSWORDS[extension], target=self.target, hz=hz
        )


@pytest.fixture(scope="session")
def sip_port() -> Iterator[int]:
    program = find_asterisk(_ROOT)
    with tempfile.TemporaryDirectory(prefix="small-asterisk-") as home:
        (port,) = server_ports(1)
        configuration = _configure(program, Path(home), port)
        command = [*program.command, "-C", str(configuration)]
        console = Path(home) / "console"
        with console.open("wb") as output:
            process = subprocess.Popen(
                [*DIES_WITH_US, *command, "-f", "-n"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_booted(command, process, console)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.fixture
async def floor(sip_port: int) -> AsyncIterator[Floor]:
    target = ("127.0.0.1", sip_port)
    async with Phones() as phones, Callers(target=target) as callers:
        yield Floor(target=target, callers=callers, phones=phones)
    current = asyncio.current_task()
    assert asyncio.all_tasks() - {current} == set(), "a call or phone left something running"


def _configure(program: AsteriskProgram, home: Path, port: int) -> Path:
    settings = home / "conf"
    settings.mkdir()
    for folder in ("lib", "db", "spool", "run", "log"):
        (home / folder).mkdir()
    rtp_start, rtp_end = rtp_range()
    values = {"@SIP_PORT@": port, "@RTP_START@": rtp_start, "@RTP_END@": rtp_end}
    for source in (_HERE / "asterisk").glob("*.conf"):
        text = source.read_text(encoding="utf-8")
        for mark, value in values.items():
            text = text.replace(mark, str(value))
        (settings / source.name).write_text(text, encoding="utf-8")
    for name in _EMPTY:
        (settings / f"{name}.conf").write_text("", encoding="utf-8")
    directories = {
        "astetcdir": settings,
        "astmoddir": program.modules,
        "astdatadir": program.data,
        "astvarlibdir": home / "lib",
        "astdbdir": home / "db",
        "astkeydir": home / "lib",
        "astagidir": home / "lib",
        "astspooldir": home / "spool",
        "astrundir": home / "run",
        "astlogdir": home / "log",
    }
    lines = ["[directories]", *(f"{name} => {path}" for name, path in directories.items())]
    lines += ["[options]", "entityid = 02:00:00:00:00:01"]
    file = settings / "asterisk.conf"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _wait_until_booted(command: list[str], process: subprocess.Popen[bytes], console: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        asked = subprocess.run(
            [*command, "-r", "-x", "core waitfullybooted"], capture_output=True, timeout=20
        )
        if b"fully booted" in asked.stdout:
            return
        time.sleep(0.05)
    raise AssertionError(f"Asterisk did not start: {console.read_text(errors='replace')}")
