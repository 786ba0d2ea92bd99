"""Facts on disk while the database is away: JSON lines in numbered files, oldest first.

Appended facts are on the disk (fsync) when ``append`` returns. A file is deleted when all of it is
in the database. After a crash a file may be read a second time; the facts' ids see to it that
nothing is written twice. Methods block on the disk and are called in a thread, one at a time;
``set_aside`` at any time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import structlog

from ccengine.journal.entry import DamagedLineError, Entry, from_line, to_line

log = structlog.get_logger(__name__)

SPOOL_BYTES = 256 * 1024 * 1024
SEGMENT_BYTES = 8 * 1024 * 1024


class SpoolFullError(OSError):
    """The spool has reached its bound; nothing of this append was written."""


class Spool:
    def __init__(
        self, folder: Path, *, max_bytes: int = SPOOL_BYTES, segment_bytes: int = SEGMENT_BYTES
    ) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._segment_bytes = segment_bytes
        self._segments: list[Path] = []
        self._sizes: dict[Path, int] = {}
        self._offset = 0  # read so far of the first segment
        self._next = 0  # offset behind the last batch that was handed out
        self._writing: Path | None = None

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def size(self) -> int:
        """Bytes on disk, the part that is already in the database but not yet deleted included."""
        return sum(self._sizes.values())

    @property
    def is_empty(self) -> bool:
        return not self._segments

    def open(self) -> None:
        """Find what an earlier engine left behind. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._segments = sorted(self._folder.glob("facts-*.jsonl"))
        self._sizes = {path: path.stat().st_size for path in self._segments}
        self._offset = self._next = 0
        self._writing = None  # never append to a file whose last line may be torn

    def append(self, entries: Sequence[Entry]) -> None:
        """Put facts at the end; on disk when it returns. Raises SpoolFullError, OSError."""
        data = b"".join(to_line(item) for item in entries)
        if self.size + len(data) > self._max_bytes:
            raise SpoolFullError(f"the spool holds {self.size} of {self._max_bytes} bytes")
        path = self._writing
        if path is None or self._sizes[path] >= self._segment_bytes:
            path = self._new_segment()
        try:
            with path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._writing = None  # whatever got there may be torn; the next append starts anew
            self._sizes[path] = path.stat().st_size
            raise
        self._sizes[path] += len(data)
        self._writing = path

    def read(self, limit: int) -> list[Entry]:
        """The oldest facts not yet done with, at most ``limit`` and of one file. Raises OSError."""
        while self._segments:
            path = self._segments[0]
            entries = self._read_some(path, limit)
            if entries:
                return entries
            self._drop_first()
        return []

    def done(self) -> None:
        """The facts of the last ``read`` are in the database. Raises OSError."""
        self._offset = self._next
        if self._segments and self._offset >= self._sizes[self._segments[0]]:
            self._drop_first()

    def set_aside(self, item: Entry) -> None:
        """Keep a fact that the database will never take, for a person to look at."""
        self._keep_apart("refused.jsonl", to_line(item))

    def _read_some(self, path: Path, limit: int) -> list[Entry]:
        entries: list[Entry] = []
        with path.open("rb") as file:
            file.seek(self._offset)
            while len(entries) < limit and (line := file.readline()):
                try:
                    if not line.endswith(b"\n"):
                        raise DamagedLineError("torn by a crash, before it counted as kept")
                    entries.append(from_line(line))
                except DamagedLineError as error:
                    log.warning("spool.line_damaged", file=path.name, why=str(error))
                    self._keep_apart("damaged.jsonl", line.rstrip(b"\n") + b"\n")
            self._next = file.tell()
        return entries

    def _new_segment(self) -> Path:
        last = int(self._segments[-1].stem.removeprefix("facts-")) if self._segments else 0
        path = self._folder / f"facts-{last + 1:08d}.jsonl"
        path.open("xb").close()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the file itself may be gone after a power cut
        finally:
            os.close(folder)
        self._segments.append(path)
        self._sizes[path] = 0
        return path

    def _drop_first(self) -> None:
        path = self._segments[0]
        path.unlink(missing_ok=True)
        del self._segments[0]
        del self._sizes[path]
        self._offset = self._next = 0
        if self._writing == path:
            self._writing = None

    def _keep_apart(self, name: str, line: bytes) -> None:
        with (self._folder / name).open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
