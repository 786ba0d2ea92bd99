"""Which pops were sent, which are on a screen, and how long that took."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ccengine.clock import Clock
from ccengine.desk.pop import Pop
from ccengine.ids import AgentId, CallId, OfferId

REMEMBERED = 1_024

OnLatePop = Callable[[OfferId, AgentId, float], None]


@dataclass(slots=True, kw_only=True)
class _Sent:
    call_id: CallId
    decided_at: float
    unseen: set[AgentId]
    """Agents whose page has not said that it shows the card."""
    awaited: set[AgentId] = field(default_factory=set)
    """Those of them for whom the caller's session still holds the ring back."""
    seen: dict[AgentId, float] = field(default_factory=dict)
    over: bool = False
    all_seen: asyncio.Event = field(default_factory=asyncio.Event)


class SentPops:
    """Offers whose pop is out, newest last; the oldest is forgotten beyond ``REMEMBERED``."""

    def __init__(self, clock: Clock, on_late_pop: OnLatePop | None) -> None:
        self._clock = clock
        self._on_late_pop = on_late_pop
        self._sent: OrderedDict[OfferId, _Sent] = OrderedDict()

    def add(self, pop: Pop, awaited: set[AgentId]) -> None:
        sent = _Sent(call_id=pop.call_id, decided_at=pop.decided_at, unseen=set(pop.agents))
        sent.awaited = awaited
        self._sent[pop.offer_id] = sent
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    async def wait(self, offer_id: OfferId, deadline_s: float) -> dict[AgentId, float]:
        """Until every awaited page shows the card or is gone, at most ``deadline_s`` seconds.

        The answer holds the latency in milliseconds of each agent who sees the card by then.
        """
        sent = self._sent[offer_id]
        try:
            if sent.awaited and deadline_s > 0:
                async with asyncio.timeout(deadline_s):
                    await sent.all_seen.wait()
        except TimeoutError:
            pass  # those who have not answered ring without a card; a late answer is told apart
        finally:
            sent.over = True
        return dict(sent.seen)

    def shown(self, offer_id: OfferId, agent_id: AgentId) -> bool:
        """The page says that it shows the card. False: stale, or said before."""
        sent = self._sent.get(offer_id)
        if sent is None or agent_id not in sent.unseen:
            return False
        latency_ms = max(0.0, (self._clock.now() - sent.decided_at) * 1_000)
        sent.unseen.discard(agent_id)
        if sent.over:
            if self._on_late_pop is not None:
                self._on_late_pop(offer_id, agent_id, latency_ms)
        else:
            sent.seen[agent_id] = latency_ms
            self._settle(sent, agent_id)
        return True

    def page_gone(self, agent_id: AgentId) -> None:
        """Nobody need wait for this agent's screen; if it comes back in time it still counts."""
        for sent in self._sent.values():
            self._settle(sent, agent_id)

    def offer_ended(self, offer_id: OfferId, agent_id: AgentId) -> None:
        """The card was taken off the screen; an answer from now on says nothing."""
        if sent := self._sent.get(offer_id):
            sent.unseen.discard(agent_id)
            self._settle(sent, agent_id)

    def call_ended(self, call_id: CallId) -> None:
        for offer_id in [id_ for id_, sent in self._sent.items() if sent.call_id == call_id]:
            sent = self._sent.pop(offer_id)
            sent.all_seen.set()

    def _settle(self, sent: _Sent, agent_id: AgentId) -> None:
        if agent_id in sent.awaited:
            sent.awaited.discard(agent_id)
            if not sent.awaited:
                sent.all_seen.set()
