"""A day goes from midnight to midnight where the site is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ccengine.flows.days import day_bounds


def test_the_last_days_end_with_the_midnight_to_come() -> None:
    now = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 01:30 of the 23rd in Shanghai
    bounds = day_bounds(now, "Asia/Shanghai", 3)
    assert [f"{one:%m-%d %H:%M}" for one in bounds] == [
        "11-21 00:00",
        "11-22 00:00",
        "11-23 00:00",
        "11-24 00:00",
    ]


def test_where_clocks_change_a_day_has_twenty_five_hours() -> None:
    now = datetime(2026, 10, 25, 12, tzinfo=UTC)
    before, after = (one.astimezone(UTC) for one in day_bounds(now, "Europe/Berlin", 1))
    assert after - before == timedelta(hours=25)
