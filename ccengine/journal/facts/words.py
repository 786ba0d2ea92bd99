"""The words of facts: how things begin, end and stand. Each is written so in the journal."""

from __future__ import annotations

from enum import StrEnum


class AbandonReason(StrEnum):
    """Why a caller left a queue without an agent."""

    HUNG_UP = "hung_up"
    EXIT_KEY = "exit_key"
    TIMED_OUT = "timed_out"
    NO_AGENTS = "no_agents"
    QUEUE_FULL = "queue_full"
    CLOSED = "closed"
    OVERFLOW = "overflow"  # a rule led it out of the queue
    ENGINE_LOST = "engine_lost"


class OfferResult(StrEnum):
    """How one leg of an offer ended without a conversation."""

    MISSED = "missed"  # rang out
    REFUSED = "refused"  # the agent pressed reject
    UNREACHABLE = "unreachable"  # no phone, congestion, transport failure
    WITHDRAWN = "withdrawn"  # the caller left, or another agent was quicker


class AgentState(StrEnum):
    LOGGED_OUT = "logged_out"
    NOT_READY = "not_ready"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"


class Outcome(StrEnum):
    """The final outcome of a call; each call has exactly one."""

    ANSWERED = "answered"  # an agent talked with the caller
    ABANDONED = "abandoned"  # the caller left a queue before that
    SELF_SERVED = "self_served"  # ended in the flow as the flow meant it
    LEFT_IN_FLOW = "left_in_flow"  # hung up in the flow before reaching its end, or at once
    FALLBACK = "fallback"  # the dialplan's own fallback took it, without the engine
    CALLBACK = "callback"  # hung up to be called back
    LOST = "lost"  # Asterisk or its node went away under it
    TRANSFERRED = "transferred"  # a flow connected it with somebody who is no agent of the ACD
    NOT_REACHED = "not_reached"  # a callback that ended before its customer was on the line


class CallbackResult(StrEnum):
    """How an attempt to call a customer back ended without a talk."""

    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"  # no way to that number, or the trunk refused
    NO_AGENT = "no_agent"  # the agent who was to talk did not take it


class CallbackEnd(StrEnum):
    CONNECTED = "connected"
    GAVE_UP = "gave_up"  # all attempts made
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class HangupBy(StrEnum):
    CALLER = "caller"
    AGENT = "agent"
    SYSTEM = "system"
    UNKNOWN = "unknown"
