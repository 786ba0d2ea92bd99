"""A menu's words and its keys say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
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
        if step.type != "menu":
            continue
        keys = [str(branch.at[1]) for branch in step.ways() if branch.at[0] == "keys"]
        for text in step.texts():
            for language, said in text.texts.items() if text.at == ("say",) else ():
                at = (*text.at, language)
                named = named_keys(said)
                for key in named:
                    if key not in keys:
                        message = f"the text names the key {key}, and the menu has no such key"
                        cure = f'add `"{key}": …` to `keys`, or take it out of the text'
                        yield flow.wrong(name, at, message, cure).as_warning()
                silent = [key for key in keys if key not in named]
                if silent:
                    which = "key" if len(silent) == 1 else "keys"
                    message = f"the text in {language} never names the {which} {', '.join(silent)}"
                    cure = "tell the caller, or leave it if it is meant to be found by chance"
                    yield flow.wrong(name, at, message, cure).as_warning()


def named_keys(text: str) -> list[str]:
    """The keys that a text asks to press, each once."""
    found = [
        _SPELT.get(key.lower(), key)
        for pattern in _NAMED
        for keys in pattern.findall(text)
        for key in _ONE_KEY.findall(keys)
    ]
    return list(dict.fromkeys(found))
