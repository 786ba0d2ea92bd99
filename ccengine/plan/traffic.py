"""A past period's calls and agents, as a plan needs them: what came, not what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ccengine.acd.rules import SkillRequirement
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AbandonReason, AgentState, Fact, HangupBy, OfferResult
from ccengine.plan.survival import NOTHING_SEEN, Survival


class After(StrEnum):
    """What the call had behind it when it entered a queue."""

    ARRIVAL = "arrival"
    RELEASE = "release"  # of the queue before: its flow sent it on
    TALK = "talk"  # an agent, or the flow after the talk, sent it on


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What an answered call took: the three belong together."""

    talk_s: float
    hold_s: float
    wrap_up_s: float | None
    """None: no wrap-up was seen, so the queue's own time holds."""
    by: HangupBy = HangupBy.CALLER


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStay:
    """One entry into a queue that was the caller's or the flow's doing (not an overflow rule's)."""

    queue: QueueId
    after: After
    delay_s: float
    """From the end of what was before to this entry; 0 for an arrival."""
    head_start_s: float
    requires: tuple[SkillRequirement, ...] = ()
    waited_s: float = 0.0
    """It was in line at least so long."""
    left: AbandonReason | None = None
    """How it left without an agent."""
    asked_callback: bool = False
    handling: Handling | None = None
    """None: it was not answered."""

    @property
    def gave_up(self) -> bool:
        """The caller's patience is known exactly: it ended."""
        return self.left in (AbandonReason.HUNG_UP, AbandonReason.EXIT_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    call_id: CallId
    at: float
    """It entered its first queue."""
    stays: tuple[PastStay, ...]
    customer: str = ""
    """Who calls, to find the agent who served them last; empty: unknown."""
    ani: str = ""
    ani_verified: bool = False
    vip_level: str | None = None
    """None: the journal does not say; the head start of the time is taken as it is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """An agent's own change: signs in or out, goes to a break, comes back."""

    at: float
    state: AgentState
    """Logged out, not ready or ready."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """How one offer ended at an agent's phone, after so many seconds."""

    result: OfferResult | None
    """None: answered."""
    rang_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How an agent takes offers, by what was seen of it."""

    rings: tuple[Ring, ...] = ()
    """Answered, missed, refused, unreachable: one for each leg that ended by itself."""
    answers: Survival = NOTHING_SEEN
    """Seconds to the answer; legs withdrawn meanwhile count for as long as they rang."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Moments are seconds of the engine's clock."""

    begin: float
    """So far back the facts reach: what comes before the period fills the floor, uncounted."""
    start: float
    end: float
    """Calls that entered a queue in ``[start, end)`` are counted."""
    until: float
    """So far the facts reach, so that calls can end."""
    calls: tuple[PastCall, ...]
    shifts: Mapping[AgentId, tuple[Move, ...]]
    habits: Mapping[AgentId, Habit]
    patience: Mapping[QueueId, Survival]
    any_patience: Survival
    handlings: Mapping[QueueId, tuple[Handling, ...]]
    returns_s: tuple[float, ...]
    """After how long agents came back whom missed offers had set not ready."""
    callback_share: float = 0.0
    """Callers who asked to be called back ÷ calls of the queues where anybody did."""
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    """What happened, for the row "as it was"."""

    @property
    def vips(self) -> frozenset[CallId]:
        """Calls that were VIP calls at the time."""
        return frozenset(
            call.call_id
            for call in self.calls
            if call.vip_level or (call.vip_level is None and call.stays[0].head_start_s > 0)
        )
