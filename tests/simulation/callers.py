"""What the simulated Asterisk knows of one caller and of the phones rung for it; and the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from ccengine.ids import AgentId, CallId, OfferId

if TYPE_CHECKING:
    from tests.simulation.agi import SimChannel


class Where(StrEnum):
    """Where in the dialplan the caller's channel is."""

    ENGINE = "engine"  # inside AGI
    MUSIC = "music"  # the dialplan waits before it tries the engine again
    FALLBACK = "fallback"
    GONE = "gone"


@dataclass(slots=True, eq=False)
class Leg:
    """An agent's phone, rung for a caller."""

    agent_id: AgentId
    channel: str
    uniqueid: str
    rang: bool = False
    answered: bool = False
    over: bool = False


@dataclass(slots=True, eq=False)
class Dial:
    """One Dial on the caller's channel, from its first ring to its return."""

    offer_id: OfferId
    began_at: float
    legs: list[Leg] = field(default_factory=list)
    joined: Leg | None = None
    """The phone that answered."""
    connected: bool = False
    """They hear each other."""
    status: str = "NOANSWER"
    over: bool = False


@dataclass(slots=True)
class Talk:
    """The truth of a conversation."""

    agent_id: AgentId
    offer_id: OfferId
    began_at: float
    ended_at: float | None = None


@dataclass(slots=True, eq=False)
class Caller:
    call_id: CallId
    uniqueid: str
    channel: str
    dnis: str
    ani: str
    queue: str
    head_start_s: float
    arrived_at: float
    arrived_wall: float
    """By the machine's clock, which may be set."""
    patience_s: float
    talk_s: float
    hangs_up_first: bool

    where: Where = Where.MUSIC
    agi: SimChannel | None = None
    variables: dict[str, str] = field(default_factory=dict)
    lease_until: float | None = None
    lease_watched_until: float = float("inf")
    dial: Dial | None = None
    tries: int = 0
    tried_at: float = 0.0
    lost_at: float = 0.0
    hung: int = 0
    lease_s: float = 5.0
    end: str = ""
    """The dialplan's own word for how it ended the call."""
    account_end: str = ""

    # The truth, and what the checks remember.
    talks: list[Talk] = field(default_factory=list)
    ended_at: float | None = None
    queued_at: float | None = None
    """When it began to wait for an agent, as first told to an engine."""
    standing: float = 0.0
    """Its place in the order: entry less head start."""
    waits_since: float = 0.0
    """Since when the engine of now knows it to wait and nobody is rung for it."""
    joined: bool = False
    fell_back: bool = False
    rung_in_vain: dict[str, float] = field(default_factory=dict)
    outlived: bool = False
    """An engine fell while this call was up."""
    hurt: bool = False
    """A fall cost facts of this call that were not written yet."""
    held_since: float = 0.0

    @property
    def talking(self) -> bool:
        return self.dial is not None and self.dial.connected and not self.dial.over
