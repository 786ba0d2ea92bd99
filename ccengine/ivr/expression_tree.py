"""What an expression is made of: a closed tree whose every node has a value and none can fail.

Kinds that do not fit give an empty text, or false where the answer is yes or no. ``12`` and
``"12"`` are equal, since digits that a caller presses are a text.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from ccengine.ivr.patterns import Pattern
from ccengine.ivr.values import as_number, as_text, as_truth, calculated
from ccengine.ivr.waits import Value

Values = Mapping[str, Value]


class Node(Protocol):
    def value(self, values: Values) -> Value: ...


@dataclass(frozen=True, slots=True)
class Constant:
    constant: Value

    def value(self, values: Values) -> Value:
        return self.constant


@dataclass(frozen=True, slots=True)
class Read:
    """A name without a value is an empty text."""

    name: str

    def value(self, values: Values) -> Value:
        return values.get(self.name, "")


@dataclass(frozen=True, slots=True)
class Not:
    of: Node

    def value(self, values: Values) -> bool:
        return not as_truth(self.of.value(values))


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Node, ...]

    def value(self, values: Values) -> bool:
        return all(as_truth(part.value(values)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Node, ...]

    def value(self, values: Values) -> bool:
        return any(as_truth(part.value(values)) for part in self.parts)


ComparisonSign = Literal["==", "!=", "<", "<=", ">", ">="]
_ORDER: Mapping[str, Callable[[int | float, int | float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """``<`` and its like are for numbers; two dates as texts (2026-10-01) are compared too."""

    sign: ComparisonSign
    left: Node
    right: Node

    def value(self, values: Values) -> bool:
        left, right = self.left.value(values), self.right.value(values)
        if self.sign == "==":
            return equal(left, right)
        if self.sign == "!=":
            return not equal(left, right)
        first, second = as_number(left), as_number(right)
        if first is not None and second is not None:
            return _ORDER[self.sign](first, second)
        if isinstance(left, str) and isinstance(right, str) and left and right:
            return _in_order(self.sign, left, right)
        return False


def equal(left: Value, right: Value) -> bool:
    """Two texts by their letters; a text and a number by the number; truth only by itself."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = as_number(left), as_number(right)
    return first is not None and first == second


_DIGITS = frozenset("0123456789")


def _in_order(sign: str, left: str, right: str) -> bool:
    # Letters have no order that an author would mean, dates and times written alike do.
    alike = len(left) == len(right) and all(
        a == b or (a in _DIGITS and b in _DIGITS) for a, b in zip(left, right, strict=True)
    )
    if not alike:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


@dataclass(frozen=True, slots=True)
class OneOf:
    """``order_type in ["1", "2"]``"""

    left: Node
    choices: tuple[Node, ...]

    def value(self, values: Values) -> bool:
        left = self.left.value(values)
        return any(equal(left, choice.value(values)) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Within:
    """``"VIP" in customer.name``: a text in a text; an empty one is in none."""

    left: Node
    right: Node

    def value(self, values: Values) -> bool:
        left, right = self.left.value(values), self.right.value(values)
        return isinstance(left, str) and isinstance(right, str) and left != "" and left in right


ArithmeticSign = Literal["+", "-", "*", "/"]
_CALCULATE: Mapping[str, Callable[[int | float, int | float], int | float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Of numbers; anything else, a division by zero and what grows too big are an empty text."""

    sign: ArithmeticSign
    left: Node
    right: Node

    def value(self, values: Values) -> Value:
        left, right = as_number(self.left.value(values)), as_number(self.right.value(values))
        if left is None or right is None or (self.sign == "/" and right == 0):
            return ""
        return calculated(_CALCULATE[self.sign](left, right))


@dataclass(frozen=True, slots=True)
class Matches:
    of: Node
    pattern: Pattern

    def value(self, values: Values) -> bool:
        return self.pattern.matches(as_text(self.of.value(values)))


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    given: tuple[Node, ...]

    def value(self, values: Values) -> Value:
        return FUNCTIONS[self.function].of(*(node.value(values) for node in self.given))


@dataclass(frozen=True, slots=True)
class Function:
    """``takes``: how many values it is given."""

    takes: int
    of: Callable[..., Value]


def _round(number: Value) -> Value:
    known = as_number(number)
    return "" if known is None else calculated(int(known + (0.5 if known >= 0 else -0.5)))


def _known(part: Value, holds: Callable[[str], bool]) -> bool:
    """No text begins or ends with something that is not known."""
    text = as_text(part)
    return text != "" and holds(text)


FUNCTIONS: Mapping[str, Function] = {
    "len": Function(1, lambda text: len(as_text(text))),
    "lower": Function(1, lambda text: as_text(text).lower()),
    "round": Function(1, _round),
    "starts_with": Function(2, lambda text, begin: _known(begin, as_text(text).startswith)),
    "ends_with": Function(2, lambda text, end: _known(end, as_text(text).endswith)),
}
"""Beside ``matches``, whose pattern is read with the expression."""
