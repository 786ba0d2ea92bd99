"""The queue report: each formula with the numbers of its docstring, and the cases that tempt."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given

from ccengine.ids import CallId
from ccengine.journal.facts import (
    AbandonReason,
    CallbackEnd,
    CallbackEnded,
    CallFact,
    CallQueued,
    Fact,
    Outcome,
)
from ccengine.reports.body import report_body
from ccengine.reports.formulas import FORMULAS, formulas
from ccengine.reports.queues import Period, QueueReport, QueueRow, QueueTarget, only, queue_report
from ccengine.reports.stays import ENDINGS, Ending
from ccengine.reports.table import report_table, width
from tests.data.any_fact import FACTS_OF_ONE_CALL
from tests.data.stories import (
    SALES,
    START,
    SUPPORT,
    answered,
    ended,
    left,
    queued,
    talked,
    wrapped_up,
)

TARGETS = [
    QueueTarget(
        queue=SALES,
        title={"zh-CN": "销售", "en": "Sales"},
        service_level_s=20.0,
        short_abandon_s=5.0,
    ),
    QueueTarget(queue=SUPPORT, title={"zh-CN": "技术支持", "en": "Support"}, service_level_s=30.0),
]
DAY = Period(start=START, end=START + 86_400)


def report(facts: list[CallFact], now: float = START + 50_000) -> QueueReport:
    return queue_report(facts, TARGETS, DAY, now)


def the_ten_calls() -> list[CallFact]:
    """The example of ``ccengine.reports.queues``; 25 s after the last call came."""
    facts: list[CallFact] = []
    for n, waited in enumerate([4, 8, 12, 16, 20, 30]):
        call, at = f"answered-{n}", START + 100 * n
        hold = 30.0 if n == 0 else 0.0
        facts += [
            queued(call, at),
            answered(call, at + waited, waited),
            talked(call, at + waited + 60, 60.0, hold),
            ended(call, at + waited + 60),
            wrapped_up(call, at + waited + 70, 10.0),
        ]
    for call, waited in [("short", 3), ("long", 40)]:
        facts += [queued(call, START + 700), left(call, START + 700 + waited, waited)]
        facts += [ended(call, START + 700 + waited, Outcome.ABANDONED)]
    facts += [queued("out", START + 800), left("out", START + 860, 60.0, AbandonReason.TIMED_OUT)]
    facts += [queued("still", START + 975)]
    return facts


def sales(facts: list[CallFact], now: float = START + 1_000) -> QueueRow:
    return report(facts, now).rows[0]


def test_the_numbers_of_the_example() -> None:
    row = sales(the_ten_calls())
    assert (row.offered, row.answered, row.abandoned) == (10, 6, 2)
    assert (row.short_abandoned, row.released, row.waiting) == (1, 1, 1)
    assert row.service_level == 5 / 10
    assert row.asa_s == 15.0
    assert row.handled == 6
    assert row.aht_s == 75.0
    assert row.longest_wait_s == 60.0
    assert report(the_ten_calls()).balanced


@pytest.mark.parametrize("metric", FORMULAS)
def test_each_metric_has_its_formula_in_words_and_an_example_where_it_is_made(metric: str) -> None:
    assert set(FORMULAS[metric]) == {"zh-CN", "en"}
    made_by = (
        getattr(QueueRow, metric).__doc__
        if isinstance(getattr(QueueRow, metric), property)
        else None
    )
    if made_by is None:
        assert metric in {field.name for field in fields(QueueRow)}
    else:
        assert "Example" in made_by


def test_a_queue_without_calls_has_a_row_and_no_ratios() -> None:
    row = report(the_ten_calls()).rows[1]
    assert (row.queue, row.offered) == (SUPPORT, 0)
    assert (row.service_level, row.asa_s, row.aht_s, row.longest_wait_s) == (None, None, None, 0.0)


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        (AbandonReason.HUNG_UP, Ending.ABANDONED),
        (AbandonReason.ENGINE_LOST, Ending.ABANDONED),
        (AbandonReason.EXIT_KEY, Ending.RELEASED),
        (AbandonReason.TIMED_OUT, Ending.RELEASED),
        (AbandonReason.NO_AGENTS, Ending.RELEASED),
        (AbandonReason.QUEUE_FULL, Ending.RELEASED),
    ],
)
def test_every_reason_to_leave_counts_on_one_side(reason: AbandonReason, ending: Ending) -> None:
    assert len(ENDINGS) == len(AbandonReason)
    row = sales([queued("c", START), left("c", START + 9, 9.0, reason)])
    assert (row.abandoned, row.released) == ((1, 0) if ending is Ending.ABANDONED else (0, 1))


def test_a_release_is_never_a_short_abandon() -> None:
    row = sales([queued("c", START), left("c", START + 1, 1.0, AbandonReason.NO_AGENTS)])
    assert (row.short_abandoned, row.released) == (0, 1)


def test_a_call_offered_to_two_queues_counts_once_in_each() -> None:
    found = report(
        [
            queued("c", START),
            left("c", START + 60, 60.0, AbandonReason.TIMED_OUT),
            queued("c", START + 61, SUPPORT),
            answered("c", START + 65, 4.0, SUPPORT),
            talked("c", START + 95, 30.0, queue=SUPPORT),
        ]
    )
    first, second = found.rows
    assert (first.offered, first.released, first.aht_s) == (1, 1, None)
    assert (second.offered, second.answered, second.aht_s) == (1, 1, 30.0)
    assert (found.total.offered, found.total.service_level) == (2, 0.5)
    assert found.balanced


def test_a_call_that_comes_back_to_the_same_queue_counts_again() -> None:
    row = sales(
        [
            queued("c", START),
            left("c", START + 60, 60.0, AbandonReason.EXIT_KEY),
            queued("c", START + 90),
            answered("c", START + 95, 5.0),
        ]
    )
    assert (row.offered, row.released, row.answered) == (2, 1, 1)


def test_a_call_taken_up_after_a_restart_is_in_one_stay_with_its_whole_wait() -> None:
    row = sales(
        [queued("c", START), queued("c", START + 40, since=START), answered("c", START + 50, 50.0)]
    )
    assert (row.offered, row.answered, row.asa_s) == (1, 1, 50.0)


def test_the_period_takes_calls_by_their_entry_whenever_they_end() -> None:
    facts = [
        queued("before", START - 1),
        answered("before", START + 4, 5.0),
        queued("first", START),
        queued("last", DAY.end - 1),
        answered("last", DAY.end + 9, 10.0),
        queued("after", DAY.end),
        left("after", DAY.end + 3, 3.0),
        left("first", START + 30, 30.0),
    ]
    found = report(facts)
    assert (found.rows[0].offered, found.rows[0].answered, found.rows[0].abandoned) == (2, 1, 1)
    assert found.balanced


def test_a_wait_of_just_the_target_is_within_it() -> None:
    row = sales([queued("c", START), answered("c", START + 20, 20.0)])
    assert row.service_level == 1.0
    late = sales([queued("c", START), answered("c", START + 20.1, 20.1)])
    assert late.service_level == 0.0


def test_a_call_that_ended_waits_no_more_whoever_failed_to_say_so() -> None:
    row = sales([queued("c", START), ended("c", START + 30, Outcome.LOST)])
    assert (row.waiting, row.abandoned, row.longest_wait_s) == (0, 1, 30.0)


def test_an_end_that_is_told_before_the_leaving_changes_nothing() -> None:
    """The session says that the call is over; the ACD says a moment later how it left."""
    row = sales(
        [
            queued("c", START),
            ended("c", START + 30, Outcome.ABANDONED),
            left("c", START + 30, 30.0, AbandonReason.TIMED_OUT),
        ]
    )
    assert (row.released, row.abandoned) == (1, 0)


def test_an_answer_of_a_call_that_was_in_no_queue_unbalances_the_report() -> None:
    assert not report([*the_ten_calls(), answered("ghost", START + 9, 5.0)]).balanced


def test_a_second_answer_of_one_stay_unbalances_the_report() -> None:
    facts = [queued("c", START), answered("c", START + 5, 5.0), answered("c", START + 6, 6.0)]
    found = report(facts)
    assert (found.rows[0].answered, found.balanced) == (1, False)


def test_a_queue_the_site_no_longer_names_is_still_counted() -> None:
    targets = TARGETS[1:]
    found = queue_report(the_ten_calls(), targets, DAY, START + 1_000)
    assert [row.queue for row in found.rows] == [SUPPORT, SALES]
    assert found.total.offered == 10


@given(facts=FACTS_OF_ONE_CALL)
def test_whatever_is_told_every_offered_call_is_accounted_for(facts: list[Fact]) -> None:
    everything = Period(start=0.0, end=5e9)
    found = queue_report(facts, TARGETS, everything, START)
    for row in (*found.rows, found.total):
        left = row.released + row.overflowed + row.called_back
        assert row.offered == row.answered + row.abandoned + left + row.waiting
        assert row.short_abandoned <= row.abandoned
        assert row.service_level is None or 0.0 <= row.service_level <= 1.0


def test_each_callback_is_connected_given_up_or_still_to_be_made() -> None:
    def waits(name: str) -> CallQueued:
        return CallQueued(
            at=START,
            call_id=CallId(name),
            queue=SALES,
            head_start_s=0.0,
            queued_at=START,
            position=1,
            callback=True,
        )

    def ends(name: str, result: CallbackEnd) -> CallbackEnded:
        return CallbackEnded(
            at=START + 90, call_id=CallId(name), queue=SALES, result=result, attempts=1
        )

    story: list[Fact] = [waits(name) for name in ("talked", "gave up", "expired", "sleeps")]
    story += [answered("talked", START + 60, 60.0), ends("talked", CallbackEnd.CONNECTED)]
    story += [ends("gave up", CallbackEnd.GAVE_UP), ends("expired", CallbackEnd.EXPIRED)]
    row = report(story, START + 1_000).total
    assert (row.offered, row.callbacks) == (0, 4)
    assert (row.callbacks_answered, row.callbacks_given_up, row.callbacks_open) == (1, 2, 1)
    assert report(story, START + 1_000).balanced


def test_the_body_has_the_fields_of_the_api() -> None:
    body = report_body(report(the_ten_calls(), START + 1_000), "zh-CN")
    assert set(body) == {"from", "to", "rows", "total", "formulas", "balanced"}
    assert body["from"] == "2026-11-18T11:06:40.000Z"
    assert body["formulas"] == formulas("zh-CN")
    rows = body["rows"]
    assert isinstance(rows, list)
    assert rows[0] == {
        "queue": "sales",
        "title": {"zh-CN": "销售", "en": "Sales"},
        "offered": 10,
        "answered": 6,
        "abandoned": 2,
        "short_abandoned": 1,
        "released": 1,
        "overflowed": 0,
        "called_back": 0,
        "callbacks": 0,
        "callbacks_answered": 0,
        "callbacks_given_up": 0,
        "callbacks_open": 0,
        "waiting": 1,
        "service_level": 0.5,
        "service_level_s": 20.0,
        "asa_s": 15.0,
        "aht_s": 75.0,
        "longest_wait_s": 60.0,
    }
    total = body["total"]
    assert isinstance(total, dict)
    assert (total["queue"], total["service_level_s"]) == ("", None)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_table_is_aligned_and_names_its_formulas(language: str) -> None:
    text = report_table(report(the_ten_calls(), START + 1_000), language)
    lines = text.split("\n")
    head, rule, first, second, _, total = lines[:6]
    assert {width(line) for line in (head, rule, first, second, total)} == {width(rule)}
    assert "50.0% / 20 s" in first
    assert formulas(language)["service_level"] in text


def test_a_report_that_does_not_add_up_says_so() -> None:
    text = report_table(report([answered("ghost", START, 1.0)]), "en")
    assert "NOT BALANCED" in text


def test_one_queue_alone() -> None:
    found = only(report(the_ten_calls()), SALES)
    assert [row.queue for row in found.rows] == [SALES]
    assert found.total.service_level_s == 20.0
