"""How long files of the ACD journal are kept."""

from __future__ import annotations

import time
from pathlib import Path

import structlog

from ccengine.replay.file import SUFFIX

log = structlog.get_logger(__name__)

A_DAY_S = 86_400.0


def files(folder: Path) -> list[Path]:
    """Oldest first; their names begin with the moment they do. Raises OSError."""
    return sorted(folder.glob(f"acd-*{SUFFIX}"))


def prune(folder: Path, *, days: float, total_bytes: int) -> None:
    """Delete what is too old, and the oldest while all together are too large. Raises OSError."""
    seen = [(path, path.stat()) for path in files(folder)]
    total = sum(stat.st_size for _, stat in seen)
    oldest = time.time() - days * A_DAY_S
    for path, stat in seen:
        if stat.st_mtime >= oldest and total <= total_bytes:
            break
        path.unlink()
        total -= stat.st_size
        log.info("acd_journal.file_let_go", file=path.name)
