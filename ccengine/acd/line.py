"""One queue: its calls in serving order, its free agents in the strategy's order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from random import Random

from ccengine.acd.rules import QueueRules
from ccengine.acd.strategies import PLANS
from ccengine.acd.strategies.plan import Rank, Standing, Turn
from ccengine.ids import AgentId, CallId, QueueId

Place = tuple[float, int, CallId]
"""A call's place in serving order, the same over all queues: the moment it entered less its head
start, then the number of its entry. The smallest is served first."""

RECENT_CALLS = 20
RECENT_S = 3600.0
"""The expected wait looks at so many last talks at most, none older than this."""


class Line:
    """Lists kept in order by bisection: adding, removing and finding a place is O(log n) steps."""

    def __init__(self, rules: QueueRules) -> None:
        self.rules = rules
        self.plan = PLANS[rules.strategy]
        self.agent_places = {agent: place for place, agent in enumerate(rules.agents)}
        self.calls: list[Place] = []
        """All that are in line: waiting, or offered to somebody."""
        self.waiting: list[Place] = []
        """Those that nobody is rung for."""
        self.working = 0
        """Agents of this queue who take calls or are busy with one."""
        self.rang_last: AgentId | None = None
        self._free: list[Rank] = []
        self._ranks: dict[AgentId, Rank] = {}
        self._handled: deque[tuple[float, float]] = deque(maxlen=RECENT_CALLS)

    @property
    def queue(self) -> QueueId:
        return self.rules.queue

    def replace(self, rules: QueueRules) -> None:
        """New rules; calls and the turn of the round robin stay. No agent may be listed free."""
        self.rang_last = self._successor_base(rules)
        self.rules = rules
        self.plan = PLANS[rules.strategy]
        self.agent_places = {agent: place for place, agent in enumerate(rules.agents)}

    def _successor_base(self, rules: QueueRules) -> AgentId | None:
        """Who counts as rung last: the nearest one up to the old one who is still there."""
        if self.rang_last is None or self.rang_last not in self.agent_places:
            return None
        kept = set(rules.agents)
        until = self.agent_places[self.rang_last] + 1
        return next((a for a in reversed(self.rules.agents[:until]) if a in kept), None)

    # -- calls

    def enter(self, place: Place) -> None:
        insort(self.calls, place)
        insort(self.waiting, place)

    def leave(self, place: Place) -> None:
        """The call is no longer in line."""
        _take(self.calls, place)
        _take(self.waiting, place)

    def hold(self, place: Place) -> None:
        """Somebody is rung for it now."""
        _take(self.waiting, place)

    def give_back(self, place: Place) -> None:
        """The offer came to nothing: it waits again, at its old place."""
        insort(self.waiting, place)

    def position(self, place: Place) -> int:
        """1 for the call that is served next."""
        return bisect_left(self.calls, place) + 1

    # -- free agents

    def list_free(self, agent_id: AgentId, *, answered: int, last_end: float) -> None:
        standing = Standing(
            place=self.agent_places[agent_id], answered=answered, last_call_ended_at=last_end
        )
        rank = self.plan.rank(standing)
        self._ranks[agent_id] = rank
        insort(self._free, rank)

    def unlist(self, agent_id: AgentId) -> None:
        rank = self._ranks.pop(agent_id)
        del self._free[bisect_left(self._free, rank)]

    def choose(
        self, tried: dict[AgentId, float], rang_last: AgentId | None, dice: Random, now: float
    ) -> tuple[AgentId, ...]:
        """Who is rung for this call: among those not tried for it, else those whose pause is over.

        Empty: nobody can be rung now.
        """
        free: Sequence[Rank] = self._free
        if tried:
            agents = self.rules.agents
            fresh = [rank for rank in self._free if agents[int(rank[-1])] not in tried]
            free = fresh or [rank for rank in self._free if tried[agents[int(rank[-1])]] <= now]
        if not free:
            return ()
        turn = Turn(
            last_of_call=self._place_of(rang_last),
            last_of_queue=self._place_of(self.rang_last),
            dice=dice,
        )
        return tuple(self.rules.agents[int(rank[-1])] for rank in self.plan.pick(free, turn))

    def _place_of(self, agent_id: AgentId | None) -> int:
        return -1 if agent_id is None else self.agent_places.get(agent_id, -1)

    # -- expected wait

    def handled(self, at: float, seconds: float) -> None:
        """A talk is over that kept its agent busy for so long, wrap-up included."""
        self._handled.append((at, seconds))

    def expected_wait(self, place: Place, now: float) -> float | None:
        """Position x mean busy time per call / agents at work, over the last talks of this queue.

        None when it cannot be told: nobody at work, or no talk within the last hour. It is the
        plain formula: it knows neither of calls that the same agents take from other queues nor
        of the time of day. Position 3, calls that take 120 s, 4 agents: 90 s.
        """
        recent = [seconds for at, seconds in self._handled if now - at <= RECENT_S]
        if not recent or self.working == 0:
            return None
        return self.position(place) * (sum(recent) / len(recent)) / self.working


def _take(places: list[Place], place: Place) -> None:
    at = bisect_left(places, place)
    if at < len(places) and places[at] == place:
        del places[at]
