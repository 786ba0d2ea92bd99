"""One choice of the ACD, put so that it can be printed, sent and compared.

Values only: numbers, words and lists, so that ``as_json`` needs nothing but itself. ``why`` and
``why_behind`` are codes for programs and translations; ``because`` says the same in English.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ccengine.acd.inputs import PhoneState
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import AgentState


class Why(StrEnum):
    """The one reason why an agent was chosen, or was not: the first that holds, in this order."""

    CHOSEN = "chosen"
    LOGGED_OUT = "logged_out"
    NOT_READY = "not_ready"
    BUSY = "busy"  # offered, talking or in wrap-up
    PHONE = "phone"  # unreachable, or busy with something of its own
    PAUSED = "paused"  # its phone could not be reached a moment ago
    NOT_PREFERRED = "not_preferred"  # the call waits for another agent alone (sticky)
    LACKS_SKILL = "lacks_skill"
    LEVEL_NOT_OPEN = "level_not_open"
    TRIED = "tried"  # rung in vain for this call, and there is somebody else or a pause runs
    HIGHER_LEVEL = "higher_level"  # somebody of a lower preference level is free
    BEHIND = "behind"  # the strategy put somebody before it


class WhyBehind(StrEnum):
    """Why another call was not the one that a free agent got."""

    CHOSEN = "chosen"
    TRIED = "tried"  # this agent was rung in vain for it
    NEEDS_OTHER = "needs_other"  # skill, preference level or a certain agent
    WEIGHT = "weight"
    STANDING = "standing"
    CAME_LATER = "came_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTerms:
    """One agent of the queue at the moment of the choice."""

    agent_id: AgentId
    why: Why
    because: str
    state: AgentState
    reason: str
    call_id: CallId | None
    """That holds it."""
    phone: PhoneState
    paused: bool
    skills: dict[str, int]
    """Its levels of the skills that the call needs; 0: it has not."""
    skill_sum: int
    """What most skilled first goes by."""
    level: int
    """Preference level."""
    share: int
    place: int
    """In the site file's order of the queue, from 1."""
    answered: int
    """Calls of this queue."""
    last_talk_ended_at: float | None
    """In any queue; None: it has never talked."""
    tried_until: float | None
    """Rung in vain for this call, and not again before this moment unless there is nobody else."""
    rank: int | None
    """From 1, in the strategy's order of those who could be rung; None: it has no rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTerms:
    """A call and what its place is made of."""

    call_id: CallId
    queue: QueueId
    why_behind: WhyBehind
    because: str
    requires: tuple[str, ...]
    """Each as ``skill:level``."""
    levels_to: int | None
    """Highest preference level that has opened; None: all."""
    only: AgentId | None
    """Sticky: the one agent it waits for."""
    weight: int
    head_start_s: float
    ageing: float
    waited_s: float
    standing_s: float
    """Head start + ageing x seconds waited."""
    queued_at: float
    entry: int
    """Number of its entry: the last term of the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why these agents are rung for this call, and nobody else, and no other call."""

    at: float
    rules: str
    """Version of the site file."""
    offer_id: OfferId
    queue: QueueId
    strategy: str
    chosen: tuple[AgentId, ...]
    call: CallTerms
    position: int
    """In its queue, from 1."""
    freed: AgentId | None
    """The agent who became free and looked for a call; None: the call looked for an agent."""
    agents: tuple[AgentTerms, ...]
    """All of the queue, the chosen first, then by rank, then in the site file's order."""
    calls: tuple[CallTerms, ...]
    """When an agent looked: the call it got and the heads of what else waits in its queues."""

    def as_json(self) -> dict[str, Any]:
        """Nothing but dicts, lists, numbers and words."""
        return asdict(self)
