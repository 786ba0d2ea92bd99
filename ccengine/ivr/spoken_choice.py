"""Which choice of a menu the caller has named: its words beside those that each key may have.

Two texts are alike by the share of characters that they have in common in order (0 to 100, an edit
distance). A phrase counts where it stands anywhere in what was said; the best one wins if it is
likely enough and no other key is nearly as likely. A recogniser's small mistakes pass, guesses do
not: who is not understood is asked again, and has the keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

LIKELY = 80.0
"""Less alike counts for nothing: of five characters one may be wrong."""
APART = 10.0
"""So much ahead of any other key; else it could be either."""
_DIGITS = {
    "0": ("零", "zero"), "1": ("一", "幺", "one"), "2": ("二", "两", "two"), "3": ("三", "three"),
    "4": ("四", "four"), "5": ("五", "five"), "6": ("六", "six"), "7": ("七", "seven"),
    "8": ("八", "eight"), "9": ("九", "nine"), "*": ("星号", "star"), "#": ("井号", "pound"),
}  # fmt: skip
_DIGIT_ONLY = re.compile(r"(?:请?按|选择?|press )?(.{1,5}?)号?键?")


def choice(text: str, phrases: Mapping[str, Iterable[str]]) -> str:
    """The key that was named, by its digit or one of its phrases; empty: none is sure."""
    said = _plain(text)
    if not said:
        return ""
    by_digit = _DIGIT_ONLY.fullmatch(said)
    for key in phrases:
        if by_digit and by_digit[1] in (key, *_DIGITS.get(key, ())):
            return key
    scores = sorted(
        ((max((_alike(said, _plain(one)) for one in some), default=0.0), key)
        for key, some in phrases.items()),
        reverse=True,
    )  # fmt: skip
    best, key = scores[0] if scores else (0.0, "")
    second = scores[1][0] if len(scores) > 1 else 0.0
    return key if best >= LIKELY and best - second >= APART else ""


def _alike(said: str, phrase: str) -> float:
    if not phrase:
        return 0.0
    # Less than the phrase was said: a part of it that fits well is not it.
    return float(
        fuzz.ratio(said, phrase) if len(said) < len(phrase) else fuzz.partial_ratio(said, phrase)
    )


def _plain(text: str) -> str:
    """Without signs, in small letters, each width the same."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w*# ]+", "", plain).strip()
