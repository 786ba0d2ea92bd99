"""How the expected calls of queues fall on the agents they share.

Work is counted in agents: 30 calls an hour of 120 s keep one agent busy. Whoever is free takes the
next call, so work moves away from busy agents to idle ones that may take it too; on average it lies
as evenly as the site allows. That even spread is computed here, by letting one queue after the
other level its own part, which comes to rest at the most even one there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ccengine.site.model import Queue

_ROUNDS = 200
_AT_REST = 1e-6
"""Agents' worth of work that a round may still move."""

Kind = frozenset[str]
"""Agents that serve the same queues are one kind, named by these."""


@dataclass(slots=True, kw_only=True)
class Pool:
    """Agents of one kind."""

    capacity: float = 0.0
    """How many of them are at work on average."""
    work: dict[str, float] = field(default_factory=dict)
    """Queue -> what it gives them to do."""

    @property
    def level(self) -> float:
        """Work for each agent; 1 is all of its time."""
        return sum(self.work.values()) / self.capacity


def groups(queues: Mapping[str, Queue]) -> list[list[str]]:
    """The queues parted so that no agent serves two parts; each in the file's order."""
    leads_to = {name: name for name in queues}

    def first_of(name: str) -> str:
        while leads_to[name] != name:
            leads_to[name] = name = leads_to[leads_to[name]]
        return name

    first_queue: dict[str, str] = {}
    for name, queue in queues.items():
        for member in queue.agents:
            other = first_queue.setdefault(member.agent, name)
            leads_to[first_of(name)] = first_of(other)
    parts: dict[str, list[str]] = {}
    for name in queues:
        parts.setdefault(first_of(name), []).append(name)
    return list(parts.values())


def spread(queues: Mapping[str, Queue]) -> dict[Kind, Pool]:
    """The even spread of these queues' work. Each of them must have its ``load``."""
    pools = _pools(queues)
    of_queue = {name: [pool for kind, pool in pools.items() if name in kind] for name in queues}
    for _ in range(_ROUNDS):
        moved = max((_level(name, _work(q), of_queue[name]) for name, q in queues.items()))
        if moved <= _AT_REST:
            break
    return pools


def _work(queue: Queue) -> float:
    assert queue.load is not None
    return queue.load.calls_per_hour * queue.load.handling / 3_600


def _pools(queues: Mapping[str, Queue]) -> dict[Kind, Pool]:
    serves: dict[str, set[str]] = {}
    present: dict[str, float] = {}
    for name, queue in queues.items():
        assert queue.load is not None
        part = 1.0 if queue.load.agents is None else queue.load.agents / len(queue.agents)
        for member in queue.agents:
            serves.setdefault(member.agent, set()).add(name)
            present[member.agent] = min(part, present.get(member.agent, 1.0))
    pools: dict[Kind, Pool] = {}
    for agent, names in serves.items():
        pools.setdefault(frozenset(names), Pool()).capacity += present[agent]
    return pools


def _level(name: str, work: float, pools: Iterable[Pool]) -> float:
    """Pour the work of one queue over its pools as water finds its level; how much moved."""
    before = {id(pool): pool.work.pop(name, 0.0) for pool in pools}
    pools = sorted(pools, key=lambda pool: pool.level)
    capacity, others, level = 0.0, 0.0, 0.0
    for index, pool in enumerate(pools):
        capacity += pool.capacity
        others += pool.level * pool.capacity
        level = (work + others) / capacity
        if index + 1 == len(pools) or level <= pools[index + 1].level:
            break
    moved = 0.0
    for pool in pools:
        given = max(0.0, level - pool.level) * pool.capacity
        pool.work[name] = given
        moved = max(moved, abs(given - before[id(pool)]))
    return moved
