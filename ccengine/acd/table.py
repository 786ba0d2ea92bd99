"""What each state says to each event: a move, or a reason why nothing changes.

The ACD looks here before it does anything, the tests walk every cell, and the diagrams in
``docs/acd-states.md`` are drawn from it. Events in *italics* there are not said from outside:
they follow from another input (an agent is chosen because a call came).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from ccengine.acd.state import CallState, LegState
from ccengine.journal.facts import AgentState

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """The event is acted on; afterwards the state is one of ``to``."""

    to: tuple[S, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """The event is named and dropped."""

    why: str


class CallEvent(StrEnum):
    JOIN = "join"
    LEAVE = "leave"
    TALK_OVER_BY_CALLER = "talk over by caller"
    TALK_OVER_BY_OTHERS = "talk over by others"
    ADOPT_TALK = "adopt talk"
    MAX_WAIT = "longest wait over"
    RELAX = "need relaxed"
    RETRY = "retry pause over"
    OVERFLOW = "overflow rules looked at"
    ASK_CALLBACK = "ask callback"
    CALLBACK_TRIED = "callback tried"
    CANCEL_CALLBACK = "cancel callback"
    ADOPT_CALLBACK = "adopt callback"
    WAKE = "callback's time has come"
    EXPIRY = "callback expired"
    CHOSEN = "agents chosen"
    ANSWERED = "answered"
    OFFER_OVER = "offer over"
    QUEUE_LEFT = "queue empty or closed"
    QUEUE_REMOVED = "queue removed"


class QueueEvent(StrEnum):
    OPEN = "opens"
    CLOSE = "closes"
    ADOPT_QUEUE = "adopt queue"


class LegEvent(StrEnum):
    ANSWERED = "answered"
    LEG_ENDED = "leg ended"
    OFFER_CLOSED = "offer closed"
    GUARD = "end overdue"
    CALL_LEFT = "call left"
    OTHER_ANSWERED = "other agent answered"
    AGENT_GONE = "agent signed out"


class AgentEvent(StrEnum):
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"
    READY = "ready"
    NOT_READY = "not ready"
    PHONE_CHANGED = "phone changed"
    EXTEND_WRAP_UP = "extend wrap-up"
    ADOPT_AGENT = "adopt agent"
    ADOPT_TALK = "adopt talk"
    WRAP_UP_OVER = "wrap-up over"
    PAUSE_OVER = "pause over"
    CHOSEN = "chosen"
    LEG_OVER = "leg over"
    CONNECTED = "connected"
    TALK_OVER = "talk over"


CALL_INNER = (
    CallEvent.CHOSEN,
    CallEvent.ANSWERED,
    CallEvent.OFFER_OVER,
    CallEvent.QUEUE_LEFT,
    CallEvent.QUEUE_REMOVED,
)
LEG_INNER = (LegEvent.CALL_LEFT, LegEvent.OTHER_ANSWERED, LegEvent.AGENT_GONE)
AGENT_INNER = (
    AgentEvent.CHOSEN,
    AgentEvent.LEG_OVER,
    AgentEvent.CONNECTED,
    AgentEvent.TALK_OVER,
)
"""Events that follow from an input about something else; they only come where they have a move."""

_C = CallState
NO_TIMER = Drop("its timer was cancelled")
NEVER = Drop("cannot come here")

Cells = Mapping[S, Move[S] | Drop]

CALLER_STATES = (_C.GONE, _C.WAITING, _C.OFFERED, _C.TALKING)
CALLBACK_STATES = (_C.SLEEPING, _C.WAITING, _C.OFFERED, _C.TALKING)
"""An id that is gone belongs to neither; the callers' table speaks for it."""

_NO_CALLBACK: Cells[CallState] = {
    **dict.fromkeys(CALLER_STATES, Drop("is no callback")),
    _C.GONE: Drop("is not known"),
}

