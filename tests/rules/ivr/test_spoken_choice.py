"""What was said, and which choice it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccengine.ivr.spoken_choice import choice

MENU = {"1": ("查余额", "余额"), "2": ("人工", "人工服务"), "3": ("balance",), "4": ()}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("余额", "1"),
        ("我想查一下余额。", "1"),
        ("查余鹅", "1"),  # a slip of one character, and nothing else is like it
        ("转人工服物", "2"),
        ("My BALANCE, please!", "3"),
        ("my balanse please", "3"),
        ("按2", "2"),
        ("二", "2"),
        ("两号键", "2"),
        ("press four", "4"),
        ("４", "4"),
        ("余额还是人工", ""),  # either
        ("今天天气很好", ""),
        ("余", ""),
        ("", ""),
        ("？！", ""),
    ],
)
def test_the_choice(said: str, key: str) -> None:
    assert choice(said, MENU) == key


@given(said=st.text(max_size=300))
def test_whatever_is_said_is_one_of_the_keys_or_none(said: str) -> None:
    assert choice(said, MENU) in ("", *MENU)


def test_a_menu_without_words_is_still_chosen_by_its_digits() -> None:
    assert choice("一", {"1": ()}) == "1"
    assert choice("一", {}) == ""
