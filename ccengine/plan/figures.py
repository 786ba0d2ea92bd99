"""One day in figures, whether it happened or was simulated: one way of counting for both.

Queue figures are the report's own (``ccengine.reports.queues``); p50, p90 and longest wait are of
all calls that entered the queue, however they left it. Times are seconds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AgentState, AgentStateChanged, CallAnswered, Fact
from ccengine.plan.traffic import Traffic
from ccengine.reports.queues import Period, QueueRow, QueueTarget, queue_report
from ccengine.reports.stays import Ending, Stay

TOTAL = QueueId("")
HALF_HOUR_S = 1_800.0
FIVE_MINUTES_S = 300.0
SHORT_S = 3 * 3_600.0
"""A shorter period is shown by five minutes: half hours would leave nothing to see."""
WAIT_EDGES_S = (0.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
"""Waits are counted from each edge to the next; the last has no end."""

Values = Mapping[str, float | None]
"""Metric -> its value; None where there was nothing to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDay:
    values: Values
    waits: tuple[int, ...]
    """Calls by their wait, as ``WAIT_EDGES_S`` parts them."""
    slots: Mapping[int, tuple[int, int]]
    """Slot since the period's start (``slot_s``) -> answered in time, offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDay:
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    queues: Mapping[QueueId, QueueDay]
    """With ``TOTAL``, the sum over all."""
    agents: Mapping[AgentId, AgentDay]


def _answered(row: QueueRow) -> list[float]:
    return [stay.waited(row.now) for stay in row.stays if stay.ending is Ending.ANSWERED]


def _all(row: QueueRow) -> list[float]:
    return [stay.waited(row.now) for stay in row.stays]


def percentile(values: Sequence[float], part: float) -> float | None:
    """The smallest value that at least this part does not exceed. Example: 1 2 3 4, 0.5: 2."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


def slot_s(start: float, end: float) -> float:
    """How long the slots are in which a period's service level is shown."""
    return HALF_HOUR_S if end - start >= SHORT_S else FIVE_MINUTES_S


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


QUEUE_METRICS: dict[str, Callable[[QueueRow], float | None]] = {
    "offered": lambda row: row.offered,
    "answered": lambda row: row.answered,
    "abandoned": lambda row: row.abandoned,
    "released": lambda row: row.released,
    "overflowed": lambda row: row.overflowed,
    "called_back": lambda row: row.called_back,
    "waiting": lambda row: row.waiting,
    "service_level": lambda row: row.service_level,
    "abandoned_share": lambda row: _share(row.abandoned, row.offered),
    "asa_s": lambda row: row.asa_s,
    "p50_s": lambda row: percentile(_all(row), 0.5),
    "p90_s": lambda row: percentile(_all(row), 0.9),
    "longest_wait_s": lambda row: row.longest_wait_s if row.stays else None,
}
GROUP_METRICS = ("offered", "asa_s", "p90_s")
"""Also counted for VIP calls and ordinary calls alone, as ``vip_asa_s``, ``ordinary_asa_s`` …"""
AGENT_METRICS = ("calls", "occupancy")


def day_of(
    facts: Sequence[Fact], traffic: Traffic, targets: Sequence[QueueTarget], vips: frozenset[CallId]
) -> Day:
    """The figures of the traffic's period, over these facts."""
    period = Period(start=traffic.start, end=traffic.end)
    now = max((fact.at for fact in facts), default=traffic.until)
    report = queue_report(facts, targets, period, now)
    return Day(
        queues={row.queue: _queue(row, vips, period) for row in (*report.rows, report.total)},
        agents=_agents(facts, period),
    )


def _queue(row: QueueRow, vips: frozenset[CallId], period: Period) -> QueueDay:
    values = {metric: formula(row) for metric, formula in QUEUE_METRICS.items()}
    for group, wanted in (("vip", True), ("ordinary", False)):
        stays = tuple(stay for stay in row.stays if (stay.call_id in vips) is wanted)
        part = replace(row, stays=stays)
        values |= {f"{group}_{metric}": QUEUE_METRICS[metric](part) for metric in GROUP_METRICS}
    return QueueDay(values=values, waits=_waits(row), slots=_slots(row, period))


def _waits(row: QueueRow) -> tuple[int, ...]:
    counts = [0] * len(WAIT_EDGES_S)
    for wait in _all(row):
        counts[sum(wait >= edge for edge in WAIT_EDGES_S) - 1] += 1
    return tuple(counts)


def _slots(row: QueueRow, period: Period) -> dict[int, tuple[int, int]]:
    length_s = slot_s(period.start, period.end)
    counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for stay in row.stays:
        within, offered = counts[slot := int((stay.entered_at - period.start) // length_s)]
        counts[slot] = (within + _in_time(stay, row), offered + 1)
    return dict(counts)


def _in_time(stay: Stay, row: QueueRow) -> bool:
    """By the queue's own target; a total over several targets has no slots of its own."""
    target = row.service_level_s
    return target is not None and stay.ending is Ending.ANSWERED and stay.waited(row.now) <= target


def _agents(facts: Sequence[Fact], period: Period) -> dict[AgentId, AgentDay]:
    """Calls answered in the period; occupancy = (talk + hold + wrap-up) ÷ (that + ready)."""
    calls: dict[AgentId, int] = defaultdict(int)
    spent: dict[AgentId, dict[AgentState, float]] = defaultdict(lambda: defaultdict(float))
    last: dict[AgentId, AgentStateChanged] = {}

    def spend(state: AgentStateChanged, until: float) -> None:
        since = min(max(state.at, period.start), period.end)
        spent[state.agent_id][state.state] += min(max(until, since), period.end) - since

    for fact in facts:
        if isinstance(fact, CallAnswered) and period.start <= fact.at < period.end:
            calls[fact.agent_id] += 1
        elif isinstance(fact, AgentStateChanged):
            if fact.agent_id in last:
                spend(last[fact.agent_id], fact.at)
            last[fact.agent_id] = fact
    for state in last.values():
        spend(state, period.end)
    return {
        agent: AgentDay(values={"calls": calls[agent], "occupancy": _occupancy(states)})
        for agent, states in sorted(spent.items())
        if calls[agent] or sum(states.values()) > states[AgentState.LOGGED_OUT]
    }


def _occupancy(states: Mapping[AgentState, float]) -> float | None:
    busy = states.get(AgentState.TALKING, 0.0) + states.get(AgentState.WRAP_UP, 0.0)
    whole = busy + states.get(AgentState.READY, 0.0)
    return busy / whole if whole > 0 else None
