"""What the engine and the dialplan say of themselves, in each language: no flow contains these.

A caller in a queue hears entering, position and expected wait; when something of ours breaks it
hears an apology. The system prompts are rendered under fixed names too
(``prompts/system/<language>/<name>``), so that the dialplan can play them without the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from ccengine.ivr.speaking.chinese import below_hundred
from ccengine.ivr.speaking.digits import all_digits, digits
from ccengine.ivr.waits import Prompt

LANGUAGES = ("zh-CN", "en")
HIGHEST_POSITION = 30
"""Further back the caller hears "more than 30"."""
WAITS_MIN = (1, 2, 3, 4, 5, 6, 8, 10, 15)
"""Minutes that are told; each pair of them is a prompt of its own, rendered beforehand."""


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
        "zh-CN": "系统暂时繁忙，正在为您直接转接人工坐席，请不要挂机。",
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

_FLOW: dict[str, dict[str, str]] = {
    "keyed_in": {
        "zh-CN": "您输入的是：",
        "en": "You entered:",
    },
    "confirm_keyed_in": {
        "zh-CN": "确认请按1，重新输入请按2。",
        "en": "To confirm, press 1. To enter it again, press 2.",
    },
    "confirm_recorded": {
        "zh-CN": "录音已完成。试听请按1，重新录音请按2，确认请按3。",
        "en": "Your recording is done. To listen to it, press 1. To record it again, press 2. "
        "To confirm, press 3.",
    },
    "helped": {
        "zh-CN": "这个回答解决您的问题了吗？解决了请按1，没有解决请按2。",
        "en": "Did that answer your question? If it did, press 1. If not, press 2.",
    },
}

_QUEUE: dict[str, dict[str, str]] = {
    "entering_queue": {
        "zh-CN": "正在为您转接人工坐席，请稍候。",
        "en": "We are connecting you to an agent. Please hold.",
    },
    "nobody_available": {
        "zh-CN": "很抱歉，暂时没有坐席能接听您的来电。",
        "en": "We are sorry, nobody could take your call.",
    },
    "callback_number_is": {
        "zh-CN": "我们将拨打以下号码给您回电：",
        "en": "We will call you back at this number:",
    },
    "callback_confirm": {
        "zh-CN": "确认请按1。使用其他号码，请直接输入号码，按井号键结束。",
        "en": "To confirm, press 1. To use another number, enter it now, "
        "followed by the pound key.",
    },
    "callback_ask_number": {
        "zh-CN": "请输入您希望接听回电的号码，固定电话请加区号，按井号键结束。",
        "en": "Please enter the number at which we should call you back, "
        "with its area code, followed by the pound key.",
    },
    "callback_bad_number": {
        "zh-CN": "很抱歉，我们无法拨打这个号码。",
        "en": "We are sorry, we cannot call that number.",
    },
    "callback_kept_waiting": {
        "zh-CN": "没有登记回电，您仍在排队，请继续等待。",
        "en": "No callback was arranged. You are still in line, so please keep holding.",
    },
    "callback_here": {
        "zh-CN": "您好，这是您预约的回电，正在为您接通坐席，请稍候。",
        "en": "Hello, this is the callback that you asked for. "
        "We are connecting you to an agent. Please hold.",
    },
    "callback_arranged": {
        "zh-CN": "回电已登记，轮到您时我们会给您去电。感谢您的来电，再见。",
        "en": "Your callback is arranged: we will call you when it is your turn. "
        "Thank you for calling. Goodbye.",
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
            zh=f"您前面还有{below_hundred(HIGHEST_POSITION)}位以上的来电者在等待。",
            en=f"There are more than {HIGHEST_POSITION} callers ahead of you.",
            language=language,
        )
    if position == 1:
        return _two(
            zh="您是下一位，请稍候。",
            en="You are next in line.",
            language=language,
        )
    return _two(
        zh=f"您现在排在第{below_hundred(position)}位。",
        en=f"You are number {position} in line.",
        language=language,
    )


def expected_wait(low_s: float, high_s: float, language: str) -> Prompt:
    """Both ends in minutes that are told, rounded outwards, so that what is said stays true."""
    low, high = told_minutes(low_s, high_s)
    if high_s < 60:
        return _two(
            zh="预计等待不到一分钟。",
            en="Your expected wait is less than a minute.",
            language=language,
        )
    if high is None:
        low = low or 1
        return _two(
            zh=f"预计等待{_counted(low)}分钟以上。",
            en=f"Your expected wait is more than {_minutes(low)}.",
            language=language,
        )
    if low == high:
        return _two(
            zh=f"预计等待约{_counted(low)}分钟。",
            en=f"Your expected wait is about {_minutes(low)}.",
            language=language,
        )
    if low == 0:
        return _two(
            zh=f"预计等待不超过{_counted(high)}分钟。",
            en=f"Your expected wait is up to {_minutes(high)}.",
            language=language,
        )
    return _two(
        zh=f"预计等待{_counted(low)}到{_counted(high)}分钟。",
        en=f"Your expected wait is about {low} to {_minutes(high)}.",
        language=language,
    )


def told_minutes(low_s: float, high_s: float) -> tuple[int, int | None]:
    """The two ends as they are told; 0: none is short enough, None: none is long enough."""
    return _minutes_below(low_s), _minutes_above(high_s)


def _minutes_below(seconds: float) -> int:
    """The longest time of those that are told which is not longer than this; 0: none is."""
    return max((step for step in WAITS_MIN if step * 60 <= seconds), default=0)


def _minutes_above(seconds: float) -> int | None:
    """The shortest time of those that are told which is not shorter; None: none is."""
    return min((step for step in WAITS_MIN if step * 60 >= seconds), default=None)


def _counted(minutes: int) -> str:
    """Counted things take 两, not 二."""
    return "两" if minutes == 2 else below_hundred(minutes)


def _minutes(minutes: int) -> str:
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


def callback_offer(key: str, language: str) -> Prompt:
    """``key``: one of a telephone, as the site file sets it."""
    zh = {"*": "星号键", "#": "井号键"}.get(key, key)
    en = {"*": "star", "#": "pound"}.get(key, key)
    return _two(
        zh=f"如需我们给您回电，请按{zh}。您的排队位置将为您保留。",
        en=f"If you would like us to call you back, press {en}. You will keep your place in line.",
        language=language,
    )


def callback_number_is(language: str) -> Prompt:
    """The digits follow."""
    return _named("callback_number_is", _QUEUE, language)


def callback_confirm(language: str) -> Prompt:
    return _named("callback_confirm", _QUEUE, language)


def callback_ask_number(language: str) -> Prompt:
    return _named("callback_ask_number", _QUEUE, language)


def callback_bad_number(language: str) -> Prompt:
    return _named("callback_bad_number", _QUEUE, language)


def callback_kept_waiting(language: str) -> Prompt:
    """Nothing was arranged: the caller waits on."""
    return _named("callback_kept_waiting", _QUEUE, language)


def callback_here(language: str) -> Prompt:
    """To the customer who has answered our call."""
    return _named("callback_here", _QUEUE, language)


def callback_arranged(language: str) -> Prompt:
    return _named("callback_arranged", _QUEUE, language)


def keyed_in(number: str, language: str) -> tuple[Prompt, ...]:
    """What the caller keyed in, read back: 1 confirms, 2 is to do it again."""
    return (
        _named("keyed_in", _FLOW, language),
        *digits(number, language),
        _named("confirm_keyed_in", _FLOW, language),
    )


def confirm_recorded(language: str) -> Prompt:
    """After the caller has recorded something: 1 plays it, 2 is to do it again, 3 confirms."""
    return _named("confirm_recorded", _FLOW, language)


def helped(language: str) -> Prompt:
    """After an article was read: 1 is yes, 2 is no."""
    return _named("helped", _FLOW, language)


def announcements() -> tuple[Prompt, ...]:
    """All that any caller can hear from here, whatever the site; rendered before the first call."""
    said: list[Prompt] = [system.prompt for system in system_prompts()]
    waits = [0.0, *(60.0 * minutes for minutes in WAITS_MIN)]
    too_long = 60.0 * WAITS_MIN[-1] + 1
    for language in LANGUAGES:
        said += [_named(name, _FLOW, language) for name in _FLOW]
        said += [_named(name, _QUEUE, language) for name in _QUEUE]
        said += [queue_position(place, language) for place in range(1, HIGHEST_POSITION + 2)]
        said += all_digits(language)
        for low_s in waits:
            highs = [high_s for high_s in waits if high_s >= low_s]
            said += [expected_wait(low_s, high_s, language) for high_s in (*highs, too_long)]
    return tuple(dict.fromkeys(said))


def _spoken(language: str) -> str:
    """A language that is not spoken here falls back to the first."""
    return language if language in LANGUAGES else LANGUAGES[0]


def _named(name: str, texts: dict[str, dict[str, str]], language: str) -> Prompt:
    language = _spoken(language)
    return Prompt(text=texts[name][language], language=language, name=name)


def _two(*, zh: str, en: str, language: str) -> Prompt:
    language = _spoken(language)
    return Prompt(text=en if language == "en" else zh, language=language)
