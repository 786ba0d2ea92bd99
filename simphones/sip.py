"""SIP messages as SIPp and baresip show them in their traces."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Where the other side wants its sound, and as which payload type its keys."""

    host: str
    port: int
    events_as: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SipMessage:
    at: float
    """Unix time, seconds."""
    direction: Direction
    start: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def read(cls, text: str, *, direction: Direction, at: float) -> SipMessage:
        head, _, body = text.replace("\r\n", "\n").partition("\n\n")
        start, *lines = head.split("\n")
        pairs = (line.partition(":") for line in lines)
        return cls(
            at=at,
            direction=direction,
            start=start,
            headers=tuple((name.strip(), value.strip()) for name, _, value in pairs),
            body=body,
        )

    @property
    def method(self) -> str:
        """``INVITE``, or empty for an answer."""
        return "" if self.code else self.start.partition(" ")[0]

    @property
    def code(self) -> int:
        """``486``, or 0 for a request."""
        found = re.match(r"SIP/2\.0 (\d{3})", self.start)
        return int(found[1]) if found else 0

    @property
    def answers(self) -> str:
        """The method that this is about, from its CSeq."""
        return self.header("CSeq").rpartition(" ")[2]

    def header(self, name: str) -> str:
        """Its first value; empty if there is none."""
        found = (value for key, value in self.headers if key.lower() == name.lower())
        return next(found, "")

    @property
    def media(self) -> Media | None:
        """None: there is no sound in it."""
        host = re.search(r"^c=IN IP[46] (\S+)", self.body, re.MULTILINE)
        port = re.search(r"^m=audio (\d+)", self.body, re.MULTILINE)
        if host is None or port is None or port[1] == "0":
            return None
        events = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", self.body, re.MULTILINE)
        return Media(host=host[1], port=int(port[1]), events_as=int(events[1]) if events else 101)


class SippTrace:
    """SIPp's ``-trace_msg``, fed as it is written."""

    _HEAD = re.compile(
        rb"-{10,} (\d{4}-\d\d-\d\d)[ \t]+(\d\d:\d\d:\d\d\.\d+)[^\n]*\n"
        rb"\w+ message (sent \((\d+) bytes\):|received \[(\d+)\] bytes :)\n\n"
    )

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> Iterator[SipMessage]:
        self._pending += data
        while found := self._HEAD.search(self._pending):
            size = int(found[4] or found[5])
            end = found.end() + size
            if len(self._pending) < end:
                return
            raw, self._pending = self._pending[found.end() : end], self._pending[end:]
            moment = datetime.fromisoformat(f"{found[1].decode()} {found[2].decode()}")
            yield SipMessage.read(
                raw.decode("utf-8", "replace"),
                direction="out" if found[4] else "in",
                at=moment.astimezone().timestamp(),
            )


class BaresipTrace:
    """What baresip prints with ``-s``, fed as it is printed."""

    _FRAME = re.compile(rb"\x1b\[36;1m#\n[A-Z]+ (\S+) -> (\S+)\n(.*?)\x1b\[;m", re.DOTALL)

    def __init__(self, own: str = "") -> None:
        self._pending = b""
        self.own: set[str] = {own} if own else set()
        """The phone's own addresses; given, or known from what it sends first."""

    def feed(self, data: bytes) -> Iterator[SipMessage]:
        self._pending += data
        while found := self._FRAME.search(self._pending):
            self._pending = self._pending[found.end() :]
            source = found[1].decode()
            if not self.own:  # a phone speaks first: it registers
                self.own.add(source)
            yield SipMessage.read(
                found[3].decode("utf-8", "replace"),
                direction="out" if source in self.own else "in",
                at=time.time(),
            )
        # Between messages baresip prints its progress; an unfinished message is kept.
        start = self._pending.rfind(b"\x1b[36;1m#")
        self._pending = self._pending[start:] if start >= 0 else self._pending[-8:]
