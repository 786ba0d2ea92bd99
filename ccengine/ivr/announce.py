"""What the engine and the dialplan say of themselves, in each language: no flow contains these.

A caller in a queue hears entering, position and expected wait; when something of ours breaks it
hears an apology. The system prompts are rendered under fixed names too
(``prompts/system/<language>/<name>``), so that the dialplan can play them without the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ccengine.ivr.waits import Prompt

LANGUAGES = ("zh-CN", "en")
HIGHEST_POSITION = 30
"""Further back the caller hears "more than 30"."""
LONGEST_WAIT_MIN = 15
"""Longer waits are told as "more than 15 minutes"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPrompt:
    """A prompt the dialplan plays by itself: ``prompts/system/<language>/<name>``."""

    name: str
    language: str
    text: str

    @property
    def prompt(self) -> Prompt:
        """The same as the engine would play it; a recording of this name wins here as well."""
        return Prompt(text=self.text, language=self.language, name=self.name)


_SYSTEM: dict[str, dict[str, str]] = {
    "fallback_announce": {
        "zh-CN": "系统暂时繁忙，正在为您直接转接人工座席，请不要挂机。",
        "en": "Our system is busy at the moment. "
        "We are connecting you to an agent directly. Please hold.",
    },
    "please_hold": {
        "zh-CN": "线路正在恢复，请稍候，不要挂机。",
        "en": "Please hold while we reconnect you.",
    },
    "leave_message": {
        "zh-CN": "很抱歉，暂时无人接听。请在提示音后留下您的姓名、电话和需要，我们会尽快回电。",
        "en": "We are sorry, nobody can take your call right now. After the tone, please leave "
        "your name, number and request, and we will call you back soon.",
    },
    "goodbye": {
        "zh-CN": "感谢您的来电，再见。",
        "en": "Thank you for calling. Goodbye.",
    },
    "bad": {
        "zh-CN": "很抱歉，系统出现故障，请稍后再拨。",
        "en": "We are sorry, something went wrong on our side. Please call again later.",
    },
}

_QUEUE: dict[str, dict[str, str]] = {
    "entering_queue": {
        "zh-CN": "正在为您转接人工座席，请稍候。",
        "en": "We are connecting you to an agent. Please hold.",
    },
    "nobody_available": {
        "zh-CN": "很抱歉，暂时没有座席能接听您的来电。",
        "en": "We are sorry, nobody could take your call.",
    },
}


def system_prompts() -> tuple[SystemPrompt, ...]:
    """All that the dialplan may play without the engine, in all languages."""
    return tuple(
        SystemPrompt(name=name, language=language, text=texts[language])
        for name, texts in _SYSTEM.items()
        for language in LANGUAGES
    )


def entering_queue(language: str) -> Prompt:
    return _named("entering_queue", _QUEUE, language)


def nobody_available(language: str) -> Prompt:
    return _named("nobody_available", _QUEUE, language)


def reconnecting(language: str) -> Prompt:
    """The engine lost the call's line for a moment and took it up again."""
    return _named("please_hold", _SYSTEM, language)


def apology(language: str) -> Prompt:
    """Something of ours broke: the last thing this caller hears."""
    return _named("bad", _SYSTEM, language)


def goodbye(language: str) -> Prompt:
    return _named("goodbye", _SYSTEM, language)


def queue_position(position: int, language: str) -> Prompt:
    """``position`` counts from 1, the next to be served."""
    if position < 1:
        raise ValueError(f"a position in a queue counts from 1, not {position}")
    if position > HIGHEST_POSITION:
        return _two(
            zh=f"您前面还有{chinese(HIGHEST_POSITION)}位以上的来电者在等待。",
            en=f"There are more than {HIGHEST_POSITION} callers ahead of you.",
            language=language,
        )
    if position == 1:
        return _two(
            zh="您是下一位，马上为您接通。",
            en="You are next in line.",
            language=language,
        )
    return _two(
        zh=f"您现在排在第{chinese(position)}位。",
        en=f"You are number {position} in line.",
        language=language,
    )


def expected_wait(seconds: float, language: str) -> Prompt:
    """Rounded up to whole minutes, at least one."""
    minutes = max(1, ceil(seconds / 60))
    if minutes > LONGEST_WAIT_MIN:
        return _two(
            zh=f"预计等待时间超过{chinese(LONGEST_WAIT_MIN)}分钟。",
            en=f"Your expected wait is more than {LONGEST_WAIT_MIN} minutes.",
            language=language,
        )
    # Counted things take 两, not 二.
    count = "两" if minutes == 2 else chinese(minutes)
    unit = "minute" if minutes == 1 else "minutes"
    return _two(
        zh=f"预计等待时间约{count}分钟。",
        en=f"Your expected wait is about {minutes} {unit}.",
        language=language,
    )


def announcements() -> tuple[Prompt, ...]:
    """All that any caller can hear from here; rendered before the first call."""
    said: list[Prompt] = [system.prompt for system in system_prompts()]
    for language in LANGUAGES:
        said += [entering_queue(language), nobody_available(language)]
        said += [queue_position(place, language) for place in range(1, HIGHEST_POSITION + 2)]
        said += [
            expected_wait(60.0 * minutes, language) for minutes in range(1, LONGEST_WAIT_MIN + 2)
        ]
    return tuple(said)


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese characters: 12 is 十二, 30 is 三十."""
    digits = "零一二三四五六七八九"
    if not 1 <= number <= 99:
        raise ValueError(f"only 1 to 99 are ever announced, not {number}")
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return front + (digits[ones] if ones else "")


def _spoken(language: str) -> str:
    """A language that is not spoken here falls back to the first."""
    return language if language in LANGUAGES else LANGUAGES[0]


def _named(name: str, texts: dict[str, dict[str, str]], language: str) -> Prompt:
    language = _spoken(language)
    return Prompt(text=texts[name][language], language=language, name=name)


def _two(*, zh: str, en: str, language: str) -> Prompt:
    language = _spoken(language)
    return Prompt(text=en if language == "en" else zh, language=language)
