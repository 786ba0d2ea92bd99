"""A YAML file written by a person: its values, where each one stands, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KeyPath = tuple[str | int, ...]
"""How to get to a value: ``("queues", "sales", "agents", 0)``."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """Line and column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A mistake of the author's: where it is, what is wrong, and how to mend it."""

    file: str
    at: Position
    message: str
    cure: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.at.line}:{self.at.column}: {self.message}"
        return f"{text}\n    cure: {self.cure}" if self.cure else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file. ``value`` holds only dict, list, str, int, float, bool and None."""

    path: Path
    value: object
    positions: Mapping[KeyPath, Position]
    """Of each key's value and of each list item."""

    def at(self, path: KeyPath) -> Position:
        """The position of a value, or of the nearest thing round it that is in the file."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, Position(line=1, column=1))


class BadFileError(Exception):
    """The file cannot be used; ``problems`` says all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
