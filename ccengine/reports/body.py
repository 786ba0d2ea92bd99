"""The reports as docs/API.md has them, ready for JSON."""

from __future__ import annotations

from ccengine.clock import moment
from ccengine.reports.formulas import FORMULAS, formulas
from ccengine.reports.queues import QueueReport, QueueRow
from ccengine.reports.surveys import SurveyReport, SurveyRow

DECIMALS = 3


def report_body(report: QueueReport, language: str = "en") -> dict[str, object]:
    """``language``: of the formulas; titles come in all languages of the site."""
    return {
        "from": _iso(report.period.start),
        "to": _iso(report.period.end),
        "rows": [row_body(row) for row in report.rows],
        "total": row_body(report.total),
        "formulas": formulas(language),
        "balanced": report.balanced,
    }


def row_body(row: QueueRow) -> dict[str, object]:
    """``QueueRow`` of docs/API.md: each metric has its formula."""
    body: dict[str, object] = {
        "queue": row.queue,
        "title": dict(row.title),
        "service_level_s": row.service_level_s,
    }
    for metric in FORMULAS:
        value = getattr(row, metric)
        body[metric] = round(value, DECIMALS) if isinstance(value, float) else value
    return body


def survey_body(report: SurveyReport) -> dict[str, object]:
    """``SurveyReport`` of docs/API.md."""
    return {
        "rows": [_answers(row) for row in report.rows],
        "totals": [_answers(row) for row in report.totals],
    }


def _answers(row: SurveyRow) -> dict[str, object]:
    return {
        "survey": row.survey,
        "of": row.of,
        "queue": row.queue,
        "agent_id": row.agent_id,
        "answers": row.answers,
        "mean": round(row.mean, DECIMALS),
        "lowest": row.lowest,
    }


def _iso(seconds: float) -> str:
    return moment(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")
