"""The texts of a folder of flows, read as one and written as one."""

from __future__ import annotations

import os
from pathlib import Path

from ccengine.flows.model import MOST_FILES, MOST_TEXT, Texts, TooLargeError, bounded
from ccengine.ids import FlowId

READINGS = 5


class FolderChangesError(OSError):
    """Somebody writes into the folder all the time: there is no moment to speak of."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} changes while it is read; try again when it is quiet")


def read_texts(folder: Path) -> dict[FlowId, str]:
    """Each ``*.yaml``. Raises OSError, TooLargeError; what is no UTF-8 is read with marks for it:

    whether a file is sound is for the check to say.
    """
    before = _read(folder)
    for _ in range(READINGS):
        again = _read(folder)
        if again == before:
            return again
        before = again
    raise FolderChangesError(folder)


def _read(folder: Path) -> dict[FlowId, str]:
    paths = sorted(folder.glob("*.yaml"))
    if len(paths) > MOST_FILES:
        raise TooLargeError(f"a publication holds at most {MOST_FILES} flows, not {len(paths)}")
    texts = {}
    for path in paths:
        with path.open("r", encoding="utf-8", errors="replace", newline="") as file:
            texts[FlowId(path.stem)] = file.read(MOST_TEXT + 1)
    return dict(bounded(texts))


def write_texts(folder: Path, texts: Texts) -> None:
    """Make the folder hold these flows and no others; each file is old or new, never half.

    Files that say the same are not touched. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.stem: path for path in folder.glob("*.yaml")}
    for flow, text in texts.items():
        path = folder / f"{flow}.yaml"
        written = text.encode("utf-8")
        if flow in there and path.read_bytes() == written:
            continue
        new = folder / f".{flow}.yaml.new"
        new.write_bytes(written)
        os.replace(new, path)
    for name, path in there.items():
        if name not in texts:
            path.unlink()
