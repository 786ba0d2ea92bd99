"""A customer who is called back: the call that we make, until both sides are there.

Its channel comes into being when its turn has come and ends like any other call's. *Caller first*:
the customer's own leg; it is answered before the engine holds it. *Agent first*: one half of a
Local channel; the other half is sent to the customer when the agent is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from ccengine.acd.rules import CallbackFirst
from ccengine.ids import AgentId, OfferId
from ccengine.journal.facts import CallbackResult

OUT = "cc-out-"
"""How the channel ids begin that we give to legs to customers."""


@dataclass(slots=True, kw_only=True)
class CallOut:
    """Kept with the live call for as long as it lives."""

    first: CallbackFirst
    ring_s: float
    reached: bool = False
    """The customer is on the line: from now on it is a call like any other."""
    agent_there: tuple[OfferId, AgentId] | None = None
    """Agent first: who waits while the customer's phone rings."""
    result: CallbackResult = CallbackResult.FAILED
    """Why the customer was not reached, as far as it is known."""
    given_up: bool = False
    """The agent did not take it: no attempt was made, and nothing is to be told of one."""


_CAUSES = {
    17: CallbackResult.BUSY,
    18: CallbackResult.NO_ANSWER,
    19: CallbackResult.NO_ANSWER,
    16: CallbackResult.NO_ANSWER,  # our own ring timeout ends the leg normally
    127: CallbackResult.NO_ANSWER,
}
_STATUSES = {
    "BUSY": CallbackResult.BUSY,
    "NOANSWER": CallbackResult.NO_ANSWER,
    "CANCEL": CallbackResult.NO_AGENT,
}


def result_of_cause(cause: int) -> CallbackResult:
    """Of the Q.850 cause with which the customer's leg ended (Asterisk: Hangup Cause Mappings)."""
    return _CAUSES.get(cause, CallbackResult.FAILED)


def result_of_status(status: str) -> CallbackResult:
    """Of Dial's result (Asterisk: Application_Dial, DIALSTATUS). Cancelled: the agent hung up."""
    return _STATUSES.get(status, CallbackResult.FAILED)
