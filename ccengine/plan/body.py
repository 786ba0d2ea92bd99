"""The plan for other programs: all figures with their names and units, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.clock import moment
from ccengine.plan.estimate import Estimate
from ccengine.plan.figures import WAIT_EDGES_S, Day, Values
from ccengine.plan.notes import notes, verdict
from ccengine.plan.plan import Plan, Side

DECIMALS = 4


def plan_body(plan: Plan, language: str) -> dict[str, object]:
    """Metrics ending in ``_s`` are seconds, shares are 0 to 1."""
    return {
        "from": moment(plan.traffic.start).isoformat(),
        "to": moment(plan.traffic.end).isoformat(),
        "seeds": len(plan.before.days),
        "trusted": plan.trusted,
        "verdict": verdict(plan, language),
        "notes": notes(plan, language),
        "wait_edges_s": list(WAIT_EDGES_S),
        "as_it_was": _day(plan.was),
        "before": _side(plan.before),
        "after": _side(plan.after),
        "difference": {
            "queues": {queue: _table(table) for queue, table in plan.queue_changes.items()},
            "agents": {agent: _table(table) for agent, table in sorted(plan.agent_changes.items())},
        },
    }


def _day(day: Day) -> dict[str, object]:
    return {
        "queues": {queue: _values(figures.values) for queue, figures in day.queues.items()},
        "agents": {agent: _values(figures.values) for agent, figures in day.agents.items()},
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "queues": {queue: _table(table) for queue, table in side.queues.items()},
        "agents": {agent: _table(table) for agent, table in side.agents.items()},
    }


def _values(values: Values) -> dict[str, float | None]:
    return {metric: _rounded(value) for metric, value in values.items()}


def _table(table: Mapping[str, Estimate]) -> dict[str, object]:
    return {
        metric: {
            "mean": _rounded(found.mean),
            "low": _rounded(found.low),
            "high": _rounded(found.high),
        }
        for metric, found in table.items()
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
