"""Puts the configuration on disk: each file whole or not at all, for the engine's user alone."""

from __future__ import annotations

import os
from pathlib import Path

from ccengine.asterisk.config.layout import AsteriskLayout
from ccengine.asterisk.config.render import render
from ccengine.asterisk.config.tune import write_tune
from ccengine.asterisk.secrets import Secrets
from ccengine.settings import Settings
from ccengine.site.model import Site


def write(
    site: Site, settings: Settings, secrets: Secrets, layout: AsteriskLayout
) -> tuple[str, ...]:
    """The names of the files that changed. Blocks for some milliseconds (a second at first).

    Raises ``UnsafeValue`` before anything is written, ``OSError`` when the disk refuses.
    """
    files = render(site, settings, secrets, layout)
    for folder in layout.folders:
        folder.mkdir(parents=True, exist_ok=True)
    os.chmod(layout.etc, 0o700)
    write_tune(layout.tune / "hold.wav")
    changed = tuple(name for name, text in files.items() if _replace(layout.etc / name, text))
    for old in layout.etc.glob("*.conf"):
        if old.name not in files:
            old.unlink()
    return changed


def _replace(path: Path, text: str) -> bool:
    """True when the file was made or changed."""
    if path.is_file() and path.read_text("utf-8") == text and path.stat().st_mode & 0o777 == 0o600:
        return False
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return True
