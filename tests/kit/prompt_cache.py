"""Prompts that a test's engine has rendered serve the next one: they are named by their content."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from tests.kit.asterisk import PROJECT

CACHE = PROJECT / ".var" / "test-prompts"
NAMED = ("system", "recorded")
"""Files that are named by what they are for; each test has its own."""


def fetch(prompts: Path) -> None:
    """Link in what earlier tests have rendered."""
    _link(CACHE, prompts)


def keep(prompts: Path) -> None:
    """Link out what this test has rendered."""
    _link(prompts, CACHE)


def _link(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    for folder, folders, files in os.walk(source):
        here = Path(folder).relative_to(source)
        folders[:] = [name for name in folders if not (here == Path() and name in NAMED)]
        (target / here).mkdir(parents=True, exist_ok=True)
        for name in files:
            # There already: the same content, or an engine that renders it now.
            with contextlib.suppress(FileExistsError, FileNotFoundError):
                os.link(Path(folder) / name, target / here / name)
