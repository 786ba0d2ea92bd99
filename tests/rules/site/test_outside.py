"""Systems, queries and holidays as the site file has them, and what is refused in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ccengine.site.holidays import Day, china, is_known, last_known_year
from ccengine.site.hours import is_holiday, is_open, never_open, next_open
from ccengine.site.load import prove
from ccengine.site.model import Hours
from ccengine.site.sql import parameters_of, proven_select
from ccengine.yamlsource.read import parse
from tests.rules.site.site_text import FLOWS, complaints, sales, site

SHANGHAI = "Asia/Shanghai"
DAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = Hours.model_validate(
    {"week": {day: ["09:00-18:00"] for day in DAYS} | {"fri": ["09:00-17:00"]}, "holidays": "cn"}
)


def china_time(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("day", "what"),
    [
        ("2026-02-17", Day.HOLIDAY),  # Spring Festival
        ("2026-02-14", Day.MAKE_UP),  # a Saturday, worked for it
        ("2026-02-28", Day.MAKE_UP),
        ("2026-10-01", Day.HOLIDAY),
        ("2026-10-07", Day.HOLIDAY),
        ("2026-10-08", Day.ORDINARY),
        ("2026-10-10", Day.MAKE_UP),
        ("2026-10-11", Day.ORDINARY),  # a Sunday as all are
        ("1999-10-01", Day.UNKNOWN),
    ],
)
def test_the_calendar_is_that_of_the_state_council(day: str, what: Day) -> None:
    assert china(date.fromisoformat(day)) is what


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-10-01T10:00", False),
        ("2026-10-08T10:00", True),
        ("2026-10-10T17:30", True),  # a Saturday with the hours of a Monday
        ("2026-10-10T18:00", False),
        ("2026-10-11T10:00", False),
    ],
)
def test_closed_on_holidays_and_open_on_make_up_days(at: str, expected: bool) -> None:
    assert is_open(OFFICE, SHANGHAI, china_time(at)) is expected


def test_make_up_days_may_take_another_weekday() -> None:
    fridays = OFFICE.model_copy(update={"make_up": "fri"})
    assert not is_open(fridays, SHANGHAI, china_time("2026-10-10T17:30"))


def test_exceptional_days_win_over_the_calendar() -> None:
    days = {"2026-10-01": ("10:00-12:00",), "2026-10-10": ()}
    hours = OFFICE.model_copy(update={"days": days})
    assert is_open(hours, SHANGHAI, china_time("2026-10-01T10:00"))
    assert not is_open(hours, SHANGHAI, china_time("2026-10-10T10:00"))


def test_it_opens_next_after_the_holidays() -> None:
    opens = next_open(OFFICE, SHANGHAI, china_time("2026-09-30T18:00"))
    assert opens == china_time("2026-10-08T09:00")


def test_a_holiday_is_one_by_the_calendar_alone() -> None:
    at = china_time("2026-10-01T10:00")
    assert is_holiday(OFFICE, SHANGHAI, at)
    assert not is_holiday(OFFICE, SHANGHAI, china_time("2026-10-11T10:00"))
    assert not is_holiday(OFFICE.model_copy(update={"holidays": None}), SHANGHAI, at)


def test_a_year_that_is_not_known_goes_by_the_week_and_is_never_closed_for_it() -> None:
    year = last_known_year() + 1
    assert is_known(year - 1)
    assert not is_known(year)
    monday = next(d for d in range(1, 8) if date(year, 10, d).weekday() == 0)
    assert is_open(OFFICE, SHANGHAI, china_time(f"{year}-10-0{monday}T10:00"))


def test_hours_that_never_open() -> None:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    assert never_open(Hours.model_validate({"week": {}}), SHANGHAI, at)
    assert not never_open(OFFICE, SHANGHAI, at)


HOLIDAYS = """\
hours:
  office:
    week: {mon: ["09:00-18:00"]}
    holidays: cn
"""


def with_hours(more: str = "") -> str:
    text = sales()
    return text.replace('hours: {office: {week: {mon: ["09:00-18:00"]}}}\n', HOLIDAYS + more)


def test_a_year_that_is_near_and_not_known_is_said_aloud() -> None:
    document = parse(with_hours(), Path("site.yaml"))
    year = last_known_year()
    assert prove(document, FLOWS, date(year, 11, 1)).warnings == ()
    (warning,) = prove(document, FLOWS, date(year, 12, 20)).warnings
    assert f"the public holidays of {year + 1} are not known yet" in warning.message
    (warning,) = prove(document, FLOWS, date(year + 1, 2, 1)).warnings
    assert f"until {year}" in warning.cure


def test_make_up_days_need_hours() -> None:
    (said,) = complaints(with_hours("    make_up: tue\n"))
    assert "make-up working days take the hours of 'tue', and the week has none | add" in said


SYSTEM = 'systems: {{crm: {{url: "{0}"}}}}\n'


@pytest.mark.parametrize(
    "url",
    [
        "crm.example.com",
        "ftp://crm.example.com",
        "https://user:pw@crm.example.com",
        "https://crm.example.com/?a=1",
        "https://crm.example.com/a b",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_of_a_system(url: str) -> None:
    (said,) = complaints(sales("", SYSTEM.format(url)))
    assert "write http:// or https://, a host" in said


def test_a_token_file_lies_in_the_secrets_folder() -> None:
    more = 'systems: {crm: {url: "https://crm.example.com", token_file: ../secret}}\n'
    (said,) = complaints(sales("", more))
    assert "the name of a file in the secrets folder" in said


@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("postgresql://u:pw@host/shop", "a password stands in the site file"),
        ("mysql://host/shop", "no URL of SQLite or PostgreSQL"),
        ("postgresql://host", "no URL of SQLite or PostgreSQL"),
        ("shop.db", "no URL of SQLite or PostgreSQL"),
    ],
)
def test_what_is_no_database_of_a_query(database: str, words: str) -> None:
    (said,) = complaints(
        sales("", f'queries: {{q: {{database: "{database}", sql: "SELECT 1"}}}}\n')
    )
    assert words in said
    assert "pw" not in said


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT 1; -- and\nDROP TABLE t",
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "SELECT * INTO copy_of FROM t",
        "SELECT * FROM t FOR UPDATE",
        "SELECT 'it",
        "PRAGMA query_only = OFF",
    ],
)
def test_what_is_no_query_that_only_reads(sql: str) -> None:
    with pytest.raises(ValueError, match="; "):
        proven_select(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1;",
        "-- why\nselect updated_at from t",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "SELECT ';', 'DELETE', \"update\" FROM t",
        "SELECT replace(name, 'a', 'b') FROM t",
    ],
)
def test_what_only_reads(sql: str) -> None:
    assert proven_select(sql) == sql


def test_parameters_are_named_once_and_casts_and_words_in_quotes_are_none() -> None:
    sql = "SELECT a::int, ':no' FROM t WHERE b = :phone AND c = :n AND d = :phone -- :neither"
    assert parameters_of(sql) == ("phone", "n")


def test_a_site_without_any_of_it() -> None:
    assert site(sales()).systems == {}
