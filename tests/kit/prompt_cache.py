"""Prompts that a test's engine has rendered serve the next one: they are named by their content.

``python -m tests.kit.prompt_cache`` renders those of the example beforehand, once, so that no test
has to start its clock with hundreds of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path

from ccengine.engine.flows import load
from ccengine.ivr.prompts import all_prompts
from ccengine.ivr.render import WORK_PREFIX
from ccengine.ivr.speech import PromptStore
from ccengine.settings import Settings
from tests.kit.asterisk import PROJECT

CACHE = PROJECT / ".var" / "test-prompts"


def fetch(prompts: Path) -> None:
    """Link in what earlier tests have rendered."""
    _link(CACHE, prompts)


def keep(prompts: Path) -> None:
    """Link out what this test has rendered."""
    _link(prompts, CACHE)


def _link(source: Path, target: Path) -> None:
    """All files but those that are being written. The folders in it hold what is named by what it
    is for: each test has its own of those."""
    if not source.is_dir():
        return
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if file.is_file() and not file.name.startswith(WORK_PREFIX):
            # There already: the same content, from a test beside this one.
            with contextlib.suppress(FileExistsError):
                _appear(file, target / file.name)


def _appear(file: Path, wanted: Path) -> None:
    """At once with its whole content: others look at the same time."""
    try:
        os.link(file, wanted)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # Another disk: on Debian 13 /tmp is in memory.
        handle, begun = tempfile.mkstemp(prefix=WORK_PREFIX, dir=wanted.parent)
        os.close(handle)
        shutil.copyfile(file, begun)
        Path(begun).replace(wanted)


def main() -> None:
    """What the example's flows and queues can say."""
    loaded = load(PROJECT / "site.example.yaml", PROJECT / "ivr_flows")
    store = PromptStore(CACHE, Settings().tts_command)
    asyncio.run(store.render_missing(all_prompts(loaded.flows, (), loaded.site)))


if __name__ == "__main__":
    main()
