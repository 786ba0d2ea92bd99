"""Answers that may be given again for a while: few, and none for ever."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from ccengine.ivr.answers import LookedUp
from ccengine.ivr.waits import LookupWait

MOST = 2_000
"""Answers; the one that was used least lately goes first."""


def question_of(wait: LookupWait) -> Hashable:
    """The same for the same question. Types count: 1 is not true."""
    values = tuple(sorted((name, type(v).__name__, v) for name, v in wait.values.items()))
    return (wait.kind, wait.source, wait.method, wait.path, values, wait.wants)


class Cache:
    """Only answers, never failures; what is secret never comes here."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, tuple[float, LookedUp]] = OrderedDict()

    def get(self, question: Hashable, now: float, age_s: float) -> LookedUp | None:
        """An answer that is no older than ``age_s``."""
        found = self._answers.get(question)
        if found is None or now - found[0] > age_s:
            return None
        self._answers.move_to_end(question)
        return found[1]

    def put(self, question: Hashable, now: float, answer: LookedUp) -> None:
        self._answers[question] = (now, answer)
        self._answers.move_to_end(question)
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)

    def __len__(self) -> int:
        return len(self._answers)
