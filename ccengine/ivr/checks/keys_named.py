"""A menu's words and its keys say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.model import Step, StepText
from ccengine.yamlsource.model import Problem

_SPELT = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("０１２３４５６７８９＊＃", "0123456789*#", strict=True)),
    "星": "*",
    "井": "#",
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "star": "*",
    "pound": "#",
    "hash": "#",
}
_HAN_KEY = r"[0-9*#０-９＊＃零一二三四五六七八九星井]"
_ENGLISH_KEY = (
    r"(?:[0-9*#](?![0-9])|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)"
)
_NAMED = (
    re.compile(rf"按\s*({_HAN_KEY}(?:\s*[、或和,，]\s*{_HAN_KEY})*)(?![0-9])"),
    re.compile(
        rf"\b(?:press|dial)\s+(?:the\s+)?({_ENGLISH_KEY}(?:\s*(?:,|or)+\s*{_ENGLISH_KEY})*)",
        re.IGNORECASE,
    ),
)
_ONE_KEY = re.compile(rf"{_ENGLISH_KEY}|{_HAN_KEY}", re.IGNORECASE)


def keys_named(flow: Draft, _seen: Seen) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if step.type == "language":
            yield from _offers(flow, name, step)
        if step.type != "menu":
            continue
        keys = [str(branch.at[1]) for branch in step.ways() if branch.at[0] == "keys"]
        for text in step.texts():
            if text.at == ("say",):
                for message, cure in _differences(text, keys):
                    yield flow.wrong(name, text.at, message, cure).as_warning()


def _offers(flow: Draft, name: str, step: Step) -> Iterator[Problem]:
    """Each language is offered with its own key."""
    for text in step.texts():
        for language, said in text.texts.items() if text.at[0] == "keys" else ():
            key = str(text.at[1])
            if key not in named_keys(said):
                message = f"the text in {language} does not name its key {key}"
                yield flow.wrong(name, text.at, message, f"say that it is {key}").as_warning()


def _differences(text: StepText, keys: list[str]) -> Iterator[tuple[str, str]]:
    """Message and cure."""
    named = {language: named_keys(said) for language, said in text.texts.items()}
    for key in dict.fromkeys(key for found in named.values() for key in found):
        if key not in keys:
            where = " and ".join(language for language, found in named.items() if key in found)
            message = f"the text in {where} names the key {key}, and the menu has no such key"
            yield message, f'add `"{key}": …` to `keys`, or take it out of the text'
    for key in keys:
        silent = [language for language, found in named.items() if key not in found]
        if silent:
            message = f"the text in {' and '.join(silent)} does not name the key {key}"
            yield message, "tell the caller what it is for, or take it out of `keys`"


def named_keys(text: str) -> list[str]:
    """The keys that a text asks to press, each once."""
    found = [
        _SPELT.get(key.lower(), key)
        for pattern in _NAMED
        for keys in pattern.findall(text)
        for key in _ONE_KEY.findall(keys)
    ]
    return list(dict.fromkeys(found))
