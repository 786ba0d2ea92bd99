"""Queues: their agents, their hours, and settings that contradict each other."""

from __future__ import annotations

from ccengine.acd.rules import Strategy
from ccengine.site.model import Queue
from ccengine.site.parts import Parts
from ccengine.site.written import Written
from ccengine.yamlsource.model import KeyPath
from ccengine.yamlsource.near import near

_PERSONAL = "personal_"


def check_queues(parts: Parts) -> None:
    """Names, agents, hours; what one setting makes another one useless for."""
    site = parts.site
    for queue in site.keys("queues"):
        here: KeyPath = ("queues", queue)
        if queue.startswith(_PERSONAL):
            message = f"names that begin with {_PERSONAL} belong to the agents' own queues"
            site.wrong_key(here, message, "give the queue another name")
        _check_agents(site, queue)
        _check_hours(site, here)
    for here, queue_ in parts.each_queue():
        _check_shares(site, here, queue_)
        if queue_.max_wait is not None and queue_.sticky > queue_.max_wait:
            message = f"callers are let go after {queue_.max_wait:g} s, before this time is over"
            site.wrong((*here, "sticky"), message, "write less than max_wait")


def check_agent_list(site: Written, path: KeyPath) -> None:
    """Agents that exist, each once."""
    known = site.keys("agents")
    seen: set[str] = set()
    for here, agent in site.members(*path):
        if agent in seen:
            site.wrong(here, f"the agent {agent!r} is in this list twice", "keep one")
        elif agent not in known:
            cure = near(agent, known) or f'add "{agent}" to `agents`, or remove it here'
            site.wrong(here, f"there is no agent {agent!r}", cure)
        seen.add(agent)


def _check_agents(site: Written, queue: str) -> None:
    path = ("queues", queue, "agents")
    if not site.has(*path) or site.is_empty_list(*path):
        site.wrong_key(
            path if site.has(*path) else ("queues", queue),
            f"the queue {queue!r} has no agents: its callers would wait in vain",
            'add `agents: ["…"]` with extensions from `agents`',
        )
    check_agent_list(site, path)


def _check_hours(site: Written, here: KeyPath) -> None:
    hours = site.text(*here, "hours")
    known = site.keys("hours")
    if hours is not None and hours not in known:
        cure = near(hours, known) or f"add {hours!r} to `hours`"
        site.wrong((*here, "hours"), f"there are no hours {hours!r}", cure)
    if site.has(*here, "when_closed") and site.value(*here, "hours") is None:
        message = "a queue without hours never closes"
        site.wrong_key((*here, "when_closed"), message, "add `hours: …`, or remove this")


def _check_shares(site: Written, here: KeyPath, queue: Queue) -> None:
    if queue.strategy is Strategy.WEIGHTED_RANDOM:
        return
    for index in range(len(queue.agents)):
        path = (*here, "agents", index, "share")
        if site.has(*path):
            message = f"a share means nothing to the strategy {queue.strategy.value}"
            site.wrong_key(path, message, "use `strategy: weighted_random`, or remove the share")
