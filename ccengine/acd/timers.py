"""What a timer was set for, done when it fires."""

from __future__ import annotations

from ccengine.acd import callbacks, offers, overflow, presence, queueing, relax
from ccengine.acd.floor import Floor
from ccengine.acd.state import Timer, TimerKind
from ccengine.ids import AgentId, CallId, OfferId


def fired(floor: Floor, timer: Timer) -> None:
    """Its subject is still there: else the timer would have been cancelled."""
    match timer.kind:
        case TimerKind.MAX_WAIT:
            queueing.max_wait_over(floor, floor.calls[CallId(timer.subject)])
        case TimerKind.RELAX:
            relax.due(floor, floor.calls[CallId(timer.subject)])
        case TimerKind.RETRY:
            call = floor.calls[CallId(timer.subject)]
            call.retry = None
            floor.returned.append(call)
        case TimerKind.OVERFLOW:
            overflow.look(floor, floor.calls[CallId(timer.subject)])
        case TimerKind.WAKE:
            callbacks.wake(floor, floor.calls[CallId(timer.subject)])
        case TimerKind.EXPIRY:
            callbacks.expire(floor, floor.calls[CallId(timer.subject)])
        case TimerKind.GUARD:
            offers.guard_fired(floor, floor.offers[OfferId(timer.subject)])
        case TimerKind.WRAP_UP:
            presence.wrap_up_over(floor, floor.agents[AgentId(timer.subject)])
        case TimerKind.PAUSE:
            presence.pause_over(floor, floor.agents[AgentId(timer.subject)])
