"""Ports for the servers that tests start; runs and workers side by side never share one.

The system gives clients ports from 32,768 on, so a server's port that was free a moment ago may be
a client's when the server comes up, or comes up again. These lie below. A process of tests has a
block of them to itself for as long as it lives: it holds the block's first port, so that the block
is free again however the process ends.
"""

from __future__ import annotations

import functools
import itertools
import socket

_FIRST, _LAST = 20_000, 32_000
_BLOCK = 500
_SERVERS = 100
RTP_PORTS = 100
"""For one Asterisk: 25 calls of two legs, each with sound and its reports."""


class NoPortsError(RuntimeError):
    """All blocks of ports are taken: too many runs of tests at once."""


class _Block:
    """Every second port is for a server: a SIP phone takes the next one too, for TLS."""

    def __init__(self, claim: socket.socket, first: int) -> None:
        self._claim = claim  # held, so that nobody else takes the block
        self._servers = itertools.cycle(range(first + 2, first + _SERVERS, 2))
        self._kept: set[int] = set()
        self._rtp = itertools.cycle(range(first + _SERVERS, first + _BLOCK, RTP_PORTS))

    def server(self) -> int:
        for port in itertools.islice(self._servers, _SERVERS):
            if port not in self._kept and _is_free(port):
                return port
        raise NoPortsError("this process of tests holds all ports of its block")

    def keep(self) -> int:
        port = self.server()
        self._kept.add(port)
        return port

    def rtp(self) -> tuple[int, int]:
        first = next(self._rtp)
        return first, first + RTP_PORTS - 1


def server_ports(count: int) -> list[int]:
    """Free for UDP and TCP alike; they come again only after all others of the block have."""
    block = _own_block()
    return [block.server() for _ in range(count)]


def kept_port() -> int:
    """For a server that comes up later, or again and again: nobody else of this process is given
    it."""
    return _own_block().keep()


def rtp_range() -> tuple[int, int]:
    """First and last; up to four Asterisks at once have one each."""
    return _own_block().rtp()


@functools.cache
def _own_block() -> _Block:
    for first in range(_FIRST, _LAST, _BLOCK):
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.bind(("127.0.0.1", first))
            claim.listen()
        except OSError:
            claim.close()
            continue
        return _Block(claim, first)
    raise NoPortsError


def _is_free(port: int) -> bool:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        # As servers do: a port whose last connections are still closing is free.
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
