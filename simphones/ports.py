"""Loopback ports: free ones, and ones that stay so until their server is up."""

from __future__ import annotations

import socket


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM, host: str = "127.0.0.1") -> int:
    """A port nobody holds now. Someone may take it before you do: be ready to ask again."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def held_port(host: str = "127.0.0.1") -> socket.socket:
    """A TCP port that nobody else is given until the socket is closed.

    A server that reuses addresses, as most do, can listen on it meanwhile. Until it does, whoever
    connects is refused: never is a stranger there.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((host, 0))
    return held
