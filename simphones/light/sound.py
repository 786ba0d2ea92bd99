"""Sound of all ends on one port: a packet of A-law silence every 20 ms, as phones send it.

It matters: Asterisk's Answer waits up to half a second for a caller's first packet.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from dataclasses import dataclass

from simphones.sip import SipMessage

_HEADER = struct.Struct("!BBHII")
_SILENCE = b"\xd5" * 160
_PACKET_S = 0.02
_A_LAW = 8


@dataclass(slots=True)
class _Stream:
    target: tuple[str, int]
    source: int
    number: int = 0

    def packet(self) -> bytes:
        self.number += 1
        first = 0x80 if self.number == 1 else 0
        return (
            _HEADER.pack(0x80, _A_LAW | first, self.number & 0xFFFF, self.number * 160, self.source)
            + _SILENCE
        )


class Sound:
    """What Asterisk sends comes to the same port, where nobody reads it."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._streams: dict[str, _Stream] = {}
        self._ticking = asyncio.create_task(self._tick())

    def start(self, call_id: str, said: SipMessage) -> None:
        """To where ``said`` wants its sound; the first packet leaves now."""
        media = said.media
        if media is None or call_id in self._streams:
            return
        stream = _Stream((media.host, media.port), random.getrandbits(32))
        self._streams[call_id] = stream
        self._send(stream)

    def stop(self, call_id: str) -> None:
        self._streams.pop(call_id, None)

    def close(self) -> None:
        self._ticking.cancel()
        self._socket.close()

    def _send(self, stream: _Stream) -> None:
        # A port that Asterisk has just closed, or a full buffer: sound may be lost.
        with contextlib.suppress(ConnectionRefusedError, BlockingIOError):
            self._socket.sendto(stream.packet(), stream.target)

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            for stream in self._streams.values():
                self._send(stream)
            # After a bad moment the packets that are late are left out.
            due = max(due + _PACKET_S, loop.time())
            await asyncio.sleep(due - loop.time())
