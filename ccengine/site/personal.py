"""One look at any queue of the site: those in the file, and the personal ones made from it."""

from __future__ import annotations

from ccengine.acd.rules import Strategy, personal_queue
from ccengine.ids import AgentId, QueueId
from ccengine.site.model import Member, Queue, Site

_PREFIX = personal_queue(AgentId(""))


def queue_of(site: Site, queue: QueueId) -> Queue | None:
    """The queue's rules; a personal queue bears its agent's name. None: the site has none such."""
    written = site.queues.get(queue)
    if written is not None:
        return written
    rules, agent_id = site.personal_queues, queue.removeprefix(_PREFIX)
    agent = site.agents.get(agent_id) if queue.startswith(_PREFIX) else None
    if rules is None or agent is None:
        return None
    return Queue(
        title={"zh-CN": agent.name, "en": agent.name},
        strategy=Strategy.LINEAR,
        agents=(Member(agent=agent_id),),
        ring_timeout=rules.ring_timeout,
        wrap_up=rules.wrap_up,
        max_wait=rules.max_wait,
        head_start=rules.head_start,
        music=rules.music,
        record=rules.record,
        announce_every=None,
    )
