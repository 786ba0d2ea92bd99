"""Free loopback ports."""

from __future__ import annotations

import socket


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM, host: str = "127.0.0.1") -> int:
    """A port nobody holds now. Someone may take it before you do: be ready to ask again."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
