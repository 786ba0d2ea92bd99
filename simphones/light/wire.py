"""One UDP socket that notes when each SIP message really came and went.

A message's arrival is stamped by the kernel, so that a moment in which this process is busy does
not count as somebody else's delay; how late we looked is kept as our own ``lag``.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import time
import uuid
from collections.abc import Callable

from simphones.light.sound import Sound
from simphones.light.watch import Watch
from simphones.sip import SipMessage

Address = tuple[str, int]

_SO_TIMESTAMPNS = 35
_STAMP = struct.Struct("@ll")
_BUFFER = 8 * 1024 * 1024
_AT_ONCE = 200
"""Messages read before other work gets its turn."""


class Wire:
    """Messages to and from one Asterisk. Moments are Unix time in seconds, both ways."""

    def __init__(
        self, target: Address, take: Callable[[SipMessage], None], *, key_events: bool = True
    ) -> None:
        self._target = target
        self._key_events = key_events
        self._take = take
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.address: Address = self._socket.getsockname()
        self.sound = Sound()
        self.watch = Watch()
        """Told after each message that came."""
        self.lag: list[float] = []
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    @property
    def sdp(self) -> str:
        """An offer, or an answer to any offer."""
        events = ("a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15")
        lines = (
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            f"m=audio {self.sound.port} RTP/AVP 8{' 101' if self._key_events else ''}",
            "a=rtpmap:8 PCMA/8000",
            *(events if self._key_events else ()),
            "a=sendrecv",
        )
        return "\r\n".join(lines) + "\r\n"

    def send(
        self, lines: list[str], body: str = "", kind_of_body: str = "application/sdp"
    ) -> float:
        """Sends one message; the moment just before."""
        kind = [f"Content-Type: {kind_of_body}"] if body else []
        head = [*lines, *kind, f"Content-Length: {len(body)}"]
        data = ("\r\n".join(head) + "\r\n\r\n" + body).encode()
        at = time.time()
        self._socket.sendto(data, self._target)
        return at

    def via(self) -> str:
        """For a request of its own."""
        host, port = self.address
        return f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{uuid.uuid4().hex}"

    def answer(
        self, asked: SipMessage, status: str, *, tag: str, contact: str = "", body: str = ""
    ) -> float:
        """``status`` as in ``200 OK``."""
        to = asked.header("To")
        if ";tag=" not in to and not status.startswith("100"):
            to += f";tag={tag}"
        lines = [
            f"SIP/2.0 {status}",
            *(f"Via: {value}" for name, value in asked.headers if name.lower() == "via"),
            f"From: {asked.header('From')}",
            f"To: {to}",
            f"Call-ID: {asked.header('Call-ID')}",
            f"CSeq: {asked.header('CSeq')}",
        ]
        if contact:
            lines += [f"Contact: <{contact}>", "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE"]
        return self.send(lines, body)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self.sound.close()

    def _read(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, notes, _, _ = self._socket.recvmsg(65_535, 64)
            except BlockingIOError:
                return
            now = time.time()
            at = now
            for level, kind, value in notes:
                if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
                    seconds, nanoseconds = _STAMP.unpack(value[: _STAMP.size])
                    at = seconds + nanoseconds / 1e9
            self.lag.append(max(0.0, now - at))
            self._take(SipMessage.read(data.decode("utf-8", "replace"), direction="in", at=at))
            self.watch.tell()


def address_in(header: str) -> str:
    """The URI of a Contact, From or To."""
    return header.partition("<")[2].partition(">")[0] or header.partition(";")[0].strip()


def user_in(header: str) -> str:
    """The user part of the URI in a From, or of a request's first line."""
    return header.partition("sip:")[2].partition("@")[0]
