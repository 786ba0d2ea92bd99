"""A queue as its supervisor sees it: asked beside the inputs, changes nothing.

Position and expected wait of a call are made here once, for the caller who is told of them and for
the page that shows them, so that the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from ccengine.acd import expecting, gates, relax
from ccengine.acd.expectation import Expected, Score
from ccengine.acd.floor import Floor
from ccengine.acd.line import Line
from ccengine.acd.needs import Need
from ccengine.acd.order import Turn, turn_of
from ccengine.acd.state import Call, CallState, QueueState
from ccengine.ids import AgentId, CallId, QueueId

MOST_OF_A_QUEUE = 200
MOST_IN_ALL = 400
"""So many calls are looked at, those that are served first: a long line costs no more."""
IN_LINE = (CallState.WAITING, CallState.OFFERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """A call in line. Moments are seconds of the engine's clock."""

    call_id: CallId
    queue: QueueId
    position: int
    state: CallState
    """Waiting, or offered: somebody is rung for it."""
    queued_at: float
    expected: Expected | None
    """What it would be told now; None: nothing."""
    need: Need
    need_until: float | None
    """When it may need less; None: it needs this as long as it waits."""
    callback: bool
    """Nobody holds the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    queue: QueueId
    state: QueueState
    weight: int
    agents: tuple[AgentId, ...]
    """All that serve it, in the site file's order."""
    callers: int
    """In line; callbacks are not counted."""
    late: int
    """Of them, those who have waited longer than the time that was asked with."""
    longest_since: float | None
    """When the caller who has waited the longest began to; None: nobody waits."""
    expected: Expected | None
    """What a caller who came now, and had to wait, would be told; None: nothing."""
    score: Score
    callbacks_waiting: int
    callbacks_sleeping: int


def position(floor: Floor, call: Call) -> int:
    """As of the last input: calls of different ageing pass each other as time goes on."""
    return call.line.position(call.place, floor.now)


def queue_view(floor: Floor, queue: QueueId, now: float, late_s: float) -> QueueView | None:
    """None: the rules have no such queue."""
    line = floor.lines.get(queue)
    if line is None:
        return None
    crowd = line.crowd
    sleeping = sum(floor.call_state(call_id) is CallState.SLEEPING for call_id in crowd.callbacks)
    return QueueView(
        queue=queue,
        state=gates.queue_state(floor, queue),
        weight=line.rules.weight,
        agents=line.rules.agents,
        callers=crowd.callers,
        late=crowd.came_before(now - late_s),
        longest_since=crowd.longest_since,
        expected=expecting.for_newcomer(floor, line, now),
        score=floor.expectation.score(queue),
        callbacks_waiting=len(crowd.callbacks) - sleeping,
        callbacks_sleeping=sleeping,
    )


def first_in_line(floor: Floor, now: float) -> tuple[CallView, ...]:
    """The calls of all queues that are served first, in that order.

    Of each queue ``MOST_OF_A_QUEUE``, of all together ``MOST_IN_ALL`` at most.
    """
    in_order = merge(*(_first_of(line, floor.now) for line in floor.lines.values()))
    return tuple(
        _call_view(floor, floor.calls[turn[-1]], now) for _, turn in islice(in_order, MOST_IN_ALL)
    )


def _first_of(line: Line, now: float) -> Iterator[tuple[int, Turn]]:
    for place in islice(line.calls.first_in_order(now), MOST_OF_A_QUEUE):
        yield -line.rules.weight, turn_of(place, now)


def _call_view(floor: Floor, call: Call, now: float) -> CallView:
    return CallView(
        call_id=call.call_id,
        queue=call.line.queue,
        position=position(floor, call),
        state=call.state,
        queued_at=call.queued_at,
        expected=expecting.expected(floor, call, now),
        need=call.need,
        need_until=relax.next_change(call, now),
        callback=call.callback is not None,
    )
