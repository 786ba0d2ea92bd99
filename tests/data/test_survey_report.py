"""The example of ``ccengine.reports.surveys``, counted."""

from __future__ import annotations

from msgspec.structs import replace

from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import SurveyAnswered
from ccengine.reports.queues import Period
from ccengine.reports.surveys import of_queue, survey_report

DAY = Period(start=1_000.0, end=2_000.0)


def answer(score: int, agent: str = "", *, at: float = 1_500.0, of: int = 5) -> SurveyAnswered:
    return SurveyAnswered(
        at=at,
        call_id=CallId("c"),
        survey="after_talk",
        score=score,
        of=of,
        queue=QueueId("sales") if agent else None,
        agent_id=AgentId(agent) if agent else None,
    )


EXAMPLE = [answer(5, "1001"), answer(4, "1001"), answer(3, "1001"), answer(1, "1002"), answer(4)]


def test_answers_are_summed_by_queue_and_agent() -> None:
    report = survey_report(EXAMPLE, DAY)
    told = [(row.queue, row.agent_id, row.answers, row.mean, row.lowest) for row in report.rows]
    assert told == [
        (None, None, 1, 4.0, 0),
        ("sales", "1001", 3, 4.0, 0),
        ("sales", "1002", 1, 1.0, 1),
    ]
    (total,) = report.totals
    assert (total.answers, total.mean, total.lowest) == (5, 3.4, 1)


def test_what_was_answered_before_or_after_the_period_is_another_days() -> None:
    early, first, late = answer(1, at=999.9), answer(2, at=1_000.0), answer(3, at=2_000.0)
    (row,) = survey_report([early, first, late], DAY).rows
    assert row.scores == (2,)


def test_surveys_with_other_levels_are_not_mixed() -> None:
    totals = survey_report([answer(2, of=2), answer(2, of=5)], DAY).totals
    assert [(row.of, row.mean) for row in totals] == [(2, 2.0), (5, 2.0)]


def test_without_an_answer_there_is_no_row() -> None:
    report = survey_report([], DAY)
    assert (report.rows, report.totals) == ((), ())


def test_of_one_queue_only_its_talks_count_in_totals_too() -> None:
    other = replace(answer(1, "1003"), queue=QueueId("support"))
    report = of_queue(survey_report([*EXAMPLE, other], DAY), QueueId("sales"))
    assert [(row.queue, row.agent_id) for row in report.rows] == [
        ("sales", "1001"),
        ("sales", "1002"),
    ]
    (total,) = report.totals
    assert sorted(total.scores) == [1, 3, 4, 5]
    assert of_queue(report, QueueId("nobody")).totals == ()
