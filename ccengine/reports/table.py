"""The reports as aligned text tables; a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from ccengine.reports.formulas import BALANCE, formulas
from ccengine.reports.queues import QueueReport, QueueRow
from ccengine.reports.surveys import SurveyReport, SurveyRow

_HEADS = {
    "queue": {"zh-CN": "队列", "en": "queue"},
    "offered": {"zh-CN": "进线", "en": "offered"},
    "answered": {"zh-CN": "接起", "en": "answered"},
    "abandoned": {"zh-CN": "放弃", "en": "abandoned"},
    "short_abandoned": {"zh-CN": "短时放弃", "en": "short"},
    "released": {"zh-CN": "退出队列", "en": "released"},
    "overflowed": {"zh-CN": "转队", "en": "overflowed"},
    "called_back": {"zh-CN": "转回呼", "en": "called back"},
    "waiting": {"zh-CN": "等待中", "en": "waiting"},
    "service_level": {"zh-CN": "服务水平", "en": "service level"},
    "asa_s": {"zh-CN": "平均应答", "en": "ASA"},
    "aht_s": {"zh-CN": "平均处理", "en": "AHT"},
    "longest_wait_s": {"zh-CN": "最长等待", "en": "longest wait"},
    "callbacks": {"zh-CN": "回呼", "en": "callbacks"},
    "callbacks_answered": {"zh-CN": "回呼接通", "en": "connected"},
    "callbacks_given_up": {"zh-CN": "回呼未接通", "en": "given up"},
}
_NOT_BALANCED = {
    "zh-CN": "不平衡：有些来电的去向在流水中没有记录。",
    "en": "NOT BALANCED: the journal does not say what became of some calls.",
}


def report_table(report: QueueReport, language: str) -> str:
    """Rows, total, and the formulas they were made by."""
    rows = [_cells(row, language) for row in (*report.rows, report.total)]
    heads = [_in(texts, language) for texts in _HEADS.values()]
    widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    lines = [_line(heads, widths), "-" * (sum(widths) + 2 * (len(widths) - 1))]
    lines += [_line(row, widths) for row in rows[:-1]]
    lines += [lines[1], _line(rows[-1], widths), ""]
    texts = formulas(language)
    shown = ("service_level", "asa_s", "aht_s")
    lines += [f"{_in(_HEADS[metric], language)} = {texts[metric]}" for metric in shown]
    lines.append(_in(BALANCE, language) if report.balanced else _in(_NOT_BALANCED, language))
    return "\n".join(lines)


_SURVEY_HEADS = {
    "survey": {"zh-CN": "满意度调查", "en": "survey"},
    "queue": {"zh-CN": "队列", "en": "queue"},
    "agent": {"zh-CN": "坐席", "en": "agent"},
    "answers": {"zh-CN": "评价数", "en": "answers"},
    "mean": {"zh-CN": "平均分", "en": "mean"},
    "lowest": {"zh-CN": "最低分数", "en": "lowest"},
}
_MEAN = {"zh-CN": "平均分 = 评分之和 ÷ 评价数", "en": "mean = sum of the scores ÷ answers"}


def survey_table(report: SurveyReport, language: str) -> str:
    """Rows, then each survey's total; empty when nothing was answered."""
    if not report.rows:
        return ""
    heads = [_in(texts, language) for texts in _SURVEY_HEADS.values()]
    rows = [_survey_cells(row) for row in (*report.rows, *report.totals)]
    widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    split = len(report.rows)
    lines = [_line(heads, widths), rule, *(_line(row, widths) for row in rows[:split])]
    lines += [rule, *(_line(row, widths) for row in rows[split:]), "", _in(_MEAN, language)]
    return "\n".join(lines)


def _survey_cells(row: SurveyRow) -> list[str]:
    mean = f"{row.mean:.2f} / {row.of}"
    people = [row.queue or "-", row.agent_id or "-"]
    return [row.survey, *people, str(row.answers), mean, str(row.lowest)]


def width(text: str) -> int:
    """Columns this text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _cells(row: QueueRow, language: str) -> list[str]:
    return [_CELLS[name](row, language) for name in _HEADS]


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"


def _level(row: QueueRow, language: str) -> str:
    if row.service_level is None:
        return "-"
    target = "" if row.service_level_s is None else f" / {row.service_level_s:g} s"
    return f"{row.service_level:.1%}{target}"


_CELLS: dict[str, Callable[[QueueRow, str], str]] = {
    "queue": lambda row, language: _in(row.title, language),
    "offered": lambda row, _: str(row.offered),
    "answered": lambda row, _: str(row.answered),
    "abandoned": lambda row, _: str(row.abandoned),
    "short_abandoned": lambda row, _: str(row.short_abandoned),
    "released": lambda row, _: str(row.released),
    "overflowed": lambda row, _: str(row.overflowed),
    "called_back": lambda row, _: str(row.called_back),
    "waiting": lambda row, _: str(row.waiting),
    "service_level": _level,
    "asa_s": lambda row, _: _seconds(row.asa_s),
    "aht_s": lambda row, _: _seconds(row.aht_s),
    "longest_wait_s": lambda row, _: _seconds(row.longest_wait_s),
    "callbacks": lambda row, _: str(row.callbacks),
    "callbacks_answered": lambda row, _: str(row.callbacks_answered),
    "callbacks_given_up": lambda row, _: str(row.callbacks_given_up),
}


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The first column to the left, numbers to the right."""
    first, *rest = [" " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True)]
    numbers = [space + cell for space, cell in zip(rest, cells[1:], strict=True)]
    return "  ".join([cells[0] + first, *numbers]).rstrip()


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))
