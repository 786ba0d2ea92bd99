"""Did you mean …? For names that are known but written a little differently."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_NEAR = 70.0
"""Percent alike: one or two letters wrong in a name of six."""
_BEGINNING = 4
"""Letters that make a name near when no other begins with them."""
_LISTED = 8
"""So many names are few enough to be told all of them."""


def did_you_mean(name: str) -> str:
    return f"did you mean {name!r}?"


def near(name: str, choices: Iterable[str]) -> str:
    """``did you mean 'sales'?``; a short list of all when none is near; empty when there is none.

    Long lists without a near name give the empty string: they would only bury the problem.
    """
    known = sorted(set(choices))
    # Longer than any name: cut, so that a hostile word costs nothing.
    found = process.extractOne(
        name[:64].lower(), known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_NEAR
    )
    if found is not None:
        return did_you_mean(found[0])
    begun = [choice for choice in known if choice[:_BEGINNING] == name[:_BEGINNING].lower()]
    if len(begun) == 1 and len(name) >= _BEGINNING:
        return did_you_mean(begun[0])
    if known and len(known) <= _LISTED:
        return "known: " + ", ".join(known)
    return ""
