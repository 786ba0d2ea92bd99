"""Where the demo lives: its folder, its ports, its settings, and that it lives there alone."""

from __future__ import annotations

import contextlib
import fcntl
import socket
from collections.abc import Iterator
from pathlib import Path

from ccengine.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]

_PORTS = {
    "http_port": (8080, socket.SOCK_STREAM),
    "agi_port": (4573, socket.SOCK_STREAM),
    "ami_port": (5038, socket.SOCK_STREAM),
    "sip_port": (5060, socket.SOCK_DGRAM),
}
_NAMES = {
    "http_port": "the pages",
    "agi_port": "FastAGI",
    "ami_port": "AMI",
    "sip_port": "SIP",
}
_TRIES = 200


class DemoRunsAlready(Exception):
    """Another demo lives in this folder."""


@contextlib.contextmanager
def alone_in(home: Path) -> Iterator[None]:
    """Raises ``DemoRunsAlready``. The lock goes with the process, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRunsAlready(f"a demo is running in {home}; stop it first") from None
        yield


def settings_for(home: Path) -> tuple[Settings, list[str]]:
    """The settings, and a sentence for each usual port that is taken and was replaced."""
    ports: dict[str, int] = {}
    said = []
    for name, (usual, kind) in _PORTS.items():
        port = _free_from(usual, kind, set(ports.values()))
        ports[name] = port
        if port != usual:
            said.append(f"port {usual} is taken: {_NAMES[name]} on {port}")
    rtp_start, rtp_end = (18_000, 18_999) if ports["sip_port"] == 5060 else (19_000, 19_998)
    settings = Settings(
        home=home,
        site=PROJECT / "site.example.yaml",
        flows=PROJECT / "ivr_flows",
        asterisk_root=PROJECT / ".asterisk-root",
        database_url="",
        http_host="127.0.0.1",
        http_port=ports["http_port"],
        public_url="",
        agi_port=ports["agi_port"],
        ami_port=ports["ami_port"],
        sip_port=ports["sip_port"],
        rtp_start=rtp_start,
        rtp_end=rtp_end,
    )
    return settings, said


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings, as another process reads them."""
    return {f"CCENGINE_{name.upper()}": str(value) for name, value in settings}


def still_taken(settings: Settings) -> list[str]:
    """The demo's ports that are not free (any more, or yet)."""
    return [
        f"{_NAMES[name]} ({getattr(settings, name)})"
        for name, (_usual, kind) in _PORTS.items()
        if not _is_free(getattr(settings, name), kind)
    ]


def _free_from(first: int, kind: socket.SocketKind, taken: set[int]) -> int:
    for port in range(first, first + _TRIES):
        if port not in taken and _is_free(port, kind):
            return port
    raise OSError(f"no free port from {first} to {first + _TRIES}")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            # Connections that have just ended are no obstacle to whoever listens next.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
