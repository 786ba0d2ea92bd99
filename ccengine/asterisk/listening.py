"""Who listens on a port of this machine, read from /proc: nothing is ever connected to.

A connection to the FastAGI port is a call to whoever listens there; a health check must not make
one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_LISTEN = "0A"
_UDP_BOUND = "07"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """``pid`` is 0 and ``arguments`` empty when the process is another user's."""

    pid: int
    arguments: tuple[str, ...]

    @property
    def program(self) -> str:
        return Path(self.arguments[0]).name if self.arguments else "?"

    def runs(self, name: str) -> bool:
        """Whether this is that program, also when a loader or an interpreter runs it for us."""
        return any(Path(argument).name == name for argument in self.arguments)


def listener(port: int, kind: Literal["tcp", "udp"], proc: Path = Path("/proc")) -> Listener | None:
    """The process that holds the port on any address, or None. Blocks for some milliseconds."""
    wanted = _LISTEN if kind == "tcp" else _UDP_BOUND
    for table in (kind, f"{kind}6"):
        try:
            lines = (proc / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if int(fields[1].rpartition(":")[2], 16) == port and fields[3] == wanted:
                return _holder(fields[9], proc)
    return None


def _holder(inode: str, proc: Path) -> Listener:
    socket = f"socket:[{inode}]"
    for process in proc.iterdir():
        if process.name.isdigit() and _has(process, socket):
            return Listener(pid=int(process.name), arguments=_arguments(process))
    return Listener(pid=0, arguments=())


def _has(process: Path, socket: str) -> bool:
    try:
        with os.scandir(process / "fd") as entries:
            return any(_target(entry.path) == socket for entry in entries)
    except OSError:  # another user's, or gone meanwhile
        return False


def _target(link: str) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _arguments(process: Path) -> tuple[str, ...]:
    try:
        line = (process / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ()
    return tuple(line.rstrip("\0").split("\0"))
