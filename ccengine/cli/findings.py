"""What ``ccengine doctor`` says: one finding a check, in plain words, with a cure if one is due."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    health: Health
    subject: str
    said: str
    cure: str = ""

    def __str__(self) -> str:
        line = f"{self.health.value:<5} {self.subject}: {self.said}"
        return f"{line}\n      -> {self.cure}" if self.cure else line


def good(subject: str, said: str) -> Finding:
    return Finding(health=Health.GOOD, subject=subject, said=said)


def note(subject: str, said: str, cure: str = "") -> Finding:
    """Not wrong, but worth knowing."""
    return Finding(health=Health.NOTE, subject=subject, said=said, cure=cure)


def bad(subject: str, said: str, cure: str) -> Finding:
    return Finding(health=Health.BAD, subject=subject, said=said, cure=cure)
