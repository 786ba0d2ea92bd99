"""How long it takes to say a prompt: estimated from its text, or known where it is rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ccengine.ivr.waits import Prompt

SpokenTime = Callable[[Prompt], float]
"""Seconds of a prompt."""

CHARACTERS_A_SECOND = {"zh-CN": 4.5, "en": 14.0}
"""As an announcer reads."""
_OTHER = 10.0
_PAUSES = "，。！？；、：,.!?;:"
_PAUSE_S = 0.3


def estimated(prompt: Prompt) -> float:
    """For example: eighteen Chinese characters and a full stop are 4.3 s."""
    pauses = sum(prompt.text.count(mark) for mark in _PAUSES)
    letters = len(prompt.text.strip()) - pauses
    rate = CHARACTERS_A_SECOND.get(prompt.language, _OTHER)
    return letters / rate + pauses * _PAUSE_S


def together(prompts: Iterable[Prompt], spoken_time: SpokenTime) -> float:
    return sum(spoken_time(prompt) for prompt in prompts)
