"""A file of the ACD journal: three lines of head, then a line for each input with its answer.

::

    {"acd_journal":1,"ccengine":"0.1.0","boot":"19b...","part":1,...}   the header
    {"queues":{...},"skills":{...},"seed":0,"version":"..."}            the rules in force
    null                                                                the state; null: none yet
    [1766666666.5,"Join",{...},["CallQueued",{...},"Offer",{...}]]      at, input, answer

The last line of a file that its writer closed says so (``end``); one that says ``lost`` stands
where inputs could not be kept. Each file can be read without any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import msgspec

from ccengine.acd.core import Acd
from ccengine.acd.inputs import Input
from ccengine.acd.rules import AcdRules
from ccengine.replay.codec import UnreadableError, decode_input, decode_rules, encode_rules
from ccengine.replay.saved import BadStateError, restore

FORMAT = 1
LINE_BYTES = 256 * 1024 * 1024
"""No line is longer: the state of 5,000 agents in 500 queues with 5,000 calls has 10 MB."""
HEADER_BYTES = 4096
END, LOST = "end", "lost"
SUFFIX = ".jsonl"
THIS_VERSION = version("ccengine")


class JournalFileError(ValueError):
    """A file that is no ACD journal, or a line of it that cannot be read. Says where."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")
        self.path, self.line, self.why = path, line, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line."""

    acd_journal: int = FORMAT
    ccengine: str = THIS_VERSION
    boot: str
    part: int
    """1 for the first file of this start of the engine."""
    began_at: float
    seed: int
    rules: str
    """Their version."""
    because: str
    """``start``, ``full`` (the file before was long or old enough) or ``lost``."""
    lost: int = 0
    """Inputs kept nowhere between the file before and this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One line: an input, and what the ACD answered, as it stands in the file."""

    line: int
    at: float
    kind: str
    body: bytes
    answer: bytes

    @property
    def said(self) -> Input:
        """Raises UnreadableError."""
        return decode_input(self.kind, self.body)


_header = msgspec.json.Decoder(Header)
_line = msgspec.json.Decoder(tuple[float, str, msgspec.Raw, msgspec.Raw])
_encoder = msgspec.json.Encoder()


def head_bytes(header: Header, rules: AcdRules, state: dict[str, Any] | None) -> bytes:
    """The first three lines."""
    return b"\n".join((_encoder.encode(header), encode_rules(rules), _encoder.encode(state), b""))


def line_bytes(at: float, kind: str, body: bytes, answer: bytes) -> bytes:
    return b"[%s,%s,%s,%s]\n" % (_encoder.encode(at), _encoder.encode(kind), body, answer)


def end_bytes(at: float) -> bytes:
    return line_bytes(at, END, b"{}", b"[]")


def lost_bytes(at: float, why: str) -> bytes:
    return line_bytes(at, LOST, _encoder.encode({"why": why}), b"[]")


class JournalFile:
    """An open file; ``acd`` is the ACD as it was at its head, and ``kept()`` what it was told.

    Raises JournalFileError for what cannot be read, OSError for what cannot be opened.
    """

    def __init__(self, path: Path, *, line_bytes: int = LINE_BYTES) -> None:
        self.path = path
        self._longest = line_bytes
        self._number = 0
        self.torn = False
        """The last line read was cut: the engine was killed, or the disk was full."""
        self._file: BinaryIO = path.open("rb")
        try:
            self.header = self._read_header()
            self.rules_line = self._next_line()
            self.rules = self._read_rules()
            self.state_line = self._next_line()
            if self.torn or not self.state_line:
                raise self._broken("the file ends within its head")
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> JournalFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def line(self) -> int:
        """Number of the line read last."""
        return self._number

    @property
    def head(self) -> bytes:
        """The first three lines, as they stand there."""
        return msgspec.json.encode(self.header) + b"\n" + self.rules_line + self.state_line

    @property
    def position(self) -> int:
        """Bytes read."""
        return self._file.tell()

    def acd(self) -> Acd:
        """A new one each time. Raises JournalFileError."""
        try:
            state = msgspec.json.decode(self.state_line)
            if state is None:
                return Acd(self.rules, boot=self.header.boot)
            return restore(state)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, BadStateError) as error:
            raise JournalFileError(self.path, 3, str(error)) from error

    def kept(self) -> Iterator[Kept]:
        """To the end, or to where the file was cut. Raises JournalFileError."""
        while line := self._next_line():
            if self.torn:
                return
            try:
                at, kind, body, answer = _line.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise self._broken(str(error)) from error
            yield Kept(line=self._number, at=at, kind=kind, body=bytes(body), answer=bytes(answer))

    def _read_header(self) -> Header:
        line = self._next_line(HEADER_BYTES)
        try:
            header = _header.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self._broken(f"this is no ACD journal ({error})") from error
        if header.acd_journal != FORMAT:
            raise self._broken(f"format {header.acd_journal}; this version reads {FORMAT}")
        return header

    def _read_rules(self) -> AcdRules:
        try:
            return decode_rules(self.rules_line)
        except UnreadableError as error:
            raise self._broken(str(error)) from error

    def _next_line(self, longest: int | None = None) -> bytes:
        """Empty at the end of the file."""
        longest = longest or self._longest
        line = self._file.readline(longest + 1)
        self._number += 1
        if len(line) > longest:
            raise self._broken(f"a line of more than {longest} bytes")
        self.torn = bool(line) and not line.endswith(b"\n")
        return line

    def _broken(self, why: str) -> JournalFileError:
        return JournalFileError(self.path, self._number, why)


def header_of(path: Path) -> Header | None:
    """The header alone; None for a file that has none (yet). Raises OSError."""
    with path.open("rb") as file:
        line = file.readline(HEADER_BYTES)
    try:
        return _header.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
