"""What an agent hears before a caller: the queue's title, in the agent's own language."""

from __future__ import annotations

import re
from dataclasses import dataclass

import structlog

from ccengine.calls.parts import Sounds, sound_of
from ccengine.ids import QueueId
from ccengine.ivr.prompts import whisper_prompts
from ccengine.site.model import Queue

log = structlog.get_logger(__name__)

LONGEST_S = 4.0
"""The caller has music meanwhile, and the ACD waits for the talk no longer than its guard."""
_PATH = re.compile(r"[A-Za-z0-9/._-]+")
"""What may stand in Dial's options: no caret, comma, bracket, dollar or blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """Sound files without extension; which one is played the agent's own leg decides."""

    zh: str
    en: str
    seconds: float


def whisper_of(name: QueueId, queue: Queue | None, sounds: Sounds) -> Whisper | None:
    """None: this queue does not whisper, or its title cannot be played."""
    prompts = whisper_prompts(name, queue) if queue is not None else ()
    known = {
        prompt.language: sound
        for prompt in prompts
        if (sound := sound_of(sounds, prompt)) is not None
    }
    if not known:
        return None
    first = next(iter(known.values()))
    zh, en = known.get("zh-CN", first), known.get("en", first)
    seconds = max(zh[1], en[1])
    if seconds > LONGEST_S or not all(_PATH.fullmatch(path) for path, _ in (zh, en)):
        log.warning("whisper.left_out", queue=name, seconds=seconds)
        return None
    return Whisper(zh=zh[0], en=en[0], seconds=seconds)
