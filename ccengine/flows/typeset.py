"""How wide a text is drawn, and where it breaks: Chinese counts in full squares."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("iljtfrI.,:;'|!()[] -·")
_WIDE = frozenset("mwMW@%")


def wide(text: str, size: float) -> float:
    """Pixels that this text takes in a sans-serif face of ``size`` pixels; rather too many."""
    return sum(_em(char) for char in text) * size


def _em(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WFA" and ord(char) > 0xFF:
        return 1.0
    if char in _NARROW:
        return 0.36
    return 0.86 if char in _WIDE or char.isupper() else 0.58


def cut(text: str, size: float, most: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if wide(text, size) <= most:
        return text
    kept = text
    while kept and wide(kept + "…", size) > most:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def lines(text: str, size: float, most: float, count: int) -> list[str]:
    """At most ``count`` lines; the last one is cut. Words stay whole, Chinese breaks anywhere."""
    broken: list[str] = []
    line = ""
    for piece in _pieces(" ".join(text.split())):
        if line and wide(line + piece.rstrip(), size) > most:
            broken.append(line.rstrip())
            line = ""
        line += piece
    broken.append(line.rstrip())
    if len(broken) > count:
        space = "" if unicodedata.east_asian_width(broken[count - 1][-1]) in "WF" else " "
        broken[count - 1] = space.join(broken[count - 1 :])
    return [cut(line, size, most) for line in broken[:count] if line]


_CLINGS = frozenset("，。、；：！？）》」…,.;:!?)")
"""Never begin a line."""


def _pieces(text: str) -> list[str]:
    """What may stand at the end of a line: a word with its space, or one square."""
    pieces: list[str] = []
    word = ""
    for char in text:
        square = unicodedata.east_asian_width(char) in "WF"
        if char in _CLINGS and word:
            word += char
        elif char in _CLINGS and pieces:
            pieces[-1] += char
        elif square:
            pieces += [word, char] if word else [char]
            word = ""
        else:
            word += char
            if char == " ":
                pieces.append(word)
                word = ""
    return [*pieces, word] if word else pieces
