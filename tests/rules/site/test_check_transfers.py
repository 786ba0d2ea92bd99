"""What is wrong with transfers outside, at its line and with its cure."""

from __future__ import annotations

import pytest

from tests.rules.site.site_text import complaints, sales, site

GOOD = 'transfers: {trunk: carrier, allowed: ["139"], hours: office}\n'


def test_a_trunk_by_which_calls_go_out_and_hours_that_there_are() -> None:
    assert site(sales(more=GOOD)).transfers is not None


@pytest.mark.parametrize(
    ("at", "word", "wrong", "room", "cure"),
    [
        ("4:20", "carrier", "carier", "trunks", "did you mean 'carrier'?"),
        ("4:20", "carrier", "mobile", "trunks", "known: carrier"),
        ("4:54", "office", "offise", "hours", "did you mean 'office'?"),
        ("4:54", "office", "nights", "hours", "known: office"),
    ],
)
def test_what_is_not_there_is_said_with_a_cure(
    at: str, word: str, wrong: str, room: str, cure: str
) -> None:
    (said,) = complaints(sales(more=GOOD.replace(word, wrong)))
    assert said == f"{at} there is nothing called {wrong!r} in `{room}` | {cure}"


def test_a_trunk_that_only_brings_calls_in_takes_none_out() -> None:
    text = sales(more=GOOD).replace(', outbound: sip.example.com, allowed: ["1"]', "")
    assert complaints(text) == [
        "4:20 no calls go out by the trunk 'carrier' | "
        "add `outbound:` with the carrier's host to that trunk"
    ]


def test_all_that_is_wrong_is_said_at_once() -> None:
    both = GOOD.replace("carrier", "mobile").replace("office", "nights")
    assert len(complaints(sales(more=both))) == 2