CALL_TABLE: Mapping[CallEvent, Cells[CallState]] = {
    CallEvent.JOIN: {
        _C.GONE: Move((_C.WAITING, _C.OFFERED)),
        _C.WAITING: Drop("is in line already and keeps its place"),
        _C.OFFERED: Drop("is in line already and keeps its place"),
        _C.TALKING: Move((_C.WAITING, _C.OFFERED)),
    },
    CallEvent.LEAVE: {
        _C.GONE: Drop("is not in line"),
        _C.WAITING: Move((_C.GONE,)),
        _C.OFFERED: Move((_C.GONE,)),
        _C.TALKING: Drop("is answered: its end comes as the end of the talk"),
    },
    CallEvent.TALK_OVER_BY_CALLER: {
        _C.GONE: Drop("is not known"),
        _C.WAITING: Move((_C.GONE,)),
        _C.OFFERED: Move((_C.GONE,)),
        _C.TALKING: Move((_C.GONE,)),
    },
    CallEvent.TALK_OVER_BY_OTHERS: {
        _C.GONE: Drop("is not known"),
        _C.WAITING: Drop("waits: nobody talks with it"),
        _C.OFFERED: Move((_C.WAITING, _C.OFFERED, _C.GONE)),
        _C.TALKING: Move((_C.GONE,)),
    },
    CallEvent.ADOPT_TALK: {
        _C.GONE: Move((_C.TALKING,)),
        _C.WAITING: Move((_C.TALKING,)),
        _C.OFFERED: Move((_C.TALKING,)),
        _C.TALKING: Drop("is known to talk"),
    },
    CallEvent.MAX_WAIT: {
        _C.GONE: NO_TIMER,
        _C.WAITING: Move((_C.GONE,)),
        _C.OFFERED: Move((_C.OFFERED,)),
        _C.TALKING: NO_TIMER,
    },
    CallEvent.RELAX: {
        _C.GONE: NO_TIMER,
        _C.WAITING: Move((_C.WAITING, _C.OFFERED)),
        _C.OFFERED: Move((_C.OFFERED,)),
        _C.TALKING: NO_TIMER,
    },
    CallEvent.RETRY: {
        _C.GONE: NO_TIMER,
        _C.WAITING: Move((_C.WAITING, _C.OFFERED)),
        _C.OFFERED: NO_TIMER,
        _C.TALKING: NO_TIMER,
    },
    CallEvent.OVERFLOW: {
        _C.GONE: NO_TIMER,
        _C.WAITING: Move((_C.WAITING, _C.OFFERED, _C.GONE)),
        _C.OFFERED: Move((_C.OFFERED,)),
        _C.TALKING: NO_TIMER,
    },
    CallEvent.ASK_CALLBACK: {
        _C.GONE: Drop("is not in line"),
        _C.WAITING: Move((_C.GONE,)),
        _C.OFFERED: Move((_C.GONE,)),
        _C.TALKING: Drop("is answered"),
    },
    CallEvent.CALLBACK_TRIED: _NO_CALLBACK,
    CallEvent.CANCEL_CALLBACK: _NO_CALLBACK,
    CallEvent.ADOPT_CALLBACK: {
        **dict.fromkeys(CALLER_STATES, Drop("is a caller's")),
        _C.GONE: Move((_C.SLEEPING, _C.WAITING, _C.OFFERED)),
    },
    CallEvent.WAKE: dict.fromkeys(CALLER_STATES, NEVER),
    CallEvent.EXPIRY: dict.fromkeys(CALLER_STATES, NEVER),
    CallEvent.CHOSEN: {
        _C.GONE: NEVER,
        _C.WAITING: Move((_C.OFFERED,)),
        _C.OFFERED: NEVER,
        _C.TALKING: NEVER,
    },
    CallEvent.ANSWERED: {
        _C.GONE: NEVER,
        _C.WAITING: Move((_C.TALKING,)),
        _C.OFFERED: Move((_C.TALKING,)),
        _C.TALKING: NEVER,
    },
    CallEvent.OFFER_OVER: {
        _C.GONE: NEVER,
        _C.WAITING: NEVER,
        _C.OFFERED: Move((_C.WAITING, _C.GONE)),
        _C.TALKING: NEVER,
    },
    CallEvent.QUEUE_LEFT: {
        _C.GONE: NEVER,
        _C.WAITING: Move((_C.GONE,)),
        # Not cut: it goes when the offer comes to nothing.
        _C.OFFERED: Move((_C.OFFERED,)),
        _C.TALKING: Move((_C.TALKING,)),
    },
    CallEvent.QUEUE_REMOVED: {
        _C.GONE: NEVER,
        _C.WAITING: Move((_C.GONE,)),
        _C.OFFERED: Move((_C.GONE,)),
        _C.TALKING: Move((_C.TALKING,)),
    },
}

_L = LegState
_LEG_PAST: Mapping[LegState, Drop] = {
    _L.ANSWERED: Drop("the call is answered"),
    _L.OVER: Drop("that leg is over already"),
    _L.FORGOTTEN: Drop("no such offer to this agent (any more)"),
}
_RINGS_NO_MORE: Cells[LegState] = {
    _L.RINGING: Move((_L.OVER,)),
    _L.ANSWERED: NEVER,
    _L.OVER: NEVER,
    _L.FORGOTTEN: NEVER,
}

LEG_TABLE: Mapping[LegEvent, Cells[LegState]] = {
    LegEvent.ANSWERED: {
        _L.RINGING: Move((_L.ANSWERED,)),
        _L.ANSWERED: Drop("the call is answered"),
        # Late, but true: Asterisk has joined the two. Not if the agent talks with someone else.
        _L.OVER: Move((_L.ANSWERED, _L.OVER)),
        _L.FORGOTTEN: Drop("no such offer to this agent (any more)"),
    },
    LegEvent.LEG_ENDED: {_L.RINGING: Move((_L.OVER,)), **_LEG_PAST},
    LegEvent.OFFER_CLOSED: {_L.RINGING: Move((_L.OVER,)), **_LEG_PAST},
    LegEvent.GUARD: {
        _L.RINGING: Move((_L.OVER,)),
        _L.ANSWERED: NO_TIMER,
        _L.OVER: NO_TIMER,
        _L.FORGOTTEN: NO_TIMER,
    },
    LegEvent.CALL_LEFT: {**_RINGS_NO_MORE, _L.RINGING: Move((_L.FORGOTTEN,))},
    LegEvent.OTHER_ANSWERED: _RINGS_NO_MORE,
    LegEvent.AGENT_GONE: _RINGS_NO_MORE,
}

