"""Who of a queue's agents can serve its calls, once those have waited as long as it takes."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.acd.rules import OverflowAction
from ccengine.site.model import Agent, Queue


def asked_in_the_end(queue: Queue) -> dict[str, int]:
    """The skills, with their levels, that no relaxation and no rule of the queue ever drops."""
    if any(rule.do.action is OverflowAction.WIDEN for rule in queue.overflow):
        return {}
    asked = dict(queue.skills)
    for step in queue.relax:
        if step.skill in asked and (queue.max_wait is None or step.after < queue.max_wait):
            asked[step.skill] = min(asked[step.skill], step.level)
    return {skill: level for skill, level in asked.items() if level > 0}


def meets(agent: Agent, asked: Mapping[str, int]) -> bool:
    return all(agent.skills.get(skill, 0) >= level for skill, level in asked.items())


def with_able_agents(queue: Queue, agents: Mapping[str, Agent]) -> Queue:
    """The queue as its calls find it: agents who lack a skill for ever are not there for them."""
    asked = asked_in_the_end(queue)
    able = tuple(member for member in queue.agents if meets(agents[member.agent], asked))
    if len(able) == len(queue.agents):
        return queue
    load = queue.load
    if load is not None and load.agents is not None:
        part = len(able) / len(queue.agents)
        load = load.model_copy(update={"agents": load.agents * part})
    return queue.model_copy(update={"agents": able, "load": load})
