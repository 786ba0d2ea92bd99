"""A queue as its supervisor sees it: asked beside the inputs, changes nothing.

Position and expected wait of a call are made here once, for the caller who is told of them and for
the page that shows them, so that the two cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from ccengine.acd import expecting, gates, relax
from ccengine.acd.expectation import Expected, Score
from ccengine.acd.floor import Floor
from ccengine.acd.needs import Need
from ccengine.acd.order import standing_s
from ccengine.acd.state import Call, CallState, QueueState
from ccengine.ids import AgentId, CallId, QueueId

MOST_CALLS = 200
"""So many calls of a queue are looked at, those that are served first."""
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
    head_start_s: float
    """Its own and its queue's."""
    ageing: float
    callback: bool
    """Nobody holds the line."""
    standing_s: float
    """What decides among calls of queues of the same weight."""


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
    calls: tuple[CallView, ...]
    """In serving order, ``MOST_CALLS`` of them at most."""


def position(floor: Floor, call: Call) -> int:
    """As of the last input: calls of different ageing pass each other as time goes on."""
    return call.line.position(call.place, floor.now)


def queue_view(floor: Floor, queue: QueueId, now: float, late_s: float) -> QueueView | None:
    """None: the rules have no such queue. Costs as much as the calls that it shows."""
    line = floor.lines.get(queue)
    if line is None:
        return None
    crowd = line.crowd
    sleeping = sum(floor.call_state(call_id) is CallState.SLEEPING for call_id in crowd.callbacks)
    first = islice(line.calls.first_in_order(floor.now), MOST_CALLS)
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
        calls=tuple(_call_view(floor, floor.calls[place.call_id], now) for place in first),
    )


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
        head_start_s=call.head_start_s,
        ageing=call.place.ageing,
        callback=call.callback is not None,
        standing_s=standing_s(call.place, now),
    )
