"""What the ACD must know of the site."""

from __future__ import annotations

from ccengine.acd.rules import AcdRules, QueueRules
from ccengine.ids import AgentId, QueueId
from ccengine.site.model import Site


def acd_rules(site: Site, seed: int = 0) -> AcdRules:
    """The site's queues as the ACD takes them. ``seed`` is of the random strategy."""
    return AcdRules(
        queues={
            QueueId(name): QueueRules(
                queue=QueueId(name),
                strategy=queue.strategy,
                agents=tuple(AgentId(agent) for agent in queue.agents),
                ring_timeout_s=queue.ring_timeout,
                wrap_up_s=queue.wrap_up,
                max_wait_s=queue.max_wait,
                missed_offers_to_not_ready=queue.missed_offers_to_not_ready,
            )
            for name, queue in site.queues.items()
        },
        seed=seed,
    )
