"""From a text to what the index counts.

Chinese: characters and pairs of neighbours, which hold where a segmenter's words break (typing
errors, new product names); adding a segmenter's words was measured and found no better.
English: words without their endings, and letter triples, which hold against typing errors.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_ENDINGS = ("ing", "ed", "es", "s")

_CHARACTER, _PAIR, _WORD, _TRIPLE = 1.4, 1.0, 1.0, 0.3
"""How much each kind of term counts, by measurement on Chinese and English questions."""
_EMPTY = 0.4
"""Of a word that says nothing by itself, against one that does."""

_EMPTY_TEXT = (
    "a an and are at be but by can could did do does for from had has have how i if in is it its "
    "me my of on or our s should so t than that the their them then there they this to was we "
    "were what when where which who why will with would you your"
)
_EMPTY_WORDS = frozenset(_EMPTY_TEXT.split())


def normalise(text: str) -> str:
    """One width, small letters, no spaces between Chinese characters."""
    return _GAP.sub("", unicodedata.normalize("NFKC", text).lower()).strip()


def terms(text: str) -> Counter[str]:
    """The terms of a normalised text with their counts."""
    found: Counter[str] = Counter()
    for run in _RUNS.findall(text):
        if re.match(rf"[{_HAN}]", run):
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            word = _stem(run)
            found[f"w:{word}"] += 1
            if run in _EMPTY_WORDS:
                continue
            fenced = f"^{word}$"
            found.update(f"t:{fenced[i : i + 3]}" for i in range(len(fenced) - 2))
    return found


def weight(term: str) -> float:
    """How much a term of this kind counts beside the others."""
    match term[:2]:
        case "w:":
            return _EMPTY * _WORD if term[2:] in _EMPTY_WORDS else _WORD
        case "t:":
            return _TRIPLE
    return _CHARACTER if len(term) == 1 else _PAIR


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
