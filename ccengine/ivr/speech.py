"""The prompts folder: renders what is missing before a caller needs it, and says where it lies.

``<hash>.wav`` and ``<hash>.sln16`` for each prompt; ``recorded/<language>/<name>.wav`` for those a
person has spoken, which win; ``system/<language>/<name>`` for those the dialplan plays by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import filecmp
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ccengine.ivr.announce import SystemPrompt, system_prompts
from ccengine.ivr.live import LiveSpeech
from ccengine.ivr.prompts import EXTENSIONS, recorded_key, recording_file, spoken_key
from ccengine.ivr.render import (
    DEADLINE_S,
    WORK_PREFIX,
    PromptRenderError,
    Renderer,
    describe,
    wav_seconds,
)
from ccengine.ivr.waits import Prompt

Progress = Callable[[int, int], None]
"""``progress(done, total)``: called at the beginning and after each prompt."""

_AT_ONCE = 2
_STALE_WORK_S = 3_600.0


class PromptMissingError(Exception):
    """The prompt was never rendered: at call time that is too late."""

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt
        super().__init__(
            f"the prompt {describe(prompt)} is not rendered\n"
            "    cure: render prompts (start, check or reload do) before calls need it"
        )


class PromptsNotRenderedError(Exception):
    """Some prompts could not be rendered; the others were."""

    def __init__(self, failures: tuple[PromptRenderError, ...]) -> None:
        self.failures = failures
        shown = "\n".join(str(failure) for failure in failures[:5])
        more = f"\nand {len(failures) - 5} more" if len(failures) > 5 else ""
        super().__init__(f"{shown}{more}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where a prompt's sound is to be (without extension) and what it is made from."""

    target: Path
    recording: Path | None


