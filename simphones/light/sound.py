"""Sound of all ends on one port: a packet of A-law silence every 20 ms, as phones send it.

It matters: Asterisk's Answer waits up to half a second for a caller's first packet.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from simphones import rtp
from simphones.sip import SipMessage

_HEADER = struct.Struct("!BBHII")
_SILENCE = b"\xd5" * 160
_PACKET_S = 0.02
_AT_ONCE = 200
"""Packets read before other work gets its turn."""
_A_LAW = 8
_KEY_EVENT = 101


@dataclass(slots=True)
class _Stream:
    target: tuple[str, int]
    source: int
    number: int = 0
    on_sound: Callable[[bytes, float], None] | None = None

    def event(self, payload: bytes, *, first: bool, began: int) -> bytes:
        """One packet of a key (RFC 4733)."""
        self.number += 1
        marker = 0x80 if first else 0
        head = _HEADER.pack(
            0x80, _KEY_EVENT | marker, self.number & 0xFFFF, began * 160, self.source
        )
        return head + payload

    def packet(self) -> bytes:
        self.number += 1
        first = 0x80 if self.number == 1 else 0
        return (
            _HEADER.pack(0x80, _A_LAW | first, self.number & 0xFFFF, self.number * 160, self.source)
            + _SILENCE
        )


class Sound:
    """What Asterisk sends comes to the same port, where it is read only for who listens."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._streams: dict[str, _Stream] = {}
        self._by_source: dict[tuple[str, int], _Stream] = {}
        self._reading = False
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
        stream = self._streams.pop(call_id, None)
        if stream is not None:
            self._by_source.pop(stream.target, None)

    def listen(self, call_id: str, on_sound: Callable[[bytes, float], None]) -> None:
        """``on_sound(A-law, Unix time)`` for each packet that comes to this call."""
        stream = self._streams[call_id]
        stream.on_sound = on_sound
        self._by_source[stream.target] = stream
        if not self._reading:
            self._reading = True
            asyncio.get_running_loop().add_reader(self._socket, self._read)

    async def press(self, call_id: str, key: str, seconds: float = 0.08) -> float:
        """One key, in RTP; the moment (Unix time) just before its end was first said."""
        stream = self._streams[call_id]
        began = stream.number + 1
        ended = 0.0
        frames = list(rtp.event_payloads(key, seconds))
        for place, payload in enumerate(frames):
            if payload[1] & 0x80 and not ended:
                ended = time.time()
            with contextlib.suppress(ConnectionRefusedError, BlockingIOError):
                packet = stream.event(payload, first=place == 0, began=began)
                self._socket.sendto(packet, stream.target)
            if not ended:
                await asyncio.sleep(_PACKET_S)
        return ended

    def _read(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, source = self._socket.recvfrom(2_048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            stream = self._by_source.get(source)
            if stream is not None and stream.on_sound is not None:
                packet = rtp.parse(data)
                if packet is not None and packet.payload_type == _A_LAW:
                    stream.on_sound(packet.payload, time.time())

    def close(self) -> None:
        self._ticking.cancel()
        if self._reading:
            asyncio.get_running_loop().remove_reader(self._socket)
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
