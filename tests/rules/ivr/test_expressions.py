"""Conditions and calculations: what is refused, and that nothing fails in a call."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.ivr.expressions import Expression, ExpressionError
from ccengine.ivr.patterns import MOST_TEXT, Pattern, PatternError
from ccengine.ivr.values import MOST_NUMBER
from ccengine.ivr.waits import Value

REFUSED = [
    ("9**9**9", 2, "stands where"),
    ("tries = 3", 6, "write == to compare"),
    ("（tries）", 0, "write ("),
    ("tries == “a”", 9, 'write "'),
    ('__import__("os")', 0, "is nothing that can be read"),
    ("().__class__", 2, "is nothing that can be read"),
    ("tries.real.imag", 0, "is nothing that can be read"),
    ("vip if vip else 1", 4, "stands where"),
    ("True", 0, "write true"),
    ('"a', 0, "close the quotes"),
    ("a && b", 2, "write `and`"),
    ("len(1, 2)", 0, "takes 1 values"),
    ("lenn(1)", 0, "did you mean 'len'?"),
    ('matches(a, "(x+)+")', 12, "could take too long"),
    ("matches(a, b)", 11, "a pattern in quotes"),
    ("a in []", 5, "a list has"),
    ("due < 2026-10-01", 14, "a number does not begin with 0"),
    ("1234567890123456", 0, "too long"),
    ("０", 0, "is nothing that can be read"),
    ("", 0, "the expression ends"),
    ("(" * 100, 21, "levels within each other"),
    ("not " * 100 + "a", 84, "levels within each other"),
    ("1+" * 300, 0, "at most 500 characters"),
]


@pytest.mark.parametrize(("text", "offset", "told"), REFUSED)
def test_the_author_is_told_where_and_how_to_mend_it(text: str, offset: int, told: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression.parse(text)
    assert told in str(refused.value)
    assert refused.value.offset == offset


def test_it_knows_which_names_it_reads() -> None:
    assert Expression.parse('a + len(b) > 1 and "c" in a or customer.known').names == (
        "a", "b", "customer.known",
    )  # fmt: skip


SIGNS = ["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in"]
ATOMS = st.sampled_from(["a", "b", "unset", "1", "0", "2.5", '"x"', '"12"', "true", '""'])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(SIGNS), inner).map(
            lambda it: f"({it[0]} {it[1]} {it[2]})"
        ),
        inner.map(lambda it: f"(not {it})"),
        inner.map(lambda it: f"(-{it})"),
        inner.map(lambda it: f"round({it})"),
        st.tuples(inner, inner).map(lambda it: f"starts_with({it[0]}, {it[1]})"),
        st.tuples(inner, inner).map(lambda it: f"({it[0]} not in [{it[1]}])"),
    ),
    max_leaves=12,
)
VALUES = st.one_of(
    st.text(max_size=200),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.sampled_from(["12", "-0.5", "", "٣", "2026-10-01"]),
)


def parsed(text: str) -> Expression | ExpressionError:
    try:
        return Expression.parse(text)
    except ExpressionError as refused:
        return refused


@given(text=EXPRESSIONS, a=VALUES, b=VALUES)
@settings(max_examples=200, deadline=None)
def test_no_values_whatever_make_it_fail_or_grow(text: str, a: Value, b: Value) -> None:
    expression = parsed(text)
    if isinstance(expression, ExpressionError):
        assert "most" in str(expression) or "levels" in str(expression)
        return
    value = expression.value({"a": a, "b": b})
    if isinstance(value, (int, float)) and expression.names == ():
        assert math.isfinite(value)
        assert abs(value) <= MOST_NUMBER


@given(text=st.text(max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    expression = parsed(text)
    if isinstance(expression, ExpressionError):
        assert 0 <= expression.offset <= len(text)
    else:
        expression.value({})


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("[0-9]{6,10}", "123456", "12345"),
        ("1[3-9][0-9]{9}", "13800010002", "12800010002"),
        ("(SF|YT)?[0-9]+", "SF12", "ST12"),
        (r"\d{4}-\d{2}", "2026-10", "２０２６-10"),
        (r"a\.b", "a.b", "axb"),
    ],
)
def test_a_pattern_is_for_the_whole_text(pattern: str, yes: str, no: str) -> None:
    assert Pattern.parse(pattern).matches(yes)
    assert not Pattern.parse(pattern).matches(no)
    assert not Pattern.parse(pattern).matches(f"{yes} ")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a|a)*", "a*a*a*b", "(a?){150}", "(?=a)", r"\1", "a**", "a+?", "[z-a]", "[[a]",
        "[a--b]", "a{5,2}", "a{3", "(", ")", "]", "", "^a$", "((((((a))))))", "a" * 121, "\\",
    ],
)  # fmt: skip
def test_patterns_that_could_run_away_or_mean_nothing_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        Pattern.parse(pattern)


def test_the_dearest_pattern_that_is_allowed_is_quick() -> None:
    pattern = Pattern.parse("(a|a)(a|a)(a|a)(a|a)[ab]*[ab]{0,20}c")
    began = time.perf_counter()
    assert not pattern.matches("a" * MOST_TEXT)
    assert time.perf_counter() - began < 0.5
    assert not pattern.matches("a" * MOST_TEXT + "c")


@given(
    pattern=st.text(alphabet="ab01()[]{},|?*+.\\d-^", max_size=30),
    text=st.text(alphabet="ab01-", max_size=MOST_TEXT),
)
@settings(max_examples=300, deadline=2_000)
def test_any_pattern_is_refused_or_quick(pattern: str, text: str) -> None:
    try:
        known = Pattern.parse(pattern)
    except PatternError as error:
        refused = error
    else:
        known.matches(text)
        return
    assert 0 <= refused.offset <= len(pattern)
