"""A PostgreSQL of the tests' own: Debian's programs, a folder and a port of its own, loopback only.

A machine without PostgreSQL is an error with its cure, never a reason to leave tests out.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from simphones.processes import DIES_WITH_US
from tests.kit.ports import server_ports

START_DEADLINE_S = 30.0


class PostgresMissingError(RuntimeError):
    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL's server programs are not on this machine. "
            "Run `make setup`, or `apt-get install postgresql`."
        )


class PostgresServer:
    """One cluster. It can be killed, frozen and started again, as servers are."""

    def __init__(self) -> None:
        self._bin = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="ccengine-pg-"))
        self._run_as = _other_user() if os.geteuid() == 0 else []
        self._process: subprocess.Popen[bytes] | None = None
        (self.port,) = server_ports(1)
        if self._run_as:
            user = pwd.getpwnam(self._run_as[-2])
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        subprocess.run(
            [
                *self._run_as,
                str(self._bin / "initdb"),
                *("-D", str(self._data), "-U", "ccengine", "-A", "trust", "-E", "UTF8"),
                *("--locale=C.UTF-8", "--no-sync", "--no-instructions"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=START_DEADLINE_S,
            cwd="/",
        )
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://ccengine@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Only start it; from a thread that lives as long as the tests: it ends with its thread."""
        with (self._folder / "log").open("ab") as said:
            self._process = subprocess.Popen(
                [
                    *(self._run_as or DIES_WITH_US),
                    str(self._bin / "postgres"),
                    *("-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1", "-k", ""),
                    *("-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=32MB"),
                ],
                stdout=subprocess.DEVNULL,
                stderr=said,
                cwd="/",
            )

    def wait_until_ready(self) -> None:
        assert self._process is not None, "it was not launched"
        ends = time.monotonic() + START_DEADLINE_S
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, timeout=5, check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"PostgreSQL did not start: {self._said()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """At once, as when the machine loses it; connections break."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_DEADLINE_S)
            self._process = None

    def freeze(self) -> None:
        """It still has its connections and answers nobody."""
        for pid in self._pids():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self._pids():
            os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def create_database(self, name: str, template: str = "template1") -> str:
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    async def drop_database(self, name: str) -> None:
        await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(
            self.url("postgres").replace("+asyncpg", ""), timeout=START_DEADLINE_S
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _pids(self) -> list[int]:
        """The server and its children: they are what answers a connection."""
        if self._process is None:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [self._process.pid, *(int(pid) for pid in children.read_text().split())]

    def _said(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2_000:]


def _programs() -> Path:
    """Debian keeps them out of PATH, by version; the newest is taken."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))],
    )
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise PostgresMissingError
    return Path(elsewhere).resolve().parent


def _other_user() -> list[str]:
    """initdb and postgres refuse to run as root. ``setpriv`` execs, so the pid is the server's."""
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        setpriv = shutil.which("setpriv") or "setpriv"
        as_user = ("--clear-groups", "--regid", str(user.pw_gid), "--reuid", name)
        return [setpriv, "--pdeathsig", "QUIT", *as_user, "--"]
    raise RuntimeError("PostgreSQL does not run as root and there is no other user to run it as.")
