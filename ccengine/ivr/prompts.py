"""Which prompts there are, and the file each one is kept in. Pure: touches no file.

A spoken prompt is kept under a hash of all that decides how it sounds, so a changed text or voice
is a new file, and an old file never plays in its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath

from ccengine.ids import FlowId
from ccengine.ivr.announce import announcements, callback_offer
from ccengine.ivr.announce_times import callback_times
from ccengine.ivr.model import Flow, StepText, prompt_of
from ccengine.ivr.said import segments
from ccengine.ivr.speaking.forms import all_pieces
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Message, Queue, Site

FORMAT_VERSION = 1
"""Goes up when the way a rendered file is made changes: all prompts are then rendered anew."""

EXTENSIONS = ("wav", "sln16")
"""8 kHz and 16 kHz, 16 bit signed, mono. Asterisk takes the one that suits the channel."""

VOICES: Mapping[str, str] = {"zh-CN": "cmn", "en": "en"}
"""``{voice}`` of the TTS command."""

_SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SAFE_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def spoken_key(prompt: Prompt, tts_command: str) -> str:
    """The content hash of a prompt that is spoken; also its file name without extension."""
    return _hash("spoken", prompt.text, prompt.language, tts_command, str(FORMAT_VERSION))


def recorded_key(content: bytes) -> str:
    """The content hash of a recorded file as it was handed in."""
    return _hash("recorded", hashlib.sha256(content).hexdigest(), str(FORMAT_VERSION))


def recording_file(prompt: Prompt) -> PurePath | None:
    """Where a recording of this prompt would lie, below the prompts folder; None: it has no name.

    Raises ValueError for a name or language that could lead out of the folder.
    """
    if not prompt.name:
        return None
    if not _SAFE_NAME.fullmatch(prompt.name):
        raise ValueError(f"{prompt.name!r} cannot name a recording")
    if not _SAFE_LANGUAGE.fullmatch(prompt.language):
        raise ValueError(f"{prompt.language!r} is not a language")
    return PurePath("recorded", prompt.language, f"{prompt.name}.wav")


def flow_prompts(flow: Flow, languages: Iterable[str]) -> tuple[Prompt, ...]:
    """All that this flow can say in these languages, but for the answers of articles and what is
    known no earlier than the call."""
    wanted = tuple(languages)
    said: list[Prompt] = []
    for step in flow.steps.values():
        for text in step.texts():
            if text.heard:
                said += text_prompts(text, wanted)
    return tuple(dict.fromkeys(said))


def text_prompts(text: StepText, languages: Collection[str]) -> Iterator[Prompt]:
    """One text of a step: the words between its places, and what the places may need."""
    for language in languages:
        if text.file:
            yield Prompt(text="", language=language, name=text.file)
    for language, said in text.texts.items():
        if language not in languages:
            continue
        for part in segments(Prompt(text=said, language=language, name=text.recording)):
            if isinstance(part, Prompt):
                yield part
            else:
                yield from all_pieces(part.form, language)


def message_prompt(message: Message, language: str) -> Prompt:
    """A queue's message in the caller's language, or in the first one it is written in."""
    return prompt_of(message.say, language, message.recording or "")


def whisper_prompts(name: str, queue: Queue) -> tuple[Prompt, ...]:
    """What agents hear before a caller of this queue: its title in each language.

    A recording ``title_<queue>`` wins over speech.
    """
    if not queue.whisper:
        return ()
    recording = f"title_{name}"
    return tuple(
        Prompt(text=text, language=language, name=recording)
        for language, text in queue.title.items()
    )


def queue_prompts(site: Site) -> tuple[Prompt, ...]:
    """All that callers and agents of this site's queues can hear, beside the announcements."""
    said: list[Prompt] = []
    for name, queue in site.queues.items():
        for message in queue.messages.values():
            said += [message_prompt(message, language) for language in site.languages]
        if queue.callback is not None:
            for language in site.languages:
                said.append(callback_offer(queue.callback.key, language))
                said += callback_times(queue.callback.times, language)
        said += whisper_prompts(name, queue)
    return tuple(said)


def all_prompts(
    flows: Mapping[FlowId, Flow], articles_spoken: Iterable[tuple[str, str]], site: Site
) -> tuple[Prompt, ...]:
    """All that is to be rendered before the first call, each once.

    ``articles_spoken``: (language, spoken text) of the articles that may be read to callers.
    """
    said: list[Prompt] = [*announcements(), *queue_prompts(site)]
    for flow in flows.values():
        said += flow_prompts(flow, site.languages)
    said += [Prompt(text=text, language=language) for language, text in articles_spoken if text]
    return tuple(dict.fromkeys(said))


def _hash(*parts: str) -> str:
    # Lengths keep ("ab", "c") and ("a", "bc") apart.
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(whole.encode()).hexdigest()[:24]
