"""The forms of a place in a text, ``{balance|money}``: what each says, and all it may ever say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from ccengine.ivr.speaking import numbers, times
from ccengine.ivr.speaking.digits import all_signs, signs
from ccengine.ivr.speaking.piece import piece, pieces
from ccengine.ivr.templates import Form
from ccengine.ivr.values import as_text
from ccengine.ivr.waits import Prompt, Value

MOST_LIVE = 200
"""Characters that are spoken of one text; more is cut off."""

_TRUTH = {"en": {True: "yes", False: "no"}, "zh-CN": {True: "是", False: "否"}}


def spoken(value: Value, form: Form | None, language: str, time_zone: str) -> tuple[Prompt, ...]:
    """What a value sounds like; nothing for an empty text. Never raises.

    What does not suit its form is said as a text, as it stands.
    """
    said = _fixed(value, form, language, time_zone)
    return said if said is not None else _live(as_text(value), language)


def all_pieces(form: Form | None, language: str) -> tuple[Prompt, ...]:
    """All fixed pieces that the form needs, to be rendered beforehand."""
    everything: Mapping[Form | None, Callable[[str], tuple[str, ...]]] = {
        "number": numbers.all_numbers,
        "ordinal": numbers.all_ordinals,
        "money": numbers.all_money,
        "date": times.all_days,
        "time": times.all_clocks,
        "text": lambda _: (),
        None: lambda spoken: (*numbers.all_numbers(spoken), *_TRUTH[spoken].values()),
    }
    language = _spoken(language)
    if form == "digits":
        return all_signs(language)
    return pieces(tuple(dict.fromkeys(everything[form](language))), language)


def _fixed(
    value: Value, form: Form | None, language: str, time_zone: str
) -> tuple[Prompt, ...] | None:
    language = _spoken(language)
    words: tuple[str, ...] | None
    match form:
        case None if isinstance(value, bool):
            return (piece(_TRUTH[language][value], language),)
        case None:
            words = None if isinstance(value, str) else numbers.number(value, language)
        case "text":
            words = None
        case "number":
            words = numbers.number(value, language)
        case "ordinal":
            words = numbers.ordinal(value, language)
        case "money":
            words = numbers.money(value, language)
        case "date":
            words = times.day(value, language, time_zone)
        case "time":
            words = times.clock(value, language, time_zone)
        case "digits":
            return signs(as_text(value), language)
        case _:
            assert_never(form)
    return None if words is None else pieces(words, language)


def _live(text: str, language: str) -> tuple[Prompt, ...]:
    text = "".join(sign if sign.isprintable() else " " for sign in text[:MOST_LIVE])
    text = " ".join(text.split())
    if not any(sign.isalnum() for sign in text):
        return ()
    return (Prompt(text=text, language=language, live=True),)


def _spoken(language: str) -> str:
    return "en" if language == "en" else "zh-CN"
