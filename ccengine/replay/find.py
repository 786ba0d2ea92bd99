"""The journal files in which a call stands."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ccengine.ids import CallId
from ccengine.replay.file import header_of
from ccengine.replay.retention import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    path: Path
    until: int
    """Byte at which the last line that names the call begins or goes on; no need to read on."""


def files_of_call(
    folder: Path, call_id: CallId, *, since: float | None = None, until: float | None = None
) -> list[Found]:
    """Oldest first. ``since``, ``until``: when the call lived; files of other times stay closed.

    Raises OSError.
    """
    known = [(path, header) for path in files(folder) if (header := header_of(path)) is not None]
    wanted = []
    for index, (path, header) in enumerate(known):
        if until is not None and header.began_at > until:
            continue
        # A file ends where the next one of its boot begins, or when it was last written to.
        after = known[index + 1][1] if index + 1 < len(known) else None
        over = path.stat().st_mtime + 1.0
        if after is not None and after.boot == header.boot:
            over = after.began_at
        if since is not None and over < since:
            continue
        wanted.append(path)
    return find_in(wanted, call_id)


def find_in(paths: Iterable[Path], call_id: CallId) -> list[Found]:
    """Those of these files that name the call. Raises OSError."""
    name = msgspec.json.encode(str(call_id))
    found = []
    for path in paths:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                continue
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                last = data.rfind(name)
        if last >= 0:
            found.append(Found(path=path, until=last))
    return found
