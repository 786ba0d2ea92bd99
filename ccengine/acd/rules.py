"""What the ACD must know of the site: queues, agents, skills, strategies. Made from the site file.

All times are seconds. Every rule here can be written in the site file (``ccengine.site.model``),
where it has its default and its explanation for engineers; ``docs/acd.md`` says what follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ccengine.ids import AgentId, QueueId


class Strategy(StrEnum):
    """How a queue picks among its available agents."""

    RING_ALL = "ring_all"
    ROUND_ROBIN = "round_robin"
    LEAST_RECENT = "least_recent"
    FEWEST_CALLS = "fewest_calls"
    RANDOM = "random"
    ROUND_ROBIN_MEMORY = "round_robin_memory"
    LINEAR = "linear"
    WEIGHTED_RANDOM = "weighted_random"
    MOST_SKILLED = "most_skilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillRequirement:
    """An agent must have this skill at this level (1 to 10) or above."""

    skill: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """After so many seconds in line this level of the skill is enough; 0: it is not asked for."""

    after_s: float
    skill: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """After so many seconds in line agents up to this preference level are rung too."""

    after_s: float
    level: int


class Empty(StrEnum):
    """When a queue counts as empty, for those who come and for those who wait."""

    NEVER = "never"
    LOGGED_OUT = "logged_out"  # none of its agents is logged in
    NOT_READY = "not_ready"  # none of its agents takes calls or is busy with one


class OverflowMeasure(StrEnum):
    """What an overflow rule looks at. Numbers of agents fire at or below, all others at or above.

    Seconds: ``waited`` (this call), ``longest_wait`` (of the queue's calls), ``expected_wait``
    (this call's, unknown never fires). Counts: ``position`` (this call's), ``agents_ready``,
    ``agents_logged_in`` (of the queue).
    """

    WAITED = "waited"
    LONGEST_WAIT = "longest_wait"
    EXPECTED_WAIT = "expected_wait"
    POSITION = "position"
    AGENTS_READY = "agents_ready"
    AGENTS_LOGGED_IN = "agents_logged_in"


class OverflowAction(StrEnum):
    """What an overflow rule does with the call."""

    WIDEN = "widen"  # all skills dropped, all preference levels open; it stays in line
    QUEUE = "queue"  # to another queue (target), with the wait it has had
    BRANCH = "branch"  # out of the queue, to the enqueue step's way of this name (target)
    VOICEMAIL = "voicemail"  # out of the queue, to leave a message
    CALLBACK = "callback"  # the caller is asked whether it wants to be called back
    ANNOUNCE = "announce"  # a message (target) is played; it stays in line


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowRule:
    """Fires at most once for each call and stay in the queue; in the order of the site file."""

    name: str
    measure: OverflowMeasure
    limit: float
    action: OverflowAction
    target: str = ""


class CallbackFirst(StrEnum):
    """Whose phone rings first when a callback's turn has come."""

    AGENT = "agent"
    CALLER = "caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRules:
    """Callbacks of one queue."""

    attempts: int = 3
    retry_after_s: float = 600.0
    """From a failed attempt to the next."""
    ring_s: float = 30.0
    """So long the customer's phone rings."""
    expires_after_s: float = 86_400.0
    """Given up so long after it was asked for, or after the moment chosen."""


class WrapUpMode(StrEnum):
    FIXED = "fixed"  # ends by itself after the queue's seconds
    UNTIL_DONE = "until_done"  # ends when the agent says so


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    queue: QueueId
    strategy: Strategy
    agents: tuple[AgentId, ...]
    """In the site file's order, which is the order of linear and of both round robins."""
    levels: Mapping[AgentId, int] = field(default_factory=dict)
    """Preference level of an agent in this queue; not listed: 0, rung first."""
    shares: Mapping[AgentId, int] = field(default_factory=dict)
    """For weighted random: how many times as often as an agent of share 1 (the default)."""
    ring_timeout_s: float = 15.0
    wrap_up_s: float = 0.0
    wrap_up_mode: WrapUpMode = WrapUpMode.FIXED
    wrap_up_extension_s: float = 0.0
    """Seconds an agent may add to a fixed wrap-up at a time; 0: none."""
    wrap_up_extensions: int = 0
    """How often in one wrap-up."""
    max_wait_s: float | None = None
    missed_offers_to_not_ready: int = 3
    """After so many missed offers in a row an agent is set not ready; 0: never."""
    retry_pause_s: float = 10.0
    """Before an agent is rung again for a call it did not take, when there is nobody else."""
    weight: int = 0
    """Calls of a queue of higher weight go before all calls of lower ones, however long those
    have waited. First term of the order over all queues; mostly a head start is better."""
    head_start_s: float = 0.0
    """Added to the head start of each of its calls."""
    skills: tuple[SkillRequirement, ...] = ()
    """What each of its calls needs, with what the flow asks for (the higher level wins)."""
    relax: tuple[Relaxation, ...] = ()
    widen: tuple[Widening, ...] = ()
    """Empty: agents of all levels may be rung at once, those of lower level first. Else only
    level 0 at the beginning, and then up to what has opened."""
    sticky_s: float = 0.0
    """So long a call waits for the agent who last served its customer, if that one is at work."""
    max_calls: int | None = None
    """In line, offered ones included; a call that finds so many is let go as ``queue_full``."""
    join_when_empty: Empty = Empty.NEVER
    """A call that finds the queue empty in this sense is let go as ``no_agents``."""
    leave_when_empty: Empty = Empty.NEVER
    """Calls in a queue that becomes empty in this sense are let go as ``no_agents``."""
    leave_when_closed: bool = False
    """Waiting calls are let go as ``closed`` at closing time; else only new ones are."""
    overflow: tuple[OverflowRule, ...] = ()
    callback: CallbackRules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcdRules:
    queues: Mapping[QueueId, QueueRules] = field(default_factory=dict)
    skills: Mapping[AgentId, Mapping[str, int]] = field(default_factory=dict)
    """Each agent's skills with their levels, 1 to 10."""
    seed: int = 0
    """Of the random strategies, so that a run can be replayed."""
    version: str = ""
    """Which site file this is, as ``why`` names it: a digest of its text."""


def personal_queue(agent_id: AgentId) -> QueueId:
    """The queue of calls for this one agent, made from the site's ``personal_queues``."""
    return QueueId(f"personal_{agent_id}")
