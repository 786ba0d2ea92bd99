"""What the ACD must know of the site."""

from __future__ import annotations

from ccengine.acd.rules import (
    AcdRules,
    CallbackRules,
    Empty,
    OverflowRule,
    QueueRules,
    Relaxation,
    SkillRequirement,
    Strategy,
    Widening,
    personal_queue,
)
from ccengine.ids import AgentId, QueueId
from ccengine.site.model import Callback, PersonalQueues, Queue, Site


def acd_rules(site: Site, seed: int = 0, version: str = "") -> AcdRules:
    """The site's queues as the ACD takes them. ``seed`` is of the random strategies."""
    queues = {QueueId(name): _queue(QueueId(name), queue) for name, queue in site.queues.items()}
    if site.personal_queues is not None:
        for agent in site.agents:
            personal = _personal(AgentId(agent), site.personal_queues)
            queues[personal.queue] = personal
    return AcdRules(
        queues=queues,
        skills={AgentId(key): agent.skills for key, agent in site.agents.items() if agent.skills},
        seed=seed,
        version=version,
    )


def _queue(name: QueueId, queue: Queue) -> QueueRules:
    return QueueRules(
        queue=name,
        strategy=queue.strategy,
        agents=tuple(AgentId(member.agent) for member in queue.agents),
        levels={AgentId(member.agent): member.level for member in queue.agents if member.level},
        shares={AgentId(member.agent): member.share for member in queue.agents if member.share > 1},
        ring_timeout_s=queue.ring_timeout,
        wrap_up_s=queue.wrap_up,
        wrap_up_mode=queue.wrap_up_mode,
        wrap_up_extension_s=queue.wrap_up_extension,
        wrap_up_extensions=queue.wrap_up_extensions,
        max_wait_s=queue.max_wait,
        missed_offers_to_not_ready=queue.missed_offers_to_not_ready,
        retry_pause_s=queue.retry_pause,
        weight=queue.weight,
        head_start_s=queue.head_start,
        skills=tuple(
            SkillRequirement(skill=skill, level=level) for skill, level in queue.skills.items()
        ),
        relax=tuple(
            Relaxation(after_s=relax.after, skill=relax.skill, level=relax.level)
            for relax in queue.relax
        ),
        widen=tuple(Widening(after_s=widen.after, level=widen.level) for widen in queue.widen),
        sticky_s=queue.sticky,
        max_calls=queue.max_calls,
        join_when_empty=queue.join_when_empty,
        leave_when_empty=queue.leave_when_empty,
        leave_when_closed=queue.when_closed == "release",
        overflow=tuple(
            OverflowRule(
                name=rule.name,
                measure=rule.when.measure,
                limit=rule.when.limit,
                action=rule.do.action,
                target=rule.do.target,
            )
            for rule in queue.overflow
        ),
        callback=None if queue.callback is None else _callback(queue.callback),
    )


def _callback(callback: Callback) -> CallbackRules:
    return CallbackRules(
        attempts=callback.attempts,
        retry_after_s=callback.retry_after,
        ring_s=callback.ring,
        expires_after_s=callback.expires_after,
    )


def _personal(agent: AgentId, personal: PersonalQueues) -> QueueRules:
    return QueueRules(
        queue=personal_queue(agent),
        strategy=Strategy.LINEAR,
        agents=(agent,),
        ring_timeout_s=personal.ring_timeout,
        wrap_up_s=personal.wrap_up,
        max_wait_s=personal.max_wait,
        head_start_s=personal.head_start,
        # Nobody else can come: a caller must not wait for an agent who has gone home.
        join_when_empty=Empty.LOGGED_OUT,
        leave_when_empty=Empty.LOGGED_OUT,
    )
