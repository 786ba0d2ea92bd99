"""RTP packets (RFC 3550) with mu-law voice and telephone events (RFC 4733)."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

PCMU = 0
FRAME = 160
"""Samples in a packet of 20 ms."""
FRAME_SECONDS = 0.02

_KEYS = "0123456789*#ABCD"
_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
_END = 0x80
_VOLUME = 10  # -10 dBm0, as phones send it


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One packet of a pressed key."""

    key: str
    end: bool
    duration: int


class Sender:
    """One outgoing stream: gives each packet its place in sequence and time."""

    def __init__(self, dice: random.Random | None = None) -> None:
        dice = dice or random.Random()
        self._ssrc = dice.getrandbits(32)
        self._sequence = dice.getrandbits(15)
        self._timestamp = dice.getrandbits(31)
        self._fresh = True

    def voice(self, payload: bytes) -> bytes:
        """One 20 ms packet of mu-law."""
        packet = self._pack(PCMU, self._fresh, payload, self._timestamp)
        self._fresh = False
        self._timestamp += FRAME
        return packet

    def press(self, key: str, *, payload_type: int, seconds: float = 0.1) -> Iterator[bytes]:
        """The packets of one key, one each 20 ms; the end is said three times (RFC 4733 2.5.1.4).

        Raises ``ValueError`` for what is not on a keypad.
        """
        start = self._timestamp
        for place, payload in enumerate(event_payloads(key, seconds)):
            yield self._pack(payload_type, place == 0, payload, start)
            self._timestamp += FRAME
        self._fresh = True

    def _pack(self, payload_type: int, marker: bool, payload: bytes, timestamp: int) -> bytes:
        header = _HEADER.pack(
            0x80,
            (0x80 if marker else 0) | payload_type,
            self._sequence & 0xFFFF,
            timestamp & 0xFFFFFFFF,
            self._ssrc,
        )
        self._sequence += 1
        return header + payload


def event_payloads(key: str, seconds: float) -> Iterator[bytes]:
    """What the packets of one key say, one each 20 ms; its end three times (RFC 4733 2.5.1.4).

    Raises ``ValueError`` for what is not on a keypad.
    """
    event = _KEYS.index(key.upper())
    frames = max(2, round(seconds / FRAME_SECONDS))
    for frame in range(1, frames + 3):
        end = _END if frame >= frames else 0
        yield _EVENT.pack(event, _VOLUME | end, min(frame, frames) * FRAME)


def parse(datagram: bytes) -> Packet | None:
    """None: not RTP (RTCP, too short)."""
    if len(datagram) < _HEADER.size or datagram[0] >> 6 != 2 or 200 <= datagram[1] <= 211:
        return None
    first, second, sequence, timestamp, _ssrc = _HEADER.unpack_from(datagram)
    start = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(datagram) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4], "big")
    stop = len(datagram) - (datagram[-1] if first & 0x20 else 0)
    return Packet(
        payload_type=second & 0x7F,
        marker=bool(second & 0x80),
        sequence=sequence,
        timestamp=timestamp,
        payload=datagram[start:stop],
    )


def parse_event(payload: bytes) -> Event | None:
    """None: no telephone event of a key."""
    if len(payload) < _EVENT.size or payload[0] >= len(_KEYS):
        return None
    number, flags, duration = _EVENT.unpack_from(payload)
    return Event(key=_KEYS[number], end=bool(flags & _END), duration=duration)
