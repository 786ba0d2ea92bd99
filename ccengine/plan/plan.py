"""The plan: as it was, before, after, and what may be believed of it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from ccengine.ids import AgentId, CallId, QueueId
from ccengine.plan.casting import Cast, cast
from ccengine.plan.estimate import Estimate, differences, estimates
from ccengine.plan.figures import AGENT_METRICS, Day, Values, day_of
from ccengine.plan.traffic import Traffic
from ccengine.plan.trust import Doubt, doubts
from ccengine.plan.world import World
from ccengine.reports.store import targets
from ccengine.site.model import Site

SEEDS = 20
MANY_CALLS = 20_000
"""Simulated calls from which on a second process is worth its start."""

Table = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Many days under one site file."""

    cast: Cast
    days: tuple[Day, ...]
    queues: Mapping[QueueId, Table]
    agents: Mapping[AgentId, Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    traffic: Traffic
    was: Day
    before: Side
    after: Side
    queue_changes: Mapping[QueueId, Table]
    """After less before, for the queues of both."""
    agent_changes: Mapping[AgentId, Table]
    doubts: tuple[Doubt, ...]
    unserved: int
    """Calls whose queue the new file does not have: it lets them go at once."""

    @property
    def trusted(self) -> bool:
        return not self.doubts


def make_plan(
    traffic: Traffic,
    before: Site,
    after: Site,
    *,
    seeds: int = SEEDS,
    first_seed: int = 1,
    like: Mapping[AgentId, AgentId] | None = None,
    processes: int = 1,
) -> Plan:
    """Simulate the traffic under both files, once for each seed. The same seeds, the same plan."""
    vips = traffic.vips
    names = range(first_seed, first_seed + seeds)
    casts = cast(before, before, traffic, like), cast(after, before, traffic, like)
    days = _days(traffic, casts, vips, names, processes)
    sides = [_side(who, tuple(day[index] for day in days)) for index, who in enumerate(casts)]
    was = day_of(traffic.facts, traffic, targets(before), vips)
    both = [queue for queue in sides[0].queues if not queue or queue in casts[1].rules.queues]
    return Plan(
        traffic=traffic,
        was=was,
        before=sides[0],
        after=sides[1],
        queue_changes={
            queue: differences(
                [day.queues[queue].values for day in sides[0].days],
                [_queue_values(day, queue) for day in sides[1].days],
            )
            for queue in both
            if queue in sides[1].queues
        },
        agent_changes={
            agent: differences(
                [_agent_values(day, agent) for day in sides[0].days],
                [_agent_values(day, agent) for day in sides[1].days],
            )
            for agent in sides[0].agents.keys() & sides[1].agents.keys()
        },
        doubts=doubts({queue: day.values for queue, day in was.queues.items()}, sides[0].queues),
        unserved=sum(
            traffic.start <= call.at < traffic.end
            and call.stays[0].queue not in casts[1].rules.queues
            for call in traffic.calls
        ),
    )


def _days(
    traffic: Traffic,
    casts: tuple[Cast, Cast],
    vips: frozenset[CallId],
    seeds: Sequence[int],
    processes: int,
) -> list[tuple[Day, Day]]:
    traffic = replace(traffic, facts=())  # what happened is heavy to send, and not simulated
    one = partial(_pair, traffic, casts, vips)
    if processes == 1 or len(traffic.calls) * len(seeds) * 2 < MANY_CALLS:
        return [one(seed) for seed in seeds]
    # Started anew rather than forked: the parent may have threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _share_work, (traffic, casts, vips)) as pool:
        return list(pool.map(_shared_pair, seeds))


def _pair(
    traffic: Traffic, casts: tuple[Cast, Cast], vips: frozenset[CallId], seed: int
) -> tuple[Day, Day]:
    before, after = (
        day_of(World(traffic, who, seed).run(), traffic, targets(who.site), vips) for who in casts
    )
    return before, after


_work: list[tuple[Traffic, tuple[Cast, Cast], frozenset[CallId]]] = []
"""In a worker process: what all its days are made of, sent once."""


def _share_work(*work: object) -> None:
    traffic, casts, vips = work
    _work[:] = [(traffic, casts, vips)]  # type: ignore[list-item]


def _shared_pair(seed: int) -> tuple[Day, Day]:
    return _pair(*_work[0], seed)


def _side(who: Cast, days: tuple[Day, ...]) -> Side:
    queues = {queue: None for day in days for queue in day.queues}
    agents = sorted({agent for day in days for agent in day.agents})
    return Side(
        cast=who,
        days=days,
        queues={queue: estimates([_queue_values(day, queue) for day in days]) for queue in queues},
        agents={agent: estimates([_agent_values(day, agent) for day in days]) for agent in agents},
    )


def _queue_values(day: Day, queue: QueueId) -> Values:
    """A queue that nobody entered on this day, though on others, has the total's metrics empty."""
    known = day.queues.get(queue)
    return known.values if known else dict.fromkeys(day.queues[QueueId("")].values)


def _agent_values(day: Day, agent: AgentId) -> Values:
    known = day.agents.get(agent)
    return known.values if known else dict.fromkeys(AGENT_METRICS)
