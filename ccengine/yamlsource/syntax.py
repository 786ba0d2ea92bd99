"""YAML's own grammar, bounded: the events of one text, and its errors in a person's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

import yaml
from yaml.error import MarkedYAMLError
from yaml.events import Event, ScalarEvent
from yaml.reader import ReaderError

from ccengine.yamlsource.model import Position

MAX_DEPTH = 32
"""Lists and mappings inside one another."""


class SyntaxProblem(Exception):
    """The text is no YAML, or nested too deeply to be a person's file."""

    def __init__(self, at: Position, message: str, cure: str) -> None:
        self.at = at
        self.message = message
        self.cure = cure
        super().__init__(message)


class _BoundedLoader(yaml.SafeLoader):
    """Refuses depth in the scanner: a row of brackets costs it quadratic time further in."""

    def fetch_flow_collection_start(self, TokenClass: type[yaml.Token]) -> None:
        if self.flow_level >= MAX_DEPTH:
            raise too_deep(position(self.get_mark()))
        super().fetch_flow_collection_start(TokenClass)

    def add_indent(self, column: int) -> bool:
        if len(self.indents) > MAX_DEPTH:
            raise too_deep(position(self.get_mark()))
        return super().add_indent(column)


class _Mark(Protocol):
    line: int
    column: int


def events(text: str) -> Iterator[Event]:
    """The events of ``text`` as they are read. Raises SyntaxProblem at the first that is wrong."""
    try:
        loader = _BoundedLoader(text)
    except ReaderError as error:
        raise _unprintable(text, error) from None
    try:
        while loader.check_event():
            yield loader.get_event()  # type: ignore[no-untyped-call]
    except MarkedYAMLError as error:
        said = _in_words(error)
        raise _of_chinese_keyboard(text, error, said) or _colon_in_text(error) or said from None


def quick_events(text: str) -> Iterator[Event] | None:
    """As ``events``, ten times as quick, where libyaml is there; but what is wrong in a text is
    told worse, and rather by ``events``. Raises YAMLError for it, and UnicodeError for a text that
    no file can hold."""
    return _libyaml_events(text) if yaml.__with_libyaml__ else None


def _libyaml_events(text: str) -> Iterator[Event]:
    loader = yaml.CSafeLoader(text.encode("utf-8"))
    while (event := loader.get_event()) is not None:
        if isinstance(event, ScalarEvent) and not event.value and not event.style:
            raise yaml.YAMLError("nothing stands here, and libyaml takes another place for it")
        yield event


def position(mark: _Mark | None) -> Position:
    if mark is None:
        return Position(line=1, column=1)
    return Position(line=mark.line + 1, column=mark.column + 1)


def too_deep(at: Position) -> SyntaxProblem:
    return SyntaxProblem(
        at,
        f"more than {MAX_DEPTH} lists and mappings inside one another",
        "close a bracket, or lay the file out flatter",
    )


def _unprintable(text: str, error: ReaderError) -> SyntaxProblem:
    before = text[: error.position]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return SyntaxProblem(
        Position(line=line, column=column),
        f"the character U+{ord(text[error.position]):04X} cannot stand in a YAML file",
        "remove it",
    )


_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?[\w\-\"']{1,64}(：)")


def _full_width_colon(text: str, last: int) -> SyntaxProblem | None:
    """A key that a Chinese keyboard ended, at or a few lines above the error."""
    lines = text.split("\n", last)[:last]
    for number in range(len(lines), max(len(lines) - 5, 0), -1):
        found = _FULL_WIDTH_COLON.match(lines[number - 1])
        if found is not None:
            at = Position(line=number, column=found.start(1) + 1)
            return SyntaxProblem(at, "： is a full-width colon", "write : and a space")
    return None


def _of_chinese_keyboard(
    text: str, error: MarkedYAMLError, said: SyntaxProblem
) -> SyntaxProblem | None:
    """Punctuation of a Chinese keyboard as the reason of the error."""
    colon = _full_width_colon(text, said.at.line)
    if colon is not None or error.problem_mark is None or "expected ','" not in str(error.problem):
        return colon
    at = position(error.problem_mark)
    line = text.split("\n", at.line)[at.line - 1]
    for sign, name, cure in _SIGNS:
        # What comes after the error cannot be its reason.
        column = line.rfind(sign, 0, at.column)
        if column >= 0:
            place = Position(line=at.line, column=column + 1)
            return SyntaxProblem(place, f"{sign} is {name}", cure)
    return None


_SIGNS = (
    ("，", "a full-width comma", "write , and a space; inside a text put the whole text in quotes"),
    ("“", "a quotation mark of texts, not of YAML", 'write "'),
    ("”", "a quotation mark of texts, not of YAML", 'write "'),
)


def _colon_in_text(error: MarkedYAMLError) -> SyntaxProblem | None:
    if error.problem_mark is None or "or '}', but got ':'" not in str(error.problem):
        return None
    return SyntaxProblem(
        position(error.problem_mark),
        "a colon where no key can stand",
        "put the whole text that holds ': ' in quotes",
    )


_IN_WORDS: tuple[tuple[str, str, str, bool], ...] = (
    # what PyYAML says, what it means, the cure, whether its context is the better place
    (r"found character '\t'", "a tab where only spaces may stand", "indent with spaces", False),
    (
        "while scanning an alias",
        "a * that is not in quotes",
        'write "*" for the key',
        True,
    ),
    (
        "that cannot start any token",
        "this character cannot begin a text",
        "put the whole text in quotes",
        False,
    ),
    (
        "mapping values are not allowed here",
        "a colon where no key can stand",
        "check the indentation, or put the text that holds ': ' in quotes",
        False,
    ),
    (
        "could not find expected ':'",
        "a key without a colon",
        "write `key: value`, or put a text of several lines in quotes",
        True,
    ),
    (
        "expected <block end>",
        "this line does not belong to the lines round it",
        "indent it exactly like its neighbours, and close brackets and quotes above it",
        False,
    ),
    (
        "expected '<document start>'",
        "this line does not belong to the lines above it",
        "indent it exactly like its neighbours, and put texts in quotes as a whole",
        False,
    ),
    (
        "found unexpected end of stream",
        "a quote is opened here and never closed",
        "close the quote",
        True,
    ),
    ("expected ',' or ']'", "a [ is opened here and not closed", "add a , or a ]", True),
    ("expected ',' or '}'", "a { is opened here and not closed", "add a , or a }", True),
    ("found unknown escape", "no such escape after \\ in quotes", r"write \\, or use ' '", False),
    (
        "while parsing a node",
        "something ends here before it began",
        "write the value, or put it in quotes",
        False,
    ),
)


def _in_words(error: MarkedYAMLError) -> SyntaxProblem:
    said = f"{error.problem or ''} {error.context or ''}"
    for phrase, message, cure, at_context in _IN_WORDS:
        if phrase in said:
            mark = error.context_mark if at_context else error.problem_mark
            return SyntaxProblem(
                position(mark or error.problem_mark or error.context_mark), message, cure
            )
    return SyntaxProblem(
        position(error.problem_mark or error.context_mark),
        f"this is not YAML: {error.problem or error.context}",
        "put texts with special characters in quotes, and check the indentation",
    )
