"""Whom the traffic meets: which agents of a site file work when, and what must be assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ccengine.acd.rules import AcdRules
from ccengine.clock import moment
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AgentState
from ccengine.plan.habits import ANYBODY
from ccengine.plan.traffic import Habit, Move, PastCall, PastStay, Traffic
from ccengine.site.acd import acd_rules
from ccengine.site.hours import is_open
from ccengine.site.model import Site
from ccengine.site.vip import head_start_s, vip_level


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A site file with the people who would have worked by it."""

    site: Site
    rules: AcdRules
    shifts: Mapping[AgentId, Sequence[Move]]
    habits: Mapping[AgentId, Habit]
    worked_like: Mapping[AgentId, AgentId]
    """Agents without a past, and whose hours they are given."""
    absent: tuple[AgentId, ...]
    """In the site file, but nobody knows when they would have worked."""
    levels: Mapping[CallId, str | None]
    """Each call's VIP level by this file; None: the journal does not know its caller."""
    before: Site
    hours: Mapping[QueueId, tuple[tuple[float, bool], ...]]
    """When queues with hours open and close; the first is how the period finds them."""

    def habit(self, agent: AgentId) -> Habit:
        known = self.habits.get(self.worked_like.get(agent, agent))
        return known or self.habits[ANYBODY]

    def head_start_s(self, call: PastCall, stay: PastStay) -> float:
        """By this file's levels; as it was at the time for a caller whom nobody knows."""
        level = self.levels[call.call_id]
        return stay.head_start_s if level is None else head_start_s(self.site, level)

    def ageing(self, call: PastCall) -> float:
        level = self.site.vip_levels.get(self.levels[call.call_id] or "")
        return level.ageing if level else 1.0

    def is_new(self, agent: AgentId) -> bool:
        return agent in self.worked_like


def cast(
    site: Site, before: Site, traffic: Traffic, like: Mapping[AgentId, AgentId] | None = None
) -> Cast:
    """``before``: the file in force, by which the traffic is understood.

    ``like``: a new agent -> the agent whose hours and habits it is given. Without it, those of
    the agent with the median time ready among the new one's queues.
    """
    rules = acd_rules(site)
    new = [AgentId(key) for key in site.agents if key not in traffic.shifts]
    given = like or {}
    worked_like: dict[AgentId, AgentId] = {}
    for agent in new:
        # An agent of the file in force who was not seen stayed away, and would have again.
        model = given.get(agent) or (
            None if agent in before.agents else _median(agent, rules, traffic)
        )
        if model is not None:
            worked_like[agent] = model
    shifts = {
        AgentId(key): traffic.shifts[worked_like.get(AgentId(key), AgentId(key))]
        for key in site.agents
        if worked_like.get(AgentId(key), AgentId(key)) in traffic.shifts
    }
    return Cast(
        site=site,
        rules=rules,
        shifts=shifts,
        habits=traffic.habits,
        worked_like=worked_like,
        absent=tuple(agent for agent in new if agent not in worked_like),
        levels={call.call_id: _level(site, before, call) for call in traffic.calls},
        before=before,
        hours=_hours(site, traffic),
    )


def _hours(site: Site, traffic: Traffic) -> dict[QueueId, tuple[tuple[float, bool], ...]]:
    changes: dict[str, tuple[tuple[float, bool], ...]] = {}
    for name in {queue.hours for queue in site.queues.values() if queue.hours}:
        found: list[tuple[float, bool]] = []
        at = traffic.begin
        while at < traffic.until:
            open_now = is_open(site.hours[name], site.time_zone, moment(at))
            if not found or found[-1][1] is not open_now:
                found.append((at, open_now))
            at = (at // 60 + 1) * 60  # hours change with the minute
        changes[name] = tuple(found)
    return {
        QueueId(name): changes[queue.hours] for name, queue in site.queues.items() if queue.hours
    }


def _level(site: Site, before: Site, call: PastCall) -> str | None:
    """By the file's own numbers; a level known from elsewhere stays, where the file has it."""
    if call.vip_level is None:
        return None
    listed = vip_level(site, call.ani, call.ani_verified)
    if listed or vip_level(before, call.ani, call.ani_verified):
        return listed
    return call.vip_level


def _median(agent: AgentId, rules: AcdRules, traffic: Traffic) -> AgentId | None:
    colleagues = {
        other
        for queue in rules.queues.values()
        if agent in queue.agents
        for other in queue.agents
        if other in traffic.shifts
    }
    worked = sorted((_ready_s(other, traffic), other) for other in colleagues)
    return worked[len(worked) // 2][1] if worked else None


def _ready_s(agent: AgentId, traffic: Traffic) -> float:
    """Seconds of the period in which the agent was ready or busy with calls."""
    total, since = 0.0, None
    for move in traffic.shifts[agent]:
        at = min(max(move.at, traffic.start), traffic.end)
        if since is not None:
            total += at - since
        since = at if move.state is AgentState.READY else None
    return total + (0.0 if since is None else traffic.end - since)


def changes(before: Site, after: Site) -> tuple[set[QueueId], set[QueueId]]:
    """Queues that are gone, and queues that are new."""
    gone = {QueueId(name) for name in before.queues.keys() - after.queues.keys()}
    new = {QueueId(name) for name in after.queues.keys() - before.queues.keys()}
    return gone, new
