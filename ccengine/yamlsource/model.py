"""A YAML file written by a person: its values, where each one stands, and what is wrong in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    warning: bool = False
    """To be known and thought about; refuses nothing."""

    def __str__(self) -> str:
        text = f"{self.file}:{self.at.line}:{self.at.column}: {self.message}"
        return f"{text}\n    cure: {self.cure}" if self.cure else text

    @classmethod
    def of_file(cls, path: Path, message: str, cure: str) -> Problem:
        """With the file as a whole."""
        return cls(file=str(path), at=Position(line=1, column=1), message=message, cure=cure)

    def as_warning(self) -> Problem:
        return replace(self, warning=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file. ``value`` holds only dict, list, str, int, float, bool and None."""

    path: Path
    value: object
    positions: Mapping[KeyPath, Position]
    """Of each key's value and of each list item."""
    keys: Mapping[KeyPath, Position] = field(default_factory=dict)
    """Of the keys themselves; the path is that of the key's value."""
    texts: Mapping[KeyPath, Position] = field(default_factory=dict)
    """Where the first character stands of values that are written in one line as they are meant."""

    @property
    def version(self) -> str:
        """A digest: the same for files that say the same, whatever their comments and the order
        of their keys."""
        said = json.dumps(self.value, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def at(self, path: KeyPath) -> Position:
        """The position of a value, or of the nearest thing round it that is in the file."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, Position(line=1, column=1))

    def at_key(self, path: KeyPath) -> Position:
        """The position of the key itself; for anything without a key, that of the value."""
        return self.keys.get(path) or self.at(path)

    def problem(self, path: KeyPath, message: str, cure: str = "") -> Problem:
        """A problem with the value at ``path``."""
        return Problem(file=str(self.path), at=self.at(path), message=message, cure=cure)

    def problem_within(self, path: KeyPath, offset: int, message: str, cure: str) -> Problem:
        """A problem with one character of the text at ``path``, counted from 0."""
        start = self.texts.get(path)
        if start is None:
            return self.problem(path, message, cure)
        at = replace(start, column=start.column + offset)
        return Problem(file=str(self.path), at=at, message=message, cure=cure)

    def key_problem(self, path: KeyPath, message: str, cure: str = "") -> Problem:
        """A problem with the key of ``path`` rather than with its value."""
        return Problem(file=str(self.path), at=self.at_key(path), message=message, cure=cure)


class BadFileError(Exception):
    """The file cannot be used; ``problems`` says all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
