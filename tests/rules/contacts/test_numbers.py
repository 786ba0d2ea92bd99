"""However a trunk, a person or a file writes a number, it is stored one way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.contacts.numbers import normalise_number


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("13800000001", "13800000001"),
        ("+8613800000001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("013800000001", "13800000001"),
        ("+86 (0) 138-0000-0001", "13800000001"),
        ("138 0000 0001", "13800000001"),
        ("１３８００００　０００１", "13800000001"),
        ("＋８６１３８００００－０００１", "13800000001"),
        ("010-12345678", "01012345678"),
        ("+86 10 1234 5678", "01012345678"),
        ("+86-0571-88880000", "057188880000"),
        ("(0571) 8888 0000", "057188880000"),
        ("400-800-0000", "4008000000"),
        ("+864008000000", "4008000000"),
        ("95588", "95588"),
        ("+8695588", "95588"),
        ("10086", "10086"),
        ("1001", "1001"),
        ("88880000", "88880000"),
        ("+1 202 555 0123", "+12025550123"),
        ("0012025550123", "+12025550123"),
        ("0085212345678", "+85212345678"),
        ("8612345", "8612345"),
    ],
)
def test_one_spelling(written: str, stored: str) -> None:
    assert normalise_number(written) == stored


@pytest.mark.parametrize(
    "written",
    ["", " ", "anonymous", "unknown", "+", "+86", "1", "138x", "1" * 21, "-" * 99, "++86"],
)
def test_what_is_no_number(written: str) -> None:
    assert normalise_number(written) == ""


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="+0123468９ -()a", max_size=24))
def test_twice_is_as_once(written: str) -> None:
    once = normalise_number(written)
    assert normalise_number(once) == once
