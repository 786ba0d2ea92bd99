"""The free agents of one queue who can do what certain calls need, in the strategy's order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import NamedTuple

from ccengine.acd.needs import NO_SKILLS, Skills, has_skills, skill_sum
from ccengine.acd.strategies.plan import Free, Plan, Rank, Standing, Turn
from ccengine.ids import AgentId


class Member(NamedTuple):
    """An agent as the rules seat it in a queue."""

    place: int
    level: int
    share: int
    skills: Mapping[str, int] = NO_SKILLS


class Pool:
    """Adding, removing and choosing cost O(log n) steps, and one for each agent already tried."""

    def __init__(self, plan: Plan, skills: Skills) -> None:
        self.plan = plan
        self.skills = skills
        self._ranks: list[Rank] = []
        self._rank_of: dict[AgentId, Rank] = {}

    def __len__(self) -> int:
        return len(self._ranks)

    def __contains__(self, agent_id: AgentId) -> bool:
        return agent_id in self._rank_of

    def add(self, agent_id: AgentId, member: Member, answered: int, last_end: float) -> None:
        """It is free. Passed over if it lacks a skill."""
        if not has_skills(member.skills, self.skills):
            return
        rank = self.plan.rank(
            Standing(
                member.level,
                member.place,
                member.share,
                answered,
                last_end,
                skill_sum(member.skills, self.skills),
            )
        )
        self._rank_of[agent_id] = rank
        insort(self._ranks, rank)

    def remove(self, agent_id: AgentId) -> None:
        rank = self._rank_of.pop(agent_id, None)
        if rank is not None:
            del self._ranks[bisect_left(self._ranks, rank)]

    def rank(self, agent_id: AgentId) -> Rank:
        return self._rank_of[agent_id]

    def places(self) -> list[int]:
        """All, in rank order."""
        return [int(rank[-1]) for rank in self._ranks]

    def could(self, level: int | None, tried: Mapping[AgentId, float]) -> int:
        """How many there are up to this preference level, without those tried."""
        end = self._end(level)
        return end - len(self._tried(tried, 0, end))

    def choose(
        self, level: int | None, tried: Mapping[AgentId, float], turn: Turn
    ) -> tuple[int, ...]:
        """The places of those to ring, from the lowest preference level with one not yet tried."""
        begin, last = 0, self._end(level)
        while begin < last:
            end = bisect_left(self._ranks, (self._ranks[begin][0] + 1,), begin)
            passed = self._tried(tried, begin, end) if tried else ()
            if len(passed) < end - begin:
                free = Free(self._ranks, begin, end, passed)
                if self.plan.rings_all:
                    skipped = set(passed)
                    return tuple(
                        int(self._ranks[at][-1]) for at in range(begin, end) if at not in skipped
                    )
                return (int(self.plan.pick(free, turn)[-1]),)
            begin = end
        return ()

    def again(
        self, level: int | None, tried: Mapping[AgentId, float], now: float
    ) -> tuple[int, ...]:
        """All have been tried: those whose pause is over, the one rung longest ago first.

        Only of the lowest preference level that has one.
        """
        over = sorted(
            (rank[0], again_at, rank)
            for agent_id, again_at in tried.items()
            if again_at <= now
            and (rank := self._rank_of.get(agent_id)) is not None
            and (level is None or rank[0] <= level)
        )
        return tuple(int(rank[-1]) for lowest, _, rank in over if lowest == over[0][0])

    def _end(self, level: int | None) -> int:
        return len(self._ranks) if level is None else bisect_left(self._ranks, (level + 1,))

    def _tried(self, tried: Mapping[AgentId, float], begin: int, end: int) -> list[int]:
        """Their indices between these two, in order."""
        at = sorted(
            bisect_left(self._ranks, rank)
            for agent_id in tried
            if (rank := self._rank_of.get(agent_id)) is not None
        )
        return [index for index in at if begin <= index < end]
