"""A queue's gates: who may enter, and when those who wait must go.

Open or closed is told from outside (``QueueHours``); full and empty are counted. A queue that
nobody has said anything of is open.
"""

from __future__ import annotations

from ccengine.acd.floor import Floor
from ccengine.acd.inputs import QueueHours
from ccengine.acd.line import Line
from ccengine.acd.rules import Empty
from ccengine.acd.state import QueueState
from ccengine.ids import QueueId
from ccengine.journal.facts import AbandonReason


def queue_state(floor: Floor, queue: QueueId) -> QueueState:
    if queue not in floor.lines:
        return QueueState.UNKNOWN
    return QueueState.CLOSED if queue in floor.closed else QueueState.OPEN


def hours(floor: Floor, said: QueueHours) -> None:
    """It opens or closes; whether those who wait must go is looked at after this input."""
    if said.open:
        floor.closed.discard(said.queue)
        return
    floor.closed.add(said.queue)
    if (line := floor.lines[said.queue]).rules.leave_when_closed:
        floor.thinned[line] = None


def refusal(floor: Floor, line: Line) -> AbandonReason | None:
    """Why a call that comes now may not enter; None: it may."""
    if line.queue in floor.closed:
        return AbandonReason.CLOSED
    most = line.rules.max_calls
    if most is not None and line.crowd.callers >= most:
        return AbandonReason.QUEUE_FULL
    if _empty(line, line.rules.join_when_empty):
        return AbandonReason.NO_AGENTS
    return None


def expulsion(floor: Floor, line: Line) -> AbandonReason | None:
    """Why callers may not wait here any longer; None: they may."""
    if line.rules.leave_when_closed and line.queue in floor.closed:
        return AbandonReason.CLOSED
    if _empty(line, line.rules.leave_when_empty):
        return AbandonReason.NO_AGENTS
    return None


def _empty(line: Line, when: Empty) -> bool:
    match when:
        case Empty.NEVER:
            return False
        case Empty.LOGGED_OUT:
            return line.crowd.logged_in == 0
        case Empty.NOT_READY:
            return line.working == 0
