"""Numbers said sign by sign: of telephones, orders, identity cards."""

from __future__ import annotations

import string

from ccengine.ivr.waits import Prompt

# On the telephone 1 is said yāo, lest it be taken for 7 (qī).
_CHINESE = dict(zip("0123456789X", [*"零幺二三四五六七八九", "艾克斯"], strict=True))
_ENGLISH = dict(
    zip(
        "0123456789X",
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "X"],
        strict=True,
    )
)
_SILENT = frozenset("+-() ./#")


def digits(number: str, language: str) -> tuple[Prompt, ...]:
    """A number read back digit by digit, with the X of an identity number; a + is not said."""
    names = _ENGLISH if language == "en" else _CHINESE
    spoken = "en" if language == "en" else "zh-CN"
    return tuple(
        Prompt(text=names[sign], language=spoken, name=f"digit_{sign.lower()}")
        for sign in number
        if sign in names
    )


def signs(number: str, language: str) -> tuple[Prompt, ...] | None:
    """As ``digits``, with Latin letters; None when there is something that is neither."""
    said: list[Prompt] = []
    for sign in number.upper():
        if sign in _CHINESE:
            said += digits(sign, language)
        elif sign in string.ascii_uppercase:
            # Letters have their English names in Mandarin too.
            said.append(Prompt(text=sign, language="en", name=f"letter_{sign.lower()}"))
        elif sign not in _SILENT:
            return None
    return tuple(said)


def all_digits(language: str) -> tuple[Prompt, ...]:
    return digits("".join(_CHINESE), language)


def all_signs(language: str) -> tuple[Prompt, ...]:
    return signs("0123456789" + string.ascii_uppercase, language) or ()
