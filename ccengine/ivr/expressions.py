"""Conditions and calculations over a call's data: ``tries < 3 and order_no != ""``.

Parsed once, when the flow is read, into a closed tree; never run as a program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, cast, get_args

from ccengine.ivr import expression_tree as tree
from ccengine.ivr.expression_tokens import ExpressionError, Token, tokens
from ccengine.ivr.notation import Notation
from ccengine.ivr.patterns import Pattern, PatternError
from ccengine.ivr.values import as_number, as_truth
from ccengine.ivr.waits import Value
from ccengine.yamlsource.near import near

__all__ = ["MOST_DEPTH", "Expression", "ExpressionError"]

MOST_DEPTH = 20
"""Of parentheses, ``not`` and signs within each other."""
MOST_CHOICES = 50
"""Behind one ``in``."""

_COMPARISONS: tuple[tree.ComparisonSign, ...] = get_args(tree.ComparisonSign)


@dataclass(frozen=True, slots=True)
class Expression(Notation):
    """``names``: all names that it reads, each once."""

    MOST_CHARACTERS: ClassVar[int] = 500
    DESCRIPTION: ClassVar[str] = "An expression over the call's data, such as tries < 3."

    text: str
    root: tree.Node
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Raises ExpressionError."""
        return _parse(text)

    def value(self, values: Mapping[str, Value]) -> Value:
        """Never raises: kinds that do not fit give an empty text, or false."""
        return self.root.value(values)

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether its value counts as true."""
        return as_truth(self.root.value(values))


@lru_cache(maxsize=2_048)
def _parse(text: str) -> Expression:
    if len(text) > Expression.MOST_CHARACTERS:
        message = f"an expression has at most {Expression.MOST_CHARACTERS} characters"
        raise ExpressionError(message, "calculate a part of it in a set step before")
    parser = _Parser(text)
    root = parser.whole()
    return Expression(text, root, tuple(parser.names))


class _Parser:
    """Recursive descent, one method for each level of binding, loosest first."""

    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._at = 0
        self._depth = 0
        self.names: dict[str, None] = {}

    def whole(self) -> tree.Node:
        root = self._or()
        if self._now.kind != "end":
            raise self._unexpected("an operator such as == or `and`")
        return root

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _take(self, *texts: str, kind: str = "sign") -> Token | None:
        """The next token if it is one of these."""
        token = self._now
        if token.kind != kind or token.text not in texts:
            return None
        self._at += 1
        return token

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise self._unexpected(f"`{text}`")

    def _unexpected(self, wanted: str) -> ExpressionError:
        token = self._now
        what = "the expression ends" if token.kind == "end" else f"{token.text[:40]!r} stands"
        return ExpressionError(f"{what} where {wanted} is wanted", "complete it", token.at)

    def _deeper(self, inner: Callable[[], tree.Node]) -> tree.Node:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            message = f"more than {MOST_DEPTH} levels within each other"
            raise ExpressionError(message, "calculate a part in a set step before", self._now.at)
        node = inner()
        self._depth -= 1
        return node

    def _or(self) -> tree.Node:
        parts = [self._and()]
        while self._take("or", kind="word"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else tree.Any(tuple(parts))

    def _and(self) -> tree.Node:
        parts = [self._not()]
        while self._take("and", kind="word"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else tree.All(tuple(parts))

    def _not(self) -> tree.Node:
        if self._take("not", kind="word"):
            return tree.Not(self._deeper(self._not))
        return self._comparison()

    def _comparison(self) -> tree.Node:
        left = self._sum()
        found: list[tree.Node] = []
        while True:
            if sign := self._take(*_COMPARISONS):
                right = self._sum()
                found.append(tree.Comparison(cast(tree.ComparisonSign, sign.text), left, right))
                left = right
            elif self._take("in", kind="word"):
                return self._all([*found, self._membership(left)])
            elif self._now == Token("word", "not", self._now.at) and self._next_is_in():
                self._at += 2
                return self._all([*found, tree.Not(self._membership(left))])
            else:
                return self._all(found) if found else left

    def _next_is_in(self) -> bool:
        after = self._tokens[self._at + 1]
        return (after.kind, after.text) == ("word", "in")

    def _all(self, found: list[tree.Node]) -> tree.Node:
        """``1 < x < 5`` is both."""
        return found[0] if len(found) == 1 else tree.All(tuple(found))

    def _membership(self, left: tree.Node) -> tree.Node:
        begin = self._now.at
        if self._take("[") is None:
            return tree.Within(left, self._sum())
        choices = self._list("]")
        if not 0 < len(choices) <= MOST_CHOICES:
            message = f"a list has 1 to {MOST_CHOICES} choices"
            raise ExpressionError(message, 'write ["1", "2"]', begin)
        return tree.OneOf(left, choices)

    def _list(self, closing: str) -> tuple[tree.Node, ...]:
        items: list[tree.Node] = []
        if self._take(closing):
            return ()
        while True:
            items.append(self._deeper(self._or))
            if self._take(closing):
                return tuple(items)
            if self._take(",") is None:
                raise self._unexpected(f"`,` or `{closing}`")

    def _sum(self) -> tree.Node:
        left = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            left = tree.Arithmetic(cast(tree.ArithmeticSign, sign.text), left, right)
        return left

    def _product(self) -> tree.Node:
        left = self._signed()
        while sign := self._take("*", "/"):
            right = self._signed()
            left = tree.Arithmetic(cast(tree.ArithmeticSign, sign.text), left, right)
        return left

    def _signed(self) -> tree.Node:
        if self._take("-"):
            return tree.Arithmetic("-", tree.Constant(0), self._deeper(self._signed))
        return self._one()

    def _one(self) -> tree.Node:
        token = self._now
        if self._take("("):
            inside = self._deeper(self._or)
            self._need(")")
            return inside
        self._at += 1
        match token.kind:
            case "number":
                return tree.Constant(_number(token))
            case "text":
                return tree.Constant(token.text)
            case "word" if token.text in ("true", "false"):
                return tree.Constant(token.text == "true")
            case "name" if self._take("("):
                return self._call(token)
            case "name":
                self.names[token.text] = None
                return tree.Read(token.text)
        self._at -= 1
        raise self._unexpected("a name, a number or a text")

    def _call(self, name: Token) -> tree.Node:
        if name.text == "matches":
            return self._matches()
        function = tree.FUNCTIONS.get(name.text)
        if function is None:
            known = (*tree.FUNCTIONS, "matches")
            cure = near(name.text, known) or f"there are {', '.join(known)}"
            raise ExpressionError(f"there is no function {name.text!r}", cure, name.at)
        given = self._list(")")
        if len(given) != function.takes:
            message = f"{name.text} takes {function.takes} values, not {len(given)}"
            raise ExpressionError(message, "separate them by commas", name.at)
        return tree.Call(name.text, given)

    def _matches(self) -> tree.Node:
        of = self._deeper(self._or)
        self._need(",")
        pattern = self._now
        if pattern.kind != "text":
            raise self._unexpected('a pattern in quotes, as in matches(order_no, "[0-9]{8}"),')
        self._at += 1
        self._need(")")
        try:
            return tree.Matches(of, Pattern.parse(pattern.text))
        except PatternError as error:
            offset = pattern.at + 1 + error.offset
            raise ExpressionError(error.message, error.cure, offset) from error


def _number(token: Token) -> Value:
    number = as_number(token.text)
    if number is None:
        raise ExpressionError("this number is too long", "at most 15 digits", token.at)
    return number
