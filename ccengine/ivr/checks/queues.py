"""What must hold between an enqueue step and the queues its caller may stand in.

Overflow rules may move a call to another queue, whose rules then hold for the same step: so the
ways and keys of all queues that can be reached from the first one count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccengine.acd.rules import OverflowAction
from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.steps.enqueue import EnqueueStep
from ccengine.site.model import Site
from ccengine.yamlsource.model import Document, KeyPath, Problem
from ccengine.yamlsource.near import near


def queues(flow: Draft, seen: Seen) -> Iterator[Problem]:
    if seen.site is None:
        return
    for name, step in flow.steps.items():
        if isinstance(step, EnqueueStep):
            yield from _enqueue(flow.document, name, step, seen.site)


def _enqueue(document: Document, name: str, step: EnqueueStep, site: Site) -> Iterator[Problem]:
    """The problems of one step; a queue that the site lacks is told elsewhere."""

    def problem(at: KeyPath, message: str, cure: str) -> Problem:
        return document.problem(("steps", name, *at), message, cure)

    if step.agent is not None and site.personal_queues is None:
        cure = "add `personal_queues: {}` to the site file, or name a queue"
        yield problem(("agent",), "the site file has no personal queues", cure)
    queues = _reached(site, step.possible_queues())
    named = {
        rule.do.target: queue
        for queue in queues
        for rule in site.queues[queue].overflow
        if rule.do.action is OverflowAction.BRANCH
    }
    for branch, queue in named.items():
        if branch not in step.branches:
            message = f"an overflow rule of the queue {queue!r} leads to {branch!r}, no way of this"
            cure = f"add `branches: {{{branch}: …}}` with a step's name"
            yield document.key_problem(("steps", name), f"{message} step", cure)
    for branch in step.branches:
        if branch not in named:
            message = f"no overflow rule of the queue leads to {branch!r}"
            cure = near(branch, named) or "remove it, or write the rule in the site file"
            yield problem(("branches", branch), message, cure)
    for queue in queues:
        callback = site.queues[queue].callback
        if callback is not None and callback.key in step.keys:
            message = f"{callback.key} is the callback key of the queue {queue!r} already"
            cure = "use another key here, or set `callback: {key: …}` in the site file"
            yield problem(("keys", callback.key), message, cure)


def _reached(site: Site, first: Iterable[str]) -> list[str]:
    """These queues and all that overflow rules can move their calls to."""
    reached: list[str] = []
    to_visit = [*first]
    while to_visit:
        queue = to_visit.pop()
        if queue in reached or queue not in site.queues:
            continue
        reached.append(queue)
        to_visit += [
            rule.do.target
            for rule in site.queues[queue].overflow
            if rule.do.action is OverflowAction.QUEUE
        ]
    return reached
