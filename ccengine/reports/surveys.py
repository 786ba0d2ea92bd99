"""What callers thought of their talks: the answers of surveys, summed by queue and by agent.

All numbers are sums over ``survey.answered``; an answer belongs to the period in which it was
given. Surveys are never mixed, nor are answers out of different numbers of levels: a 2 of 2 and a
2 of 5 do not mean the same.

The example used below and in the tests: to "after_talk", out of 5, callers of agent 1001 in the
queue "sales" answered 5, 4 and 3, those of 1002 in "sales" 1, and one who talked with nobody 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ccengine.ids import AgentId, QueueId
from ccengine.journal.facts import Fact, SurveyAnswered
from ccengine.reports.queues import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """One agent's answers in one queue; None: the call had talked with nobody before."""

    survey: str
    of: int
    queue: QueueId | None
    agent_id: AgentId | None
    scores: tuple[int, ...] = field(repr=False)

    @property
    def answers(self) -> int:
        """Scores that were given. Example: 3 for 1001 in "sales"; 5 in all."""
        return len(self.scores)

    @property
    def mean(self) -> float:
        """Sum of the scores ÷ answers; 1 is the worst, ``of`` the best.

        Example: (5 + 4 + 3) ÷ 3 = 4 for 1001; (5 + 4 + 3 + 1 + 4) ÷ 5 = 3.4 in all.
        """
        return sum(self.scores) / len(self.scores)

    @property
    def lowest(self) -> int:
        """Answers of score 1. Example: 0 for 1001, 1 for 1002."""
        return sum(score == 1 for score in self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReport:
    rows: tuple[SurveyRow, ...]
    totals: tuple[SurveyRow, ...]
    """One for each survey and number of levels; without queue and agent."""


def survey_report(facts: Iterable[Fact], period: Period) -> SurveyReport:
    """Rows in the order of survey, levels, queue and agent."""
    parts: dict[tuple[str, int, str, str], list[int]] = {}
    sums: dict[tuple[str, int], list[int]] = {}
    for fact in facts:
        if not isinstance(fact, SurveyAnswered) or not period.start <= fact.at < period.end:
            continue
        part = (fact.survey, fact.of, fact.queue or "", fact.agent_id or "")
        parts.setdefault(part, []).append(fact.score)
        sums.setdefault((fact.survey, fact.of), []).append(fact.score)
    rows = (
        SurveyRow(
            survey=survey,
            of=of,
            queue=QueueId(queue) if queue else None,
            agent_id=AgentId(agent) if agent else None,
            scores=tuple(scores),
        )
        for (survey, of, queue, agent), scores in sorted(parts.items())
    )
    totals = (
        SurveyRow(survey=survey, of=of, queue=None, agent_id=None, scores=tuple(scores))
        for (survey, of), scores in sorted(sums.items())
    )
    return SurveyReport(rows=tuple(rows), totals=tuple(totals))


def of_queue(report: SurveyReport, queue: QueueId) -> SurveyReport:
    """The answers about talks in this queue alone, totals included."""
    rows = tuple(row for row in report.rows if row.queue == queue)
    sums: dict[tuple[str, int], tuple[int, ...]] = {}
    for row in rows:
        sums[row.survey, row.of] = sums.get((row.survey, row.of), ()) + row.scores
    totals = tuple(
        SurveyRow(survey=survey, of=of, queue=None, agent_id=None, scores=scores)
        for (survey, of), scores in sums.items()
    )
    return SurveyReport(rows=rows, totals=totals)
