"""The plan as text: what to know first, a table a queue, and one of the agents."""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.ids import QueueId
from ccengine.plan.figures import AGENT_METRICS, TOTAL
from ccengine.plan.notes import notes, verdict
from ccengine.plan.plan import Plan
from ccengine.plan.words import METRICS, shown, shown_estimate, shown_queue, text
from ccengine.reports.table import width

SHOWN_METRICS = tuple(
    metric for metric in METRICS if metric not in (*AGENT_METRICS, "abandoned_share")
)
_SIDES = ("was", "before", "after", "change")


def plan_table(plan: Plan, language: str) -> str:
    """Everything a supervisor needs before the file is applied."""
    seeds = len(plan.before.days)
    counted = plan.was.queues[TOTAL].values["offered"] or 0
    parts = [
        text("days", language).format(calls=f"{counted:.0f}", seeds=seeds),
        "\n  ".join(verdict(plan, language)),
    ]
    said = notes(plan, language)
    if said:
        parts.append("\n".join(f"- {line}" for line in said))
    return "\n\n".join([*parts, *map(_aligned, tables(plan, language))])


def tables(plan: Plan, language: str) -> list[list[list[str]]]:
    """A table a queue, the total, the agents; the first row is the heads."""
    queues = [_queue_table(plan, queue, language) for queue in queues_of(plan)]
    return [*queues, _agent_table(plan, language)]


def queues_of(plan: Plan) -> list[QueueId]:
    """Queues that anybody entered on any side, the total last."""
    busy = {
        queue
        for days in ((plan.was,), plan.before.days, plan.after.days)
        for day in days
        for queue, figures in day.queues.items()
        if figures.values["offered"]
    }
    order = [*plan.before.queues, *plan.after.queues]
    return [*dict.fromkeys(q for q in order if q in busy and q != TOTAL), TOTAL]


def _queue_table(plan: Plan, queue: QueueId, language: str) -> list[list[str]]:
    site = plan.after.cast.site if queue in plan.after.cast.site.queues else plan.before.cast.site
    was = plan.was.queues.get(queue)
    rows = []
    for metric in SHOWN_METRICS:
        cells = [
            shown(metric, was.values[metric] if was else None),
            shown_estimate(metric, plan.before.queues.get(queue, {}).get(metric)),
            shown_estimate(metric, plan.after.queues.get(queue, {}).get(metric)),
            shown_estimate(metric, plan.queue_changes.get(queue, {}).get(metric), signed=True),
        ]
        if any(cell not in ("–", "0", "+0") for cell in cells):
            rows.append([METRICS[metric][language], *cells])
    heads = [shown_queue(queue, site, language), *(text(side, language) for side in _SIDES)]
    return [heads, *rows]


def _agent_table(plan: Plan, language: str) -> list[list[str]]:
    heads = [
        text("agents", language),
        *(
            f"{METRICS[metric][language]}: {text(side, language)}"
            for metric in AGENT_METRICS
            for side in ("was_short", "before_short", "after_short")
        ),
    ]
    rows = []
    for agent in sorted({*plan.was.agents, *plan.before.agents, *plan.after.agents}):
        known = plan.after.cast.site.agents.get(agent) or plan.before.cast.site.agents.get(agent)
        was = plan.was.agents.get(agent)
        cells = [f"{agent} {known.name}" if known else str(agent)]
        for metric in AGENT_METRICS:
            cells += [
                shown(metric, was.values[metric] if was else None),
                shown_estimate(metric, plan.before.agents.get(agent, {}).get(metric)),
                shown_estimate(metric, plan.after.agents.get(agent, {}).get(metric)),
            ]
        rows.append(cells)
    return [heads, *rows]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    spaces = [" " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True)]
    rest = [space + cell for space, cell in zip(spaces[1:], cells[1:], strict=True)]
    return "  ".join([cells[0] + spaces[0], *rest]).rstrip()
