"""The site file as it was written, for checks that must not fall over what is misshapen in it."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.yamlsource.model import Document, KeyPath, Problem


class Written:
    """Looks into a document that may hold anything anywhere; gathers problems."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._document = document

    def text(self, *path: str | int) -> str | None:
        """The text at ``path``, or None when there is none: its shape is told elsewhere."""
        value = self.value(*path)
        return value if isinstance(value, str) else None

    def keys(self, *path: str | int) -> list[str]:
        """The keys of the mapping at ``path``; none when it is no mapping."""
        value = self.value(*path)
        return list(value) if isinstance(value, dict) else []

    def texts(self, *path: str | int) -> Iterator[tuple[KeyPath, str]]:
        """The texts in the list at ``path``, each with its own path."""
        value = self.value(*path)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, str):
                    yield (*path, index), item

    def members(self, *path: str | int) -> Iterator[tuple[KeyPath, str]]:
        """The agents in the list at ``path``, each written as text or as ``{agent: …}``."""
        value = self.value(*path)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, str):
                yield (*path, index), item
            elif isinstance(item, dict) and isinstance(item.get("agent"), str):
                yield (*path, index, "agent"), item["agent"]

    def is_empty_list(self, *path: str | int) -> bool:
        return self.value(*path) == []

    def is_true(self, *path: str | int) -> bool:
        return self.value(*path) is True

    def has(self, *path: str | int) -> bool:
        return path in self._document.positions

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of a list item."""
        return self._document.at_key(path).line

    def wrong(self, path: KeyPath, message: str, cure: str) -> None:
        self.problems.append(self._document.problem(path, message, cure))

    def wrong_key(self, path: KeyPath, message: str, cure: str) -> None:
        self.problems.append(self._document.key_problem(path, message, cure))

    def value(self, *path: str | int) -> object:
        """Whatever stands at ``path``, or None."""
        value = self._document.value
        for part in path:
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value
