"""A journal file without callers' numbers, agents and names, that still runs again.

Each word that the file uses as a number, an id or a name gets another one, the same everywhere, so
that all that was decided stays as it was. Moments, seconds and the site's rules stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from ccengine.acd.rules import AcdRules, personal_queue
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.replay.codec import ANSWER_TYPES, INPUT_TYPES
from ccengine.replay.file import LOST, JournalFile, JournalFileError
from ccengine.replay.saved import named

SIGNS = {AgentId: "agent", CallId: "call", QueueId: "queue"}
NAMED = {"number": "number", "reason": "reason", "skill": "skill", "branch": "branch"}
"""Fields that are plain words of the site or of a caller."""
MARKS = frozenset("ogedfmn")
"""In a saved state: what names classes and kinds."""
PERSONAL = personal_queue(AgentId(""))


def anonymise(path: Path, out: Path) -> None:
    """Raises JournalFileError, OSError; ``out`` must not be there yet."""
    words = _Words()
    with JournalFile(path) as file:
        words.learn(AcdRules, _decoded(file, msgspec.json.encode(file.rules)))
        file.acd()  # refuses a state that is none
        words.learn_state(_decoded(file, file.state_line))
        for kept in file.kept():
            _learn_line(words, kept.kind, _decoded(file, kept.body), _decoded(file, kept.answer))
    words.settle()
    with JournalFile(path) as file, out.open("xb") as written:
        header = msgspec.json.encode(file.header)
        rules = msgspec.json.encode(words.replaced(_decoded(file, file.rules_line)))
        state = msgspec.json.encode(words.in_state(_decoded(file, file.state_line)))
        written.write(b"\n".join((header, rules, state, b"")))
        for kept in file.kept():
            body = {} if kept.kind == LOST else words.replaced(_decoded(file, kept.body))
            answer = words.replaced(_decoded(file, kept.answer))
            written.write(msgspec.json.encode([kept.at, kept.kind, body, answer]) + b"\n")


def _decoded(file: JournalFile, body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JournalFileError(file.path, file.line, str(error)) from error


def _learn_line(words: _Words, kind: str, body: Any, answer: Any) -> None:
    if kind in _TYPES:
        words.learn(_TYPES[kind], body)
    if isinstance(answer, list):
        for name, word in zip(answer[::2], answer[1::2], strict=False):
            if name in _TYPES:
                words.learn(_TYPES[name], word)


_TYPES: dict[str, type[Any]] = {kind.__name__: kind for kind in (*INPUT_TYPES, *ANSWER_TYPES)}


class _Words:
    """Each word that must not be told, and the one that is told instead."""

    def __init__(self) -> None:
        self._instead: dict[str, str] = {}
        self._signs: dict[str, str] = {}
        self._kept = _vocabulary()

    def learn(self, hint: Any, value: Any) -> None:
        """Walk a plain value along its type: ids and names in it are to be replaced."""
        arguments = [part for part in get_args(hint) if part is not Ellipsis]
        if hint in SIGNS:
            if isinstance(value, str):
                self._replace(value, SIGNS[hint])
        elif _field_names(hint):
            if isinstance(value, Mapping):
                self._learn_fields(hint, value)
        elif get_origin(hint) in (dict, Mapping):
            key_hint, inside_hint = arguments
            for key, inside in value.items():
                if key_hint is str:
                    self._replace(key, "skill")  # of an agent
                self.learn(key_hint, key)
                self.learn(inside_hint, inside)
        else:
            for part in arguments:
                for inside in value if isinstance(value, list) else [value]:
                    self.learn(part, inside)

    def _learn_fields(self, kind: Any, body: Mapping[str, Any]) -> None:
        hints = get_type_hints(kind)
        for name in _field_names(kind):
            inside = body.get(name)
            if name in NAMED and isinstance(inside, str):
                self._replace(inside, NAMED[name])
            self.learn(hints[name], inside)

    def learn_state(self, state: Any) -> None:
        """What the ACD remembers and nothing in the file says again, callers' numbers first."""
        for body in state["objects"] if isinstance(state, dict) else ():
            kind = named(body["o"], type) if "o" in body else None
            if not _field_names(kind):
                continue
            hints = get_type_hints(kind)
            for name, value in body["a"].items():
                sign = next((NAMED[end] for end in NAMED if name.endswith(end)), None)
                if sign is not None and isinstance(value, str):
                    self._replace(value, sign)
                elif isinstance(value, str) and name in hints:
                    self.learn(hints[name], value)

    def _replace(self, word: str, sign: str) -> None:
        if word and word not in self._kept and word not in self._signs:
            self._signs[word] = sign

    def settle(self) -> None:
        """All is learned. The new words sort as the old ones did: an order may hang on it."""
        for sign in sorted(set(self._signs.values())):
            words = sorted(word for word, of in self._signs.items() if of == sign)
            digits = len(str(len(words)))
            for number, word in enumerate(words, 1):
                self._instead[word] = f"{sign}{number:0{digits}d}"
        for word in self._signs:
            agent = word.removeprefix(PERSONAL)
            if agent != word:
                self._instead[word] = PERSONAL + self._instead.get(agent, agent)

    def replaced(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.replaced(part) for part in value]
        if isinstance(value, dict):
            return {self._instead.get(key, key): self.replaced(part) for key, part in value.items()}
        return value

    def in_state(self, value: Any) -> Any:
        """A saved state; its marks, classes and attributes keep their names."""
        if isinstance(value, dict):
            return {
                key: (
                    self._entries(key, part) if key in MARKS or key == "a" else self.in_state(part)
                )
                for key, part in value.items()
            }
        if isinstance(value, list):
            return [self.in_state(part) for part in value]
        return self._text(value) if isinstance(value, str) else value

    def _entries(self, key: str, part: Any) -> Any:
        if key == "a":
            return {name: self.in_state(inside) for name, inside in part.items()}
        if key == "n":
            return [part[0], self.in_state(part[1])]
        return part

    def _text(self, text: str) -> str:
        """A word, a skill with its level, or a sentence of the ACD with ids in it."""
        whole = self._instead.get(text)
        if whole is not None:
            return whole
        skill, colon, level = text.rpartition(":")
        if colon and level.isdigit():
            return f"{self._instead.get(skill, skill)}:{level}"
        return re.sub(r"[^\s:,()]+", self._in_sentence, text) if " " in text else text

    def _in_sentence(self, found: re.Match[str]) -> str:
        """Ids alone: a caller's number may look like any number in it, and none stands there."""
        word = found[0]
        return word if self._signs.get(word) == "number" else self._instead.get(word, word)


def _vocabulary() -> frozenset[str]:
    """The ACD's own words: never a name, or the file would not run again."""
    words = set(_TYPES)
    seen: set[Any] = set()
    ahead: list[Any] = [*_TYPES.values(), AcdRules]
    while ahead:
        hint = ahead.pop()
        if hint in seen:
            continue
        seen.add(hint)
        ahead += get_args(hint)
        if _field_names(hint):
            hints = get_type_hints(hint)
            words.update(hints)
            ahead += hints.values()
        elif isinstance(hint, type) and issubclass(hint, Enum):
            words.update(str(member.value) for member in hint)
    return frozenset(words)


def _field_names(kind: Any) -> tuple[str, ...]:
    """Of an input, a rule (dataclasses), a fact or a command (structs); empty for all else."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