class PromptStore:
    """All prompts of one engine, in ``folder``.

    Raises SpeechCommandError when ``tts_command`` cannot be a TTS command.
    """

    def __init__(
        self,
        folder: Path,
        tts_command: str,
        *,
        sox_command: str = "sox",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._folder = folder.resolve()
        self._tts_command = tts_command
        self._renderer = Renderer(tts_command, sox_command, deadline_s)
        self._live = LiveSpeech(self._folder, tts_command, self._renderer)
        self._found: dict[Prompt, Path] = {}
        self._durations: dict[Path, float] = {}

    async def render_missing(
        self, prompts: Iterable[Prompt], progress: Progress | None = None
    ) -> int:
        """Render what is not there yet, and the system prompts; how many were rendered.

        New and removed recordings are noticed here, never during a call. Raises
        SpeechCommandError when a program is missing, PromptsNotRenderedError when single prompts
        failed (all the others are rendered then).
        """
        system = system_prompts()
        wanted = dict.fromkeys([*prompts, *(prompt.prompt for prompt in system)])
        missing = await asyncio.to_thread(self._missing, wanted)
        if missing:
            spoken = any(source.recording is None for _, source in missing)
            self._renderer.check_commands(speech=spoken)
        failures = await self._render_all(missing, progress or _silent)
        await asyncio.to_thread(self._refresh, wanted, system)
        if failures:
            raise PromptsNotRenderedError(tuple(failures))
        return len(missing)

    async def speak_live(self, prompts: Iterable[Prompt], deadline_s: float) -> int:
        """Have those spoken that are known only now; how many are not there at the deadline."""
        return await self._live.speak(prompts, deadline_s)

    def path(self, prompt: Prompt) -> str:
        """The sound path without extension, for STREAM FILE and Playback.

        Raises PromptMissingError; nothing is rendered here.
        """
        return str(self._sound(prompt))

    def duration(self, prompt: Prompt) -> float:
        """Seconds of the prompt. Raises PromptMissingError."""
        sound = self._sound(prompt)
        if prompt.live:
            return wav_seconds(_with(sound, "wav"))
        if sound not in self._durations:
            self._durations[sound] = wav_seconds(_with(sound, "wav"))
        return self._durations[sound]

    def _sound(self, prompt: Prompt) -> Path:
        """Looked for on disk once for each prompt, then remembered; live ones come and go."""
        if prompt.live:
            sound = self._live.target(prompt)
            if not _whole(sound):
                raise PromptMissingError(prompt)
            return sound
        if prompt not in self._found:
            found = self._find(prompt)
            if found is None:
                raise PromptMissingError(prompt)
            self._found[prompt] = found
        return self._found[prompt]

    def _find(self, prompt: Prompt) -> Path | None:
        for source in self._sources(prompt):
            if _whole(source.target):
                return source.target
        return None

    def _sources(self, prompt: Prompt) -> Iterator[_Source]:
        """Best first: the recording if there is one, else speech."""
        relative = recording_file(prompt)
        recording = self._folder / relative if relative is not None else None
        if recording is not None and recording.is_file():
            key = recorded_key(recording.read_bytes())
            yield _Source(target=self._folder / key, recording=recording)
        key = spoken_key(prompt, self._tts_command)
        yield _Source(target=self._folder / key, recording=None)

    def _missing(self, prompts: Iterable[Prompt]) -> list[tuple[Prompt, _Source]]:
        """One for each file that is to be made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        _sweep(self._folder)
        missing: dict[Path, tuple[Prompt, _Source]] = {}
        for prompt in prompts:
            source = next(self._sources(prompt))
            if not _whole(source.target):
                missing.setdefault(source.target, (prompt, source))
        return list(missing.values())

    async def _render_all(
        self, missing: list[tuple[Prompt, _Source]], progress: Progress
    ) -> list[PromptRenderError]:
        failures: list[PromptRenderError] = []
        done = 0
        progress(done, len(missing))
        work = iter(missing)

        async def renderer() -> None:
            nonlocal done
            for prompt, source in work:  # shared: each takes the next one
                try:
                    if source.recording is None:
                        await self._renderer.speak(prompt, source.target)
                    else:
                        await self._renderer.convert(prompt, source.recording, source.target)
                except PromptRenderError as failure:
                    failures.append(failure)
                done += 1
                progress(done, len(missing))

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(renderer())
        return failures

    def _refresh(self, prompts: Iterable[Prompt], system: tuple[SystemPrompt, ...]) -> None:
        """Look anew for every prompt, so that calls need not; name the system prompts.

        What failed to render is left out: the caller is told with the failures.
        """
        found = {prompt: self._find(prompt) for prompt in prompts}
        self._found = {prompt: sound for prompt, sound in found.items() if sound is not None}
        for prompt in system:
            sound = self._found.get(prompt.prompt)
            if sound is None:
                continue
            for extension in EXTENSIONS:
                name = self._folder / "system" / prompt.language / f"{prompt.name}.{extension}"
                _copy_whole(_with(sound, extension), name)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _with(sound: Path, extension: str) -> Path:
    return sound.with_name(f"{sound.name}.{extension}")


def _whole(sound: Path) -> bool:
    """All its files are there and not empty."""
    try:
        return all(_with(sound, extension).stat().st_size > 0 for extension in EXTENSIONS)
    except FileNotFoundError:
        return False


def _copy_whole(source: Path, target: Path) -> None:
    """The target is the old file or the new one at any moment; a caller may be hearing it."""
    if target.exists() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=WORK_PREFIX, dir=target.parent)
    os.close(handle)
    made = Path(name)
    shutil.copyfile(source, made)
    made.chmod(0o644)
    made.replace(target)


def _sweep(folder: Path) -> None:
    """Remove what a killed engine left half made; another engine's fresh work stays."""
    oldest = time.time() - _STALE_WORK_S
    half_made = (f"{WORK_PREFIX}*", f"live/{WORK_PREFIX}*", f"system/*/{WORK_PREFIX}*")
    for left in [found for pattern in half_made for found in folder.glob(pattern)]:
        with contextlib.suppress(FileNotFoundError):  # its owner was quicker
            if left.stat().st_mtime >= oldest:
                continue
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
