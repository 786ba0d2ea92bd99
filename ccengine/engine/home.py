"""One engine a home: two of them would write each other's spool and recordings."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class HomeTakenError(OSError):
    """Another engine runs in this home."""


class Home:
    """Holds the home's lock from start to end; the kernel frees it even after a SIGKILL."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = -1

    def __enter__(self) -> Self:
        """Raises HomeTakenError, or OSError when the folder cannot be written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self._folder / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise HomeTakenError(
                f"another engine runs in {self._folder}; stop it, or give this one a home of its "
                "own (CCENGINE_HOME)"
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._lock)
