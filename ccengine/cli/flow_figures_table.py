"""The figures of flows as aligned text tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ccengine.flows.figures import FlowFigures
from ccengine.ids import FlowId
from ccengine.reports.table import width

_HEADS: Mapping[str, tuple[str, str]] = {
    "flow": ("流程", "flow"),
    "day": ("日期", "day"),
    "step": ("步骤", "step"),
    "calls": ("来电", "calls"),
    "containment": ("自助完成率", "containment"),
    "drop_off": ("流程中挂断", "hung up"),
    "human": ("转人工", "to people"),
    "visits": ("经过次数", "visits"),
    "left": ("在此挂断", "hung up here"),
    "no_input": ("无按键", "no key"),
    "invalid": ("按键无效", "wrong key"),
    "median": ("停留中位数", "median time"),
}
_CALLS = ("calls", "containment", "drop_off", "human")


def by_flow(figures: Mapping[FlowId, FlowFigures], language: str) -> str:
    rows = [[flow, *_of_calls(one)] for flow, one in figures.items()]
    return _table(("flow", *_CALLS), rows, language)


def by_day(days: Sequence[date], figures: Sequence[FlowFigures | None], language: str) -> str:
    """None: a day without a call."""
    rows = [[day.isoformat(), *_of_calls(one)] for day, one in zip(days, figures, strict=True)]
    return _table(("day", *_CALLS), rows, language)


def by_step(figures: FlowFigures, language: str) -> str:
    rows = [
        [
            step.step,
            str(step.visits),
            share(step.drop_off),
            share(step.no_input_rate),
            share(step.invalid_rate),
            "-" if step.median_s is None else f"{step.median_s:g} s",
        ]
        for step in sorted(figures.steps.values(), key=lambda step: -step.visits)
    ]
    heads = ("step", "visits", "left", "no_input", "invalid", "median")
    return _table(heads, rows, language)


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _of_calls(one: FlowFigures | None) -> list[str]:
    if one is None:
        return ["0", "-", "-", "0"]
    return [str(one.calls), share(one.containment), share(one.drop_off), str(one.human)]


def _table(heads: Sequence[str], rows: Sequence[list[str]], language: str) -> str:
    """The first column is words, the others are numbers."""
    named = [_HEADS[head][language == "en"] for head in heads]
    widths = [max(map(width, column)) for column in zip(named, *rows, strict=True)]
    lines = [_line(named, widths), "-" * (sum(widths) + 2 * (len(widths) - 1))]
    return "\n".join(lines + [_line(row, widths) for row in rows])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + " " * (most - width(cell)) if place == 0 else " " * (most - width(cell)) + cell
        for place, (cell, most) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(padded).rstrip()
