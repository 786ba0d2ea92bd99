"""Times of callbacks as callers hear them; each is rendered before the first call."""

from __future__ import annotations

from datetime import time as at

from ccengine.ivr.speaking.chinese import below_hundred
from ccengine.ivr.speaking.times import time_of_day
from ccengine.ivr.waits import Prompt
from ccengine.site.callback_times import CallbackTime, callback_time

_ENGLISH = "en"


def callback_when(language: str) -> Prompt:
    """Asked after the number: in turn, or at another time."""
    return _said(
        zh="轮到您时回电请按1，预约其他时间请按2。",
        en="To be called when it is your turn, press 1. To choose another time, press 2.",
        language=language,
    )


def callback_choice(time: str, key: str, language: str) -> Prompt:
    """``time`` as the site file has it; ``key`` chooses it."""
    return _said(
        zh=f"{_chinese(callback_time(time))}回电，请按{key}。",
        en=f"To be called {_english(callback_time(time))}, press {key}.",
        language=language,
    )


def callback_arranged_at(time: str, language: str) -> Prompt:
    """The good-bye, with the time that was chosen a moment ago."""
    return _said(
        zh=f"回电已登记，我们会在{_chinese(callback_time(time))}给您去电。感谢您的来电，再见。",
        en=f"Your callback is arranged: we will call you {_english(callback_time(time))}. "
        "Thank you for calling. Goodbye.",
        language=language,
    )


def callback_times(times: tuple[str, ...], language: str) -> tuple[Prompt, ...]:
    """All that callers of a queue with these times can hear of them."""
    if not times:
        return ()
    said = [callback_when(language)]
    for key, time in enumerate(times, 1):
        said += [callback_choice(time, str(key), language), callback_arranged_at(time, language)]
    return tuple(said)


def _chinese(time: CallbackTime) -> str:
    if time.after_minutes:
        hours, minutes = divmod(time.after_minutes, 60)
        return f"{_counted(hours)}小时后" if hours else f"{below_hundred(minutes)}分钟后"
    day = "明天" if time.days else "今天"
    return day + "".join(time_of_day(at(time.hour, time.minute), "zh-CN"))


def _counted(number: int) -> str:
    """Hours take 两, not 二; twelve is 十二 all the same."""
    return "两" if number == 2 else below_hundred(number)


def _english(time: CallbackTime) -> str:
    if time.after_minutes:
        hours, minutes = divmod(time.after_minutes, 60)
        if not hours:
            return f"in {minutes} minutes"
        return "in one hour" if hours == 1 else f"in {hours} hours"
    day = "tomorrow" if time.days else "today"
    hour = (time.hour + 11) % 12 + 1
    minute = f":{time.minute:02}" if time.minute else ""
    return f"{day} at {hour}{minute} {'a.m.' if time.hour < 12 else 'p.m.'}"


def _said(*, zh: str, en: str, language: str) -> Prompt:
    spoken = _ENGLISH if language == _ENGLISH else "zh-CN"
    return Prompt(text=en if spoken == _ENGLISH else zh, language=spoken)
