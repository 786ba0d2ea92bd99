"""The sentence of an article that answers a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ccengine.knowledge.terms import normalise, terms

_END = re.compile(r"(?<=[。！？；!?;\n])\s*|(?<=[.])\s+")
_LONGEST = 160
"""A pop has room for so many characters."""


def sentences(body: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _END.split(body) if part.strip())


def best_sentence(body: str, question: Mapping[str, int], value_of: Callable[[str], float]) -> str:
    """The one with most of the question's terms for its length; the first when none has any."""
    best, best_score = "", -1.0
    for sentence in sentences(body):
        held = terms(normalise(sentence))
        common = sum(value_of(term) for term in question if term in held)
        score = common / (20 + sum(held.values())) ** 0.5
        if score > best_score:
            best, best_score = sentence, score
    return best if len(best) <= _LONGEST else best[: _LONGEST - 1] + "…"
