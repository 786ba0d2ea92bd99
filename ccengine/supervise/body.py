"""The picture as ``Floor`` of docs/API.md, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccengine.acd.expectation import Expected
from ccengine.acd.needs import Need
from ccengine.ids import QueueId
from ccengine.ivr.announce import told_minutes
from ccengine.journal.facts import AgentState
from ccengine.reports.queues import QueueReport, QueueRow
from ccengine.supervise.view import CallOnFloor, FloorPicture, QueueOnFloor
from ccengine.wire import iso

_SHOWN_DIGITS = 3, 4
"""Of a caller's number at its beginning and its end: the page hangs on walls."""


def floor_body(
    picture: FloorPicture,
    trends: Mapping[QueueId, Sequence[int]],
    today: QueueReport | None,
) -> dict[str, object]:
    """``trends``: how many waited lately, the oldest first. ``today``: None before it is known."""
    rows = {} if today is None else {row.queue: row for row in today.rows}
    return {
        "queues": [
            _queue(one, trends.get(one.view.queue, ()), rows.get(one.view.queue))
            for one in picture.queues
        ],
        "calls": [_call(one) for one in picture.calls],
        "more": picture.more,
        "today": None if today is None else _today(today.total),
    }


def masked(number: str) -> str:
    """``13800000001`` is ``138****0001``; what is too short to hide is hidden whole."""
    first, last = _SHOWN_DIGITS
    if len(number) <= first + last:
        return "*" * len(number)
    return f"{number[:first]}{'*' * (len(number) - first - last)}{number[-last:]}"


def _queue(one: QueueOnFloor, trend: Sequence[int], row: QueueRow | None) -> dict[str, object]:
    view, rules = one.view, one.rules
    return {
        "queue": view.queue,
        "title": rules.title,
        "state": view.state,
        "weight": view.weight,
        "waiting": view.callers,
        "late": view.late,
        "service_level_s": rules.service_level,
        "longest_since": iso(view.longest_since),
        "expected": _expected(view.expected),
        "announced": rules.announce_wait and rules.announce_every is not None,
        "score": {"held": view.score.held, "of": view.score.of, "trusted": view.score.trusted},
        "agents": {state.value: one.agents.get(state, 0) for state in AgentState},
        "unreachable": one.unreachable,
        "callbacks": {"waiting": view.callbacks_waiting, "sleeping": view.callbacks_sleeping},
        "trend": list(trend),
        "today": None if row is None else _today(row),
    }


def _call(one: CallOnFloor) -> dict[str, object]:
    view, caller = one.view, one.caller
    return {
        "call_id": view.call_id,
        "queue": view.queue,
        "position": view.position,
        "state": view.state,
        "queued_at": iso(view.queued_at),
        "expected": _expected(view.expected),
        "need": _need(view.need, view.need_until),
        "callback": view.callback,
        "number": "" if caller is None else masked(caller.number),
        "vip_level": "" if caller is None else caller.vip_level,
    }


def _expected(expected: Expected | None) -> dict[str, object] | None:
    """``low_min``, ``high_min``: the minutes that are spoken; high null: more than the last."""
    if expected is None:
        return None
    low, high = told_minutes(expected.low_s, expected.high_s)
    return {
        "low_s": round(expected.low_s, 1),
        "high_s": round(expected.high_s, 1),
        "low_min": low,
        "high_min": high,
    }


def _need(need: Need, until: float | None) -> dict[str, object] | None:
    """None: any agent of the queue will do."""
    if not need.skills and need.level is None and need.only is None:
        return None
    return {
        "skills": [{"skill": skill, "level": level} for skill, level in need.skills],
        "level": need.level,
        "only": need.only,
        "until": iso(until),
    }


def _today(row: QueueRow) -> dict[str, object]:
    level = row.service_level
    return {
        "offered": row.offered,
        "answered": row.answered,
        "abandoned": row.abandoned,
        "service_level": None if level is None else round(level, 3),
    }
