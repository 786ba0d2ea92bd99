"""The channel variables, contexts and events that the engine and ``dialplan/`` both know.

A restarted engine reads the caller's place back from these, so each is set before it is needed.
"""

from __future__ import annotations

from enum import StrEnum


class Variable(StrEnum):
    LANG = "CC_LANG"
    PHASE = "CC_PHASE"
    """Where the call is: ``flow``, ``queued``, ``offered``, ``fallback``."""
    FLOW_STATE = "CC_FLOW_STATE"
    """The flow's saved state (JSON in base64), as of its last wait."""
    QUEUE = "CC_QUEUE"
    QUEUED_AT = "CC_QUEUED_AT"
    DONE = "CC_DONE"
    """1: the engine is through with the call; the dialplan may hang up."""
    SERVED = "CC_SERVED"
    """1: an agent was really connected (set by the agent's leg)."""
    TALKING = "CC_TALKING"
    """1 from the answer on; the engine clears it when it has seen the talk's end."""
    TRANSFERRED = "CC_TRANSFERRED"
    """1 from the moment that somebody whom the flow rang has answered."""
    ROOM_RESULT = "CONFBRIDGE_RESULT"
    """How a stay in a conference room ended."""
    DIALSTATUS = "DIALSTATUS"
    HANGUP_CAUSE = "HANGUPCAUSE"
    """After Dial: why the last leg ended (ITU-T Q.850)."""
    DIALED_PEER = "DIALEDPEERNUMBER"
    """The phone that answered, when no event told."""


CALL_REJECTED = "21"
"""A hangup cause: the phone said 603 Decline."""

LEASE = "TIMEOUT(absolute)"
"""Asterisk takes the caller back from a hung engine when this many seconds have passed."""

ON_OFFER = "cc-offer^headers^1"
ON_CONNECT = "cc-connect"

EVENT_CONNECTED = "CcConnected"
EVENT_TRANSFERRED = "CcTransferred"
EVENT_ENDED = "CcEnded"
EVENT_FALLBACK = "CcFallback"
EVENT_CUSTOMER = "CcCustomer"
"""What became of calling a customer back, when the agent was there first."""