_A = AgentState
_RESTING = (_A.LOGGED_OUT, _A.NOT_READY, _A.READY)
_SIGNED_IN = Drop("is signed in already")


def _stays() -> dict[AgentState, Move[AgentState] | Drop]:
    return {state: Move((state,)) for state in AgentState}


AGENT_TABLE: Mapping[AgentEvent, Cells[AgentState]] = {
    AgentEvent.SIGN_IN: {
        _A.LOGGED_OUT: Move((_A.NOT_READY,)),
        _A.NOT_READY: _SIGNED_IN,
        _A.READY: _SIGNED_IN,
        # Only takes back a sign-out that waits for the end of the call.
        _A.OFFERED: Move((_A.OFFERED,)),
        _A.TALKING: Move((_A.TALKING,)),
        _A.WRAP_UP: _SIGNED_IN,
    },
    AgentEvent.SIGN_OUT: {
        _A.LOGGED_OUT: Drop("is logged out already"),
        _A.NOT_READY: Move((_A.LOGGED_OUT,)),
        _A.READY: Move((_A.LOGGED_OUT,)),
        _A.OFFERED: Move((_A.LOGGED_OUT,)),
        _A.TALKING: Move((_A.TALKING,)),
        _A.WRAP_UP: Move((_A.LOGGED_OUT,)),
    },
    AgentEvent.READY: {
        _A.LOGGED_OUT: Drop("is logged out"),
        _A.NOT_READY: Move((_A.READY, _A.OFFERED)),
        _A.READY: Drop("is ready already"),
        _A.OFFERED: Move((_A.OFFERED,)),
        _A.TALKING: Move((_A.TALKING,)),
        _A.WRAP_UP: Move((_A.READY, _A.OFFERED)),
    },
    AgentEvent.NOT_READY: {
        _A.LOGGED_OUT: Drop("is logged out"),
        _A.NOT_READY: Move((_A.NOT_READY,)),
        _A.READY: Move((_A.NOT_READY,)),
        _A.OFFERED: Move((_A.OFFERED,)),
        _A.TALKING: Move((_A.TALKING,)),
        # Ends a wrap-up that lasts until the agent is done: what comes next has been said.
        _A.WRAP_UP: Move((_A.WRAP_UP, _A.NOT_READY)),
    },
    AgentEvent.EXTEND_WRAP_UP: {
        **dict.fromkeys(AgentState, Drop("is not in wrap-up")),
        _A.WRAP_UP: Move((_A.WRAP_UP,)),
    },
    AgentEvent.PHONE_CHANGED: {**_stays(), _A.READY: Move((_A.READY, _A.OFFERED))},
    AgentEvent.ADOPT_AGENT: {
        _A.LOGGED_OUT: Move((*_RESTING, _A.WRAP_UP, _A.OFFERED)),
        _A.NOT_READY: Move((*_RESTING, _A.WRAP_UP, _A.OFFERED)),
        _A.READY: Move((*_RESTING, _A.WRAP_UP, _A.OFFERED)),
        _A.OFFERED: Move((_A.OFFERED,)),
        _A.TALKING: Move((_A.TALKING,)),
        _A.WRAP_UP: Move((_A.WRAP_UP,)),
    },
    AgentEvent.ADOPT_TALK: {
        **{state: Move((_A.TALKING,)) for state in AgentState},
        _A.TALKING: Drop("talks with another call"),
    },
    AgentEvent.WRAP_UP_OVER: {
        **dict.fromkeys(AgentState, NO_TIMER),
        _A.WRAP_UP: Move((_A.READY, _A.NOT_READY, _A.OFFERED)),
    },
    AgentEvent.PAUSE_OVER: {
        **_stays(),
        _A.READY: Move((_A.READY, _A.OFFERED)),
        _A.OFFERED: Drop("cannot come here: nobody is rung in a pause"),
    },
    AgentEvent.CHOSEN: {
        **dict.fromkeys(AgentState, NEVER),
        _A.READY: Move((_A.OFFERED,)),
    },
    AgentEvent.LEG_OVER: {
        **dict.fromkeys(AgentState, NEVER),
        _A.OFFERED: Move(_RESTING),
    },
    AgentEvent.CONNECTED: {
        **{state: Move((_A.TALKING,)) for state in AgentState},
        _A.TALKING: NEVER,
    },
    AgentEvent.TALK_OVER: {
        **dict.fromkeys(AgentState, NEVER),
        _A.TALKING: Move((*_RESTING, _A.WRAP_UP)),
    },
}
