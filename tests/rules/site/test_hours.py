"""Open or closed, in the site's own time, on working days, holidays and make-up days."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ccengine.site.hours import is_open, minutes_of, next_open
from ccengine.site.model import Hours

SHANGHAI = "Asia/Shanghai"
OFFICE = Hours.model_validate(
    {
        "week": {
            day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")
        },
        "days": {"2026-10-01": [], "2026-10-02": [], "2026-10-10": ["09:00-18:00"]},
    }
)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHANGHAI))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-09-28 08:59:59", False),  # Monday
        ("2026-09-28 09:00:00", True),
        ("2026-09-28 11:59:59", True),
        ("2026-09-28 12:00:00", False),
        ("2026-09-28 13:00:00", True),
        ("2026-09-28 18:00:00", False),
        ("2026-09-27 10:00:00", False),  # Sunday
        ("2026-10-01 10:00:00", False),  # National Day, a Thursday
        ("2026-10-10 12:30:00", True),  # Saturday made a working day, without lunch
    ],
)
def test_open(at: str, expected: bool) -> None:
    assert is_open(OFFICE, SHANGHAI, china(at)) is expected


def test_the_moment_may_be_of_any_zone_but_must_have_one() -> None:
    assert is_open(OFFICE, SHANGHAI, datetime(2026, 9, 28, 1, 0, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        is_open(OFFICE, SHANGHAI, datetime(2026, 9, 28, 9, 0))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-09-28 10:00:00", "2026-09-28 10:00:00"),
        ("2026-09-28 07:00:00", "2026-09-28 09:00:00"),
        ("2026-09-28 12:30:00", "2026-09-28 13:00:00"),
        ("2026-09-28 18:00:00", "2026-09-29 09:00:00"),
        ("2026-09-30 18:00:00", "2026-10-05 09:00:00"),  # over the holiday and the weekend
        ("2026-10-09 20:00:00", "2026-10-10 09:00:00"),
    ],
)
def test_next_open(at: str, opens: str) -> None:
    assert next_open(OFFICE, SHANGHAI, china(at)) == china(opens)


def test_never_open() -> None:
    closed = Hours.model_validate({"week": {}})
    assert next_open(closed, SHANGHAI, china("2026-09-28 10:00:00")) is None


def test_round_the_clock() -> None:
    always = Hours.model_validate({"week": {"mon": ["00:00-24:00"]}})
    assert is_open(always, SHANGHAI, china("2026-09-28 23:59:59"))
    assert not is_open(always, SHANGHAI, china("2026-09-29 00:00:00"))


def test_an_hour_that_the_clock_skips_does_not_open() -> None:
    # In Berlin 2026-03-29 goes from 02:00 straight to 03:00.
    hours = Hours.model_validate({"week": {"sun": ["02:15-02:45"]}})
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    opens = next_open(hours, "Europe/Berlin", before)
    assert opens == datetime(2026, 4, 5, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "9-12", "09:60-10:00", "09:00-09:00", "09:00–10:00"])
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match="; "):
        minutes_of(text)
