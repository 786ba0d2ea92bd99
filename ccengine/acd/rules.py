"""What the ACD must know of the site: queues, agents, strategies. Made from the site file."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    queue: QueueId
    strategy: Strategy
    agents: tuple[AgentId, ...]
    """In the site file's order, which is the order of both round robins."""
    ring_timeout_s: float = 15.0
    wrap_up_s: float = 0.0
    max_wait_s: float | None = None
    missed_offers_to_not_ready: int = 3
    """After so many missed offers in a row an agent is set not ready; 0: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcdRules:
    queues: dict[QueueId, QueueRules] = field(default_factory=dict)
    seed: int = 0
    """Of the random strategy, so that a run can be replayed."""
