"""The waits of each queue of a site under its declared load."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ccengine.site.able import with_able_agents
from ccengine.site.model import Queue, Site
from ccengine.site.sharing import groups, spread
from ccengine.site.starvation import Group, Kind, expected_waits_s, passing, worst_wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueWaits:
    """One queue in the site's busiest hour. Seconds; None: without end."""

    queue: str
    used: float
    """The part of its agents' time that all calls take which they may get."""
    passing: float
    """The part that calls take which pass its ordinary callers however long those wait."""
    expected_s: float | None
    """Of callers without VIP level."""
    expected_vip_s: dict[str, float]
    """Of the VIP levels that its load names; empty when calls pile up."""
    worst_s: float | None
    """The longest that a caller without VIP level can be made to wait."""


def queue_waits(site: Site) -> list[QueueWaits]:
    """Of all queues whose load is known, with that of all queues that share their agents.

    Who lacks a skill that a queue never drops is none of its agents here. What flows ask for
    beside it is not known.
    """
    found = []
    able = {name: with_able_agents(queue, site.agents) for name, queue in site.queues.items()}
    for names in groups(able):
        queues = {name: able[name] for name in names}
        if all(queue.load is not None for queue in queues.values()):
            found += _of_group(site, queues)
    order = list(site.queues)
    return sorted(found, key=lambda waits: order.index(waits.queue))


def _of_group(site: Site, queues: dict[str, Queue]) -> list[QueueWaits]:
    pools = spread(queues)
    found = []
    for name, queue in queues.items():
        mine = [pool for kind, pool in pools.items() if name in kind]
        agents = sum(pool.capacity for pool in mine)
        parts: dict[Kind, float] = defaultdict(float)
        work = by_length = 0.0
        for rival_name, rival in queues.items():
            assert rival.load is not None
            given = sum(pool.work.get(rival_name, 0.0) for pool in mine)
            work += given
            by_length += given * rival.load.handling
            for level, share in _levels(rival):
                parts[_kind(site, rival, level)] += given * share / agents
        group = Group(
            agents=agents,
            handling_s=by_length / work,
            kinds=tuple(
                Kind(weight=k.weight, head_start_s=k.head_start_s, ageing=k.ageing, part=part)
                for k, part in parts.items()
            ),
        )
        found.append(_of_queue(site, name, queue, group))
    return found


def _of_queue(site: Site, name: str, queue: Queue, group: Group) -> QueueWaits:
    assert queue.load is not None
    ordinary = _kind(site, queue, "")
    expected = expected_waits_s(group) or {}
    by_rank = {(k.weight, k.head_start_s, k.ageing): wait for k, wait in expected.items()}

    def of(level: str) -> float | None:
        kind = _kind(site, queue, level)
        return by_rank.get((kind.weight, kind.head_start_s, kind.ageing))

    worst = worst_wait_s(group, ordinary)
    return QueueWaits(
        queue=name,
        used=group.used,
        passing=passing(group, ordinary),
        expected_s=of(""),
        expected_vip_s={level: wait for level in queue.load.vip if (wait := of(level)) is not None},
        worst_s=None if worst == float("inf") else worst,
    )


def _levels(queue: Queue) -> list[tuple[str, float]]:
    """VIP levels and the ordinary callers ("") with their parts of the queue's calls."""
    assert queue.load is not None
    return [("", max(0.0, 1 - sum(queue.load.vip.values()))), *queue.load.vip.items()]


def _kind(site: Site, queue: Queue, level: str) -> Kind:
    vip = site.vip_levels.get(level)
    return Kind(
        weight=queue.weight,
        head_start_s=queue.head_start + (vip.head_start if vip else 0.0),
        ageing=vip.ageing if vip else 1.0,
    )
