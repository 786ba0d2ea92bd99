"""One queue: its calls in serving order, its free agents in the strategy's order."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from random import Random
from typing import NamedTuple

from ccengine.acd.crowd import Crowd
from ccengine.acd.needs import NO_SKILLS, Need, Schedule, Skills, has_skills, schedule
from ccengine.acd.order import Calls, Place
from ccengine.acd.pool import Member, Pool
from ccengine.acd.rules import QueueRules, SkillRequirement
from ccengine.acd.strategies import PLANS
from ccengine.acd.strategies.plan import Turn
from ccengine.ids import AgentId, CallId, QueueId

RECENT_CALLS = 20
RECENT_S = 3600.0
"""The expected wait looks at so many last talks at most, none older than this."""

KEPT = 64
"""So many sets of skills, and schedules of needs, are kept ready for a queue. Flows can ask for
any set; the oldest is dropped and made anew when it is asked for again."""

AgentSkills = Mapping[AgentId, Mapping[str, int]]
NOBODYS: AgentSkills = {}


class Choice(NamedTuple):
    """Whom to ring; nobody, if nobody can be rung now."""

    agents: tuple[AgentId, ...] = ()
    candidates: int = 0
    """How many could have been rung."""
    again: bool = False
    """All who could be rung had been tried: they are rung once more."""


NOBODY = Choice()


class Line:
    """What costs O(log n) here: a call that comes or goes, an agent who becomes free, a choice."""

    def __init__(self, rules: QueueRules, skills: AgentSkills = NOBODYS) -> None:
        self.calls = Calls()
        self.crowd = Crowd()
        self.working = 0
        """Agents of this queue who take calls or are busy with one."""
        self.rang_last: dict[int, int] = {}
        self.answered_last: dict[int, int] = {}
        """The turns of the round robins: by preference level, a place in the site's order."""
        self._answered_offer = 0
        self._ended: deque[float] = deque(maxlen=RECENT_CALLS)
        self._busy: deque[float] = deque(maxlen=RECENT_CALLS)
        """Of the last talks: when each was over, and how long it kept its agent busy."""
        self._seat(rules, skills)

    @property
    def queue(self) -> QueueId:
        return self.rules.queue

    def _seat(self, rules: QueueRules, skills: AgentSkills) -> None:
        self.rules = rules
        self.plan = PLANS[rules.strategy]
        self.members = {
            agent: Member(
                place,
                rules.levels.get(agent, 0),
                rules.shares.get(agent, 1),
                skills.get(agent, NO_SKILLS),
            )
            for place, agent in enumerate(rules.agents)
        }
        self._free: dict[AgentId, tuple[int, float]] = {}
        self._pools: dict[Skills, Pool] = {}
        self._schedules: dict[tuple[SkillRequirement, ...], Schedule] = {}

    def replace(self, rules: QueueRules, skills: AgentSkills = NOBODYS) -> None:
        """New rules; calls and the turns stay. No agent may be listed free.

        What the calls need has to be looked up anew (``relax.begin``).
        """
        old = self.rules.agents
        self._seat(rules, skills)
        for turns in (self.rang_last, self.answered_last):
            kept = {level: self._nearest(old, place) for level, place in turns.items()}
            turns.clear()
            turns.update(kept)

    def _nearest(self, old: tuple[AgentId, ...], place: int) -> int:
        """Whose turn it was: the nearest one up to the old place who is still there."""
        still = (
            self.members[agent] for agent in reversed(old[: place + 1]) if agent in self.members
        )
        nearest = next(still, None)
        return -1 if nearest is None else nearest.place

    # -- calls

    def enter(self, place: Place, need: Need) -> None:
        """It stands in line and waits."""
        self.calls.enter(place)
        self.calls.wait(place, need)

    def leave(self, place: Place, need: Need) -> None:
        """The call is no longer in line."""
        self.calls.leave(place)
        self.calls.hold(place, need)

    def hold(self, place: Place, need: Need) -> None:
        """Somebody is rung for it now."""
        self.calls.hold(place, need)

    def give_back(self, place: Place, need: Need) -> None:
        """The offer came to nothing: it waits again, at its old place."""
        self.calls.wait(place, need)

    def position(self, place: Place, now: float) -> int:
        """1 for the call that is served next."""
        return self.calls.position(place, now)

    # -- needs

    def schedule(self, requires: tuple[SkillRequirement, ...]) -> Schedule:
        """What a call needs here in the course of its wait, with what its flow asks for."""
        known = self._schedules.get(requires)
        if known is None:
            _make_room(self._schedules)
            known = self._schedules[requires] = schedule(self.rules, requires)
        return known

    def suits(self, agent_id: AgentId, need: Need) -> bool:
        """Whether this agent of the queue can do what is needed and may be rung for it by now."""
        if need.only is not None:
            return need.only == agent_id
        if not need.skills and need.level is None:
            return True
        member = self.members[agent_id]
        return (need.level is None or member.level <= need.level) and has_skills(
            member.skills, need.skills
        )

    # -- free agents

    def list_free(self, agent_id: AgentId, *, answered: int, last_end: float) -> None:
        self._free[agent_id] = (answered, last_end)
        member = self.members[agent_id]
        for pool in self._pools.values():
            pool.add(agent_id, member, answered, last_end)

    def unlist(self, agent_id: AgentId) -> None:
        del self._free[agent_id]
        for pool in self._pools.values():
            pool.remove(agent_id)

    @property
    def has_free(self) -> bool:
        return bool(self._free)

    @property
    def free(self) -> frozenset[AgentId]:
        return frozenset(self._free)

    def pool(self, skills: Skills) -> Pool:
        """The free agents who have these skills. Made when first asked for, then kept true."""
        pool = self._pools.get(skills)
        if pool is None:
            _make_room(self._pools)
            pool = self._pools[skills] = Pool(self.plan, skills)
            for agent_id, (answered, last_end) in self._free.items():
                pool.add(agent_id, self.members[agent_id], answered, last_end)
        return pool

    def choose(
        self, need: Need, tried: Mapping[AgentId, float], dice: Random, now: float
    ) -> Choice:
        """Who is rung for this call: among those not tried for it, else those whose pause is over.

        ``tried`` says from when on they may be rung again.
        """
        if not self._free:
            return NOBODY
        if need.only is not None:
            may = need.only in self._free and tried.get(need.only, now) <= now
            return Choice((need.only,), 1, need.only in tried) if may else NOBODY
        pool = self.pool(need.skills)
        turn = Turn(self.rang_last, self.answered_last, dice)
        agents = self.rules.agents
        if places := pool.choose(need.level, tried, turn):
            chosen = tuple(agents[place] for place in places)
            return Choice(chosen, pool.could(need.level, tried))
        if places := pool.again(need.level, tried, now) if tried else ():
            candidates = len(places)
            chosen = tuple(agents[place] for place in places)
            return Choice(chosen if self.plan.rings_all else chosen[:1], candidates, again=True)
        return NOBODY

    # -- turns

    def rang(self, agent_id: AgentId) -> None:
        """An offer to this agent is decided."""
        member = self.members[agent_id]
        self.rang_last[member.level] = member.place

    def answered(self, agent_id: AgentId, offer: int) -> None:
        """This agent answered the offer of this number; numbers grow with each offer decided."""
        member = self.members.get(agent_id)
        if member is not None and offer > self._answered_offer:
            self._answered_offer = offer
            self.answered_last[member.level] = member.place

    def take_turns(self, rang_last: AgentId | None, answered_last: AgentId | None) -> None:
        """Whose turn it was when the journal last saw the queue; for their preference levels."""
        for turns, agent_id in ((self.rang_last, rang_last), (self.answered_last, answered_last)):
            member = None if agent_id is None else self.members.get(agent_id)
            if member is not None:
                turns[member.level] = member.place

    # -- expected wait

    def handled(self, at: float, seconds: float) -> None:
        """A talk is over that kept its agent busy for so long, wrap-up included."""
        self._ended.append(at)
        self._busy.append(seconds)

    def expected_wait(self, place: Place, now: float) -> float | None:
        """Position x mean busy time per call / agents at work, over the last talks of this queue.

        None when it cannot be told: nobody at work, or no talk within the last hour. It is the
        plain formula: it knows neither of calls that the same agents take from other queues nor
        of the time of day. Position 3, calls that take 120 s, 4 agents: 90 s.
        """
        if not self._ended or self.working == 0:
            return None
        busy: Collection[float] = self._busy
        if now - min(self._ended) > RECENT_S:
            talks = zip(self._ended, self._busy, strict=True)
            busy = [seconds for at, seconds in talks if now - at <= RECENT_S]
            if not busy:
                return None
        return self.position(place, now) * (sum(busy) / len(busy)) / self.working

    def call_ids(self, now: float) -> tuple[CallId, ...]:
        """All in line, in serving order."""
        return tuple(place.call_id for place in self.calls.in_order(now))


def _make_room(kept: dict[Skills, Pool] | dict[tuple[SkillRequirement, ...], Schedule]) -> None:
    if len(kept) >= KEPT:
        del kept[next(iter(kept))]  # type: ignore[arg-type]
