"""Texts that are known no earlier than the call, spoken while the caller waits.

They lie apart from the prompts that are rendered beforehand (``live/<hash>``), and only so many
are kept: they are of customers, and of no use when these have gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from ccengine.ivr.prompts import EXTENSIONS, spoken_key
from ccengine.ivr.render import PromptRenderError, Renderer
from ccengine.ivr.waits import Prompt

FOLDER = "live"
MOST_KEPT = 300
"""Those that were heard longest ago go first."""
AT_ONCE = 2


class LiveSpeech:
    """Raises nothing of the speaking itself: what is not there in time is passed over."""

    def __init__(
        self, folder: Path, tts_command: str, renderer: Renderer, most_kept: int = MOST_KEPT
    ) -> None:
        self._folder = folder / FOLDER
        self._tts_command = tts_command
        self._renderer = renderer
        self._most_kept = most_kept
        self._turn = asyncio.Semaphore(AT_ONCE)

    def target(self, prompt: Prompt) -> Path:
        """Where its sound is or would be, without extension."""
        return self._folder / spoken_key(prompt, self._tts_command)

    async def speak(self, prompts: Iterable[Prompt], deadline_s: float) -> int:
        """Speak those that are not there, in their order; how many are missing at the deadline."""
        wanted = list(dict.fromkeys(prompt for prompt in prompts if prompt.live))
        missing = await asyncio.to_thread(self._missing, wanted)
        left = len(missing)
        try:
            async with asyncio.timeout(deadline_s):
                for prompt in missing:
                    async with self._turn:
                        left -= await self._speak(prompt)
        except TimeoutError:
            pass  # those that are left are told to the caller of this
        if left < len(missing):
            await asyncio.to_thread(self._keep_few)
        return left

    async def _speak(self, prompt: Prompt) -> bool:
        target = self.target(prompt)
        if await asyncio.to_thread(_touched, target):
            return True  # another call has had it spoken meanwhile
        try:
            await self._renderer.speak(prompt, target)
        except PromptRenderError:
            return False  # counted; its words must not get into a log
        return True

    def _missing(self, wanted: list[Prompt]) -> list[Prompt]:
        self._folder.mkdir(parents=True, exist_ok=True)
        return [prompt for prompt in wanted if not _touched(self.target(prompt))]

    def _keep_few(self) -> None:
        kept: list[tuple[float, Path]] = []
        for sound in self._folder.glob("*.wav"):
            with contextlib.suppress(FileNotFoundError):  # another call was quicker
                kept.append((sound.stat().st_mtime, sound))
        for _, sound in sorted(kept)[: max(0, len(kept) - self._most_kept)]:
            for extension in EXTENSIONS:
                sound.with_suffix(f".{extension}").unlink(missing_ok=True)


def _touched(target: Path) -> bool:
    """Whether it is there; if so it counts as heard now."""
    sound = target.with_name(f"{target.name}.wav")
    try:
        os.utime(sound)
    except FileNotFoundError:
        return False
    return True
