"""From a file to its values and their places, refusing what no person writes.

Safe by being small: no tags, so nothing is ever constructed; no anchors, so nothing multiplies;
bounded in size, depth and number of values, so hostile text costs little time and memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

from ccengine.yamlsource.model import BadFileError, Document, KeyPath, Position, Problem
from ccengine.yamlsource.scalars import plain_value
from ccengine.yamlsource.syntax import (
    MAX_DEPTH,
    SyntaxProblem,
    events,
    position,
    quick_events,
    too_deep,
)

MAX_BYTES = 256 * 1024
MAX_VALUES = 20_000
"""Scalars, lists and mappings in one file, keys included."""

_START = Position(line=1, column=1)


def load(path: Path, most_values: int = MAX_VALUES) -> Document:
    """Read a file. Raises BadFileError when it cannot be read or parsed."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        cure = "check the path and its permissions"
        raise _bad(path, _START, f"the file cannot be read: {why}", cure) from error
    if len(raw) > MAX_BYTES:
        raise _too_big(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        at = Position(line=line, column=column)
        raise _bad(path, at, "this is not UTF-8", "save the file as UTF-8") from error
    return parse(text, path, most_values)


def parse(text: str, path: Path, most_values: int = MAX_VALUES) -> Document:
    """The values of ``text``; ``path`` is what problems call it. Raises BadFileError.

    Mapping keys are always text, as written: ``1001:`` and ``"1001":`` are the same key.
    """
    # A text that came through no file may hold surrogates; they count as what they would weigh.
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _too_big(path)
    reader = _quick_reader(text, path, most_values)
    if reader is None:
        reader = _Reader(path, events(text), most_values)
        try:
            reader.document()
        except SyntaxProblem as error:
            last = Problem(file=str(path), at=error.at, message=error.message, cure=error.cure)
            raise BadFileError((*reader.problems, last)) from None
    if reader.problems:
        raise BadFileError(tuple(reader.problems))
    return Document(
        path=path,
        value=reader.value,
        positions=reader.positions,
        keys=reader.keys,
        texts=reader.texts,
    )


def _quick_reader(text: str, path: Path, most_values: int) -> _Reader | None:
    """None when anything is wrong: it is then read again, to say so in a person's words."""
    source = quick_events(text)
    if source is None:
        return None
    reader = _Reader(path, source, most_values)
    try:
        reader.document()
    except (SyntaxProblem, YAMLError, UnicodeError):
        return None
    return None if reader.problems else reader


class _Reader:
    """Builds values from events and notes where each one stands."""

    def __init__(self, path: Path, source: Iterator[Event], most_values: int) -> None:
        self.problems: list[Problem] = []
        self.positions: dict[KeyPath, Position] = {}
        self.keys: dict[KeyPath, Position] = {}
        self.texts: dict[KeyPath, Position] = {}
        self._file = str(path)
        self._source = source
        self.value: object = None
        self._values = 0
        self._most_values = most_values

    def document(self) -> None:
        """Reads it all. Raises SyntaxProblem."""
        event = next(self._source)
        while isinstance(event, StreamStartEvent):
            event = next(self._source)
        if not isinstance(event, DocumentStartEvent):
            raise SyntaxProblem(_START, "the file is empty", "write something in it")
        self.value = self._value(next(self._source), ())
        next(self._source)  # the document's end
        more = next(self._source)
        if isinstance(more, DocumentStartEvent):
            raise SyntaxProblem(
                position(more.start_mark), "a second document begins here", "keep one per file"
            )

    def _value(self, event: Event, path: KeyPath) -> object:
        at = position(event.start_mark)
        self._count(at)
        self.positions[path] = at
        self._refuse_cleverness(event, at)
        if isinstance(event, ScalarEvent):
            quote = len(event.style or "")
            width = position(event.end_mark).column - at.column
            if width == len(event.value) + 2 * quote and event.style not in ("|", ">"):
                self.texts[path] = replace(at, column=at.column + quote)
            return plain_value(event.value) if event.implicit[0] else event.value
        if isinstance(event, SequenceStartEvent):
            return self._list(path, at)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, at)
        return None  # an alias, already refused

    def _list(self, path: KeyPath, at: Position) -> list[object]:
        self._check_depth(path, at)
        items: list[object] = []
        while not isinstance(event := next(self._source), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: KeyPath, at: Position) -> dict[str, object]:
        self._check_depth(path, at)
        values: dict[str, object] = {}
        while not isinstance(event := next(self._source), MappingEndEvent):
            key_at = position(event.start_mark)
            if not isinstance(event, ScalarEvent):
                raise SyntaxProblem(key_at, "a key must be one word or number", "write `key: …`")
            self._count(key_at)
            self._refuse_cleverness(event, key_at)
            key = str(event.value)
            here = (*path, key)
            if key in values:
                first = self.keys[here]
                self._add(
                    key_at,
                    f"the key {key[:40]!r} is here twice, first in line {first.line}",
                    "keep one of the two",
                )
            self.keys.setdefault(here, key_at)
            values[key] = self._value(next(self._source), here)
        return values

    def _count(self, at: Position) -> None:
        self._values += 1
        if self._values > self._most_values:
            raise SyntaxProblem(
                at, f"more than {self._most_values} values in one file", "split the file"
            )

    def _check_depth(self, path: KeyPath, at: Position) -> None:
        if len(path) >= MAX_DEPTH:
            raise too_deep(at)

    def _refuse_cleverness(self, event: Event, at: Position) -> None:
        if isinstance(event, NodeEvent) and event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            self._add(
                at,
                f"{sign}{event.anchor[:40]}: anchors and aliases are not supported",
                "write the value out, or put a text that begins with & or * in quotes",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._add(at, f"{tag[:60]}: tags are not supported", "remove the tag, or use quotes")

    def _add(self, at: Position, message: str, cure: str) -> None:
        self.problems.append(Problem(file=self._file, at=at, message=message, cure=cure))


def _bad(path: Path, at: Position, message: str, cure: str) -> BadFileError:
    return BadFileError((Problem(file=str(path), at=at, message=message, cure=cure),))


def _too_big(path: Path) -> BadFileError:
    return _bad(path, _START, f"the file is larger than {MAX_BYTES // 1024} KiB", "split it")
