"""What a waiting call has been through in its queue before the engine fell, from its story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ccengine.ids import AgentId, QueueId
from ccengine.journal.facts import CallOverflowed, CallQueued, Fact, OfferEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class StayBefore:
    tried: Mapping[AgentId, float] = field(default_factory=dict)
    """Agents already rung in vain, and from when they may be rung again for it."""
    spent: tuple[str, ...] = ()
    """Overflow rules that have fired in this stay."""
    been_in: tuple[QueueId, ...] = ()
    """Queues it was moved out of."""


def stay_before(story: Iterable[Fact], queue: QueueId, retry_pause_s: float) -> StayBefore:
    """``story``: the call's facts, oldest first. What it went through in other visits is over."""
    tried: dict[AgentId, float] = {}
    spent: list[str] = []
    been_in: list[QueueId] = []
    for fact in story:
        match fact:
            case CallQueued(moved_from=moved_from):
                spent.clear()
                if moved_from is None:
                    tried.clear()
                    been_in.clear()
                else:
                    been_in.append(moved_from)
            case OfferEnded():
                tried[fact.agent_id] = fact.at + retry_pause_s
            case CallOverflowed() if fact.queue == queue and fact.to_queue is None:
                spent.append(fact.rule)
            case _:
                pass
    return StayBefore(tried=tried, spent=tuple(spent), been_in=tuple(been_in))
