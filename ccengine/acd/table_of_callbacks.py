"""What each state of a callback, and of a queue, says to each event (see ``table``)."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.acd.state import CallState, QueueState
from ccengine.acd.table import (
    CALLBACK_STATES,
    NEVER,
    NO_TIMER,
    CallEvent,
    Cells,
    Drop,
    Move,
    QueueEvent,
)

_C = CallState

_NOBODY_THERE: Cells[CallState] = dict.fromkeys(
    CALLBACK_STATES, Drop("is a callback: nobody holds the line")
)
_NO_CALLERS_TIMER: Cells[CallState] = dict.fromkeys(CALLBACK_STATES, NO_TIMER)
_UNCONNECTED = Drop("is a callback that is not connected: its attempt ends as tried")

CALLBACK_TABLE: Mapping[CallEvent, Cells[CallState]] = {
    CallEvent.JOIN: _NOBODY_THERE,
    CallEvent.LEAVE: _NOBODY_THERE,
    CallEvent.TALK_OVER_BY_CALLER: {
        **dict.fromkeys(CALLBACK_STATES, _UNCONNECTED),
        _C.TALKING: Move((_C.GONE,)),
    },
    CallEvent.TALK_OVER_BY_OTHERS: {
        **dict.fromkeys(CALLBACK_STATES, _UNCONNECTED),
        _C.TALKING: Move((_C.GONE,)),
    },
    CallEvent.ADOPT_TALK: {
        **{state: Move((_C.TALKING,)) for state in CALLBACK_STATES},
        _C.TALKING: Drop("is known to talk"),
    },
    CallEvent.MAX_WAIT: _NO_CALLERS_TIMER,
    CallEvent.RELAX: {
        _C.SLEEPING: NO_TIMER,
        _C.WAITING: Move((_C.WAITING, _C.OFFERED)),
        _C.OFFERED: Move((_C.OFFERED,)),
        _C.TALKING: NO_TIMER,
    },
    CallEvent.RETRY: {
        **_NO_CALLERS_TIMER,
        _C.WAITING: Move((_C.WAITING, _C.OFFERED)),
    },
    CallEvent.OVERFLOW: _NO_CALLERS_TIMER,
    CallEvent.ASK_CALLBACK: _NOBODY_THERE,
    CallEvent.CALLBACK_TRIED: {
        _C.SLEEPING: Drop("sleeps: the end of that attempt is known"),
        _C.WAITING: Move((_C.SLEEPING, _C.GONE)),
        _C.OFFERED: Move((_C.SLEEPING, _C.GONE)),
        _C.TALKING: Drop("is connected"),
    },
    CallEvent.CANCEL_CALLBACK: {
        **{state: Move((_C.GONE,)) for state in CALLBACK_STATES},
        _C.TALKING: Drop("is connected"),
    },
    CallEvent.ADOPT_CALLBACK: dict.fromkeys(CALLBACK_STATES, Drop("is known already")),
    CallEvent.WAKE: {
        **_NO_CALLERS_TIMER,
        _C.SLEEPING: Move((_C.WAITING, _C.OFFERED)),
    },
    CallEvent.EXPIRY: {
        _C.SLEEPING: Move((_C.GONE,)),
        _C.WAITING: Move((_C.GONE,)),
        _C.OFFERED: Move((_C.OFFERED,)),
        _C.TALKING: NO_TIMER,
    },
    CallEvent.CHOSEN: {
        **dict.fromkeys(CALLBACK_STATES, NEVER),
        _C.WAITING: Move((_C.OFFERED,)),
    },
    CallEvent.ANSWERED: {
        # Late, but true, in whatever it has been since.
        **{state: Move((_C.TALKING,)) for state in CALLBACK_STATES},
        _C.TALKING: NEVER,
    },
    CallEvent.OFFER_OVER: {
        **dict.fromkeys(CALLBACK_STATES, NEVER),
        _C.OFFERED: Move((_C.WAITING, _C.SLEEPING, _C.GONE)),
    },
    CallEvent.QUEUE_LEFT: {state: Move((state,)) for state in CALLBACK_STATES},
    CallEvent.QUEUE_REMOVED: {
        **{state: Move((_C.GONE,)) for state in CALLBACK_STATES},
        _C.TALKING: Move((_C.TALKING,)),
    },
}

_Q = QueueState
_NO_QUEUE = Drop("does not exist")

QUEUE_TABLE: Mapping[QueueEvent, Cells[QueueState]] = {
    QueueEvent.OPEN: {
        _Q.OPEN: Drop("is open already"),
        _Q.CLOSED: Move((_Q.OPEN,)),
        _Q.UNKNOWN: _NO_QUEUE,
    },
    QueueEvent.CLOSE: {
        _Q.OPEN: Move((_Q.CLOSED,)),
        _Q.CLOSED: Drop("is closed already"),
        _Q.UNKNOWN: _NO_QUEUE,
    },
    QueueEvent.ADOPT_QUEUE: {
        _Q.OPEN: Move((_Q.OPEN,)),
        _Q.CLOSED: Move((_Q.CLOSED,)),
        _Q.UNKNOWN: _NO_QUEUE,
    },
}
