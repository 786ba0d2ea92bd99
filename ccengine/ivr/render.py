"""One prompt made into sound files: the TTS command speaks, sox cuts, levels and resamples.

Files appear whole or not at all: they are made in a folder of their own and moved into place.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import string
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

from ccengine.ivr.prompts import EXTENSIONS, VOICES
from ccengine.ivr.waits import Prompt

DEADLINE_S = 30.0
"""For one prompt, all its commands together."""
WORK_PREFIX = ".rendering-"

_SHORTEST_S = 0.2
"""Anything shorter is only the pauses that are added: nothing was said."""
_PLACES = frozenset({"voice", "language", "output", "text_file"})

# Silence at both ends off (speech engines leave up to a second), level to -3 dB of full scale, and
# a breath before and after, so that prompts played one after the other do not run together.
_TIDY = shlex.split(
    "silence 1 0.01 0.1% reverse silence 1 0.01 0.1% reverse gain -n -3 pad 0.05 0.1"
)


class PromptRenderError(Exception):
    """A prompt cannot be made into sound. ``why`` says what failed, ``cure`` what to do."""

    def __init__(self, *, prompt: Prompt, why: str, cure: str) -> None:
        self.prompt = prompt
        self.why = why
        self.cure = cure
        super().__init__(
            f"the prompt {describe(prompt)} cannot be rendered: {why}\n    cure: {cure}"
        )


class SpeechCommandError(Exception):
    """The TTS command as it is set cannot work; nothing was rendered."""

    def __init__(self, *, command: str, why: str, cure: str) -> None:
        self.command = command
        super().__init__(f"the command {command!r} cannot be used: {why}\n    cure: {cure}")


def describe(prompt: Prompt) -> str:
    """For errors and logs: language, name if any, and the beginning of the text; of what is said
    to one customer alone, nothing."""
    if prompt.live:
        return f"[{prompt.language}] of {len(prompt.text)} characters"
    text = prompt.text if len(prompt.text) <= 40 else f"{prompt.text[:39]}…"
    name = f" {prompt.name}" if prompt.name else ""
    return f"[{prompt.language}{name}] {text!r}"


class Renderer:
    """Runs the commands; knows nothing of where prompts are kept.

    ``tts_command`` has the places {voice}, {language}, {output} and {text_file}, the last two
    needed. Raises SpeechCommandError for a command that lacks them or has others.
    """

    def __init__(
        self, tts_command: str, sox_command: str = "sox", deadline_s: float = DEADLINE_S
    ) -> None:
        self._tts = _split(tts_command)
        self._sox = shlex.split(sox_command)
        self._deadline_s = deadline_s

    def check_commands(self, *, speech: bool) -> None:
        """Raises SpeechCommandError when a needed program is not installed."""
        if speech and shutil.which(self._tts[0]) is None:
            raise SpeechCommandError(
                command=self._tts[0],
                why="no such program",
                cure="install it (Debian: apt install espeak-ng) or set CCENGINE_TTS_COMMAND",
            )
        if shutil.which(self._sox[0]) is None:
            raise SpeechCommandError(
                command=self._sox[0], why="no such program", cure="apt install sox"
            )

    async def speak(self, prompt: Prompt, target: Path) -> None:
        """Render the text to ``target`` + each extension. Raises PromptRenderError."""
        await self._render(prompt, target, recording=None)

    async def convert(self, prompt: Prompt, recording: Path, target: Path) -> None:
        """Render a recorded file to ``target`` + each extension. Raises PromptRenderError."""
        await self._render(prompt, target, recording=recording)

    async def _render(self, prompt: Prompt, target: Path, recording: Path | None) -> None:
        try:
            work = Path(await asyncio.to_thread(tempfile.mkdtemp, "", WORK_PREFIX, target.parent))
            try:
                async with asyncio.timeout(self._deadline_s):
                    source = recording or await self._speech(prompt, work)
                    await self._convert(prompt, source, work)
                await asyncio.to_thread(_publish, work, target)
            finally:
                await asyncio.to_thread(shutil.rmtree, work, True)
        except TimeoutError:
            raise PromptRenderError(
                prompt=prompt,
                why=f"not done after {self._deadline_s:g} s",
                cure="try the TTS command by hand; shorten the text",
            ) from None
        except OSError as error:
            raise PromptRenderError(
                prompt=prompt, why=str(error), cure="check the prompts folder and its disk"
            ) from error

    async def _speech(self, prompt: Prompt, work: Path) -> Path:
        if not prompt.text:
            raise PromptRenderError(
                prompt=prompt,
                why="it has no words, and nobody has recorded it",
                cure=f"record it as prompts/recorded/{prompt.language}/{prompt.name}.wav",
            )
        text_file, output = work / "text.txt", work / "speech.wav"
        await asyncio.to_thread(text_file.write_text, prompt.text + "\n", "utf-8")
        places = {
            "voice": VOICES.get(prompt.language, prompt.language),
            "language": prompt.language,
            "output": str(output),
            "text_file": str(text_file),
        }
        command = [word.format(**places) for word in self._tts]
        await self._run(prompt, command, work, cure="try the TTS command by hand")
        if not await asyncio.to_thread(output.exists):
            raise PromptRenderError(
                prompt=prompt, why="the TTS command wrote no file", cure="it must write {output}"
            )
        return output

    async def _convert(self, prompt: Prompt, source: Path, work: Path) -> None:
        mono = ["-c", "1", "-b", "16", "-e", "signed-integer"]
        wav = ["-r", "8000", *mono, str(work / "out.wav")]
        raw = ["-r", "16000", *mono, "-t", "raw", str(work / "out.sln16")]
        cure = f"try `sox {source.name}` by hand; a recording must be a WAV file"
        for form in (wav, raw):
            await self._run(prompt, [*self._sox, str(source), *form, *_TIDY], work, cure=cure)
        if await asyncio.to_thread(wav_seconds, work / "out.wav") <= _SHORTEST_S:
            raise PromptRenderError(
                prompt=prompt,
                why="there is no sound in it",
                cure="check the text, the voice for its language, or the recording",
            )

    async def _run(self, prompt: Prompt, command: Sequence[str], work: Path, *, cure: str) -> None:
        """Run to the end. A program that is cut off takes its children with it."""
        # Complaints go to a file: a pipe could be held open by a child that stayed behind.
        complaints = work / "complaints"
        with await asyncio.to_thread(complaints.open, "wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
            try:
                status = await process.wait()
            finally:
                if process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    await process.wait()
        if status != 0:
            said = (await asyncio.to_thread(complaints.read_bytes))[-300:]
            text = said.decode("utf-8", "replace").strip()
            raise PromptRenderError(
                prompt=prompt, why=f"{command[0]} failed with status {status}: {text}", cure=cure
            )


def wav_seconds(path: Path) -> float:
    """The length of a rendered WAV file."""
    with wave.open(str(path), "rb") as sound:
        return sound.getnframes() / sound.getframerate()


def _publish(work: Path, target: Path) -> None:
    """Both files in place, the WAV last: where it is, the other is too."""
    for extension in reversed(EXTENSIONS):
        made = work / f"out.{extension}"
        made.chmod(0o644)  # Asterisk may run as another user
        made.replace(target.with_name(f"{target.name}.{extension}"))


def _split(tts_command: str) -> list[str]:
    def refuse(why: str) -> SpeechCommandError:
        cure = "set CCENGINE_TTS_COMMAND, with {output}, {text_file} and maybe {voice}, {language}"
        return SpeechCommandError(command=tts_command, why=why, cure=cure)

    try:
        words = shlex.split(tts_command)
        places = {
            name for _, name, _, _ in string.Formatter().parse(tts_command) if name is not None
        }
    except ValueError as error:
        raise refuse(str(error)) from error
    if not words:
        raise refuse("it is empty")
    if unknown := places - _PLACES:
        raise refuse(f"unknown {{{min(unknown)}}}")
    if missing := {"output", "text_file"} - places:
        raise refuse(f"{{{min(missing)}}} is missing")
    return words
