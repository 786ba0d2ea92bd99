"""Overflow rules: they lead somewhere, not in circles, and each of them can fire."""

from __future__ import annotations

import re

from ccengine.acd.rules import OverflowAction, OverflowMeasure
from ccengine.site.model import Overflow, Queue
from ccengine.site.parts import Parts
from ccengine.site.written import Written
from ccengine.yamlsource.model import KeyPath
from ccengine.yamlsource.near import near

_TARGETS = {
    OverflowAction.QUEUE: "a queue",
    OverflowAction.BRANCH: "a way of the enqueue step",
    OverflowAction.ANNOUNCE: "a message",
}
_OUT = frozenset({OverflowAction.QUEUE, OverflowAction.BRANCH, OverflowAction.VOICEMAIL})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_AGENTS = frozenset({OverflowMeasure.AGENTS_READY, OverflowMeasure.AGENTS_LOGGED_IN})


def check_overflow(parts: Parts) -> None:
    for here, queue in parts.each_queue():
        names: set[str] = set()
        for index, rule in enumerate(queue.overflow):
            path = (*here, "overflow", index)
            if rule.name in names:
                message = f"a rule of this queue is called {rule.name!r} already"
                parts.site.wrong((*path, "name"), message, "give each rule its own name")
            names.add(rule.name)
            _check_target(parts.site, path, here, queue, rule)
            _check_fires(parts.site, path, queue, rule)
        _check_order(parts.site, here, queue)
        _check_messages(parts.site, here, queue)
    _check_circles(parts)


def _check_target(
    site: Written, path: KeyPath, here: KeyPath, queue: Queue, rule: Overflow
) -> None:
    action, target = rule.do.action, rule.do.target
    where = (*path, "do", action.value)
    if action not in _TARGETS:
        if target:
            message = f"{action.value} leads nowhere else, so it takes no target"
            site.wrong((*path, "do"), message, f"write `do: {action.value}`")
        elif action is OverflowAction.CALLBACK and queue.callback is None:
            message = "this queue makes no callbacks"
            site.wrong((*path, "do"), message, "add `callback: {trunk: …}` to the queue")
        return
    if not target:
        message = f"{action.value} needs {_TARGETS[action]}"
        site.wrong((*path, "do"), message, f"write `do: {{{action.value}: …}}`")
    elif action is OverflowAction.QUEUE:
        known = site.keys("queues")
        if target == here[1]:
            site.wrong(where, "the call is in this queue already", "name another queue")
        elif target not in known:
            cure = near(target, known) or f"add {target!r} to `queues`"
            site.wrong(where, f"there is no queue {target!r}", cure)
    elif action is OverflowAction.ANNOUNCE and target not in queue.messages:
        cure = near(target, queue.messages) or f"add {target!r} to `messages` of this queue"
        site.wrong(where, f"this queue has no message {target!r}", cure)
    elif action is OverflowAction.BRANCH and not _NAME.fullmatch(target):
        cure = "write a name of small letters, digits and _, beginning with a letter"
        site.wrong(where, f"{target[:40]!r} cannot be a way's name", cure)


def _check_fires(site: Written, path: KeyPath, queue: Queue, rule: Overflow) -> None:
    waits = rule.when.measure in (OverflowMeasure.WAITED, OverflowMeasure.LONGEST_WAIT)
    where = (*path, "when", rule.when.measure.value)
    if waits and queue.max_wait is not None and rule.when.limit >= queue.max_wait:
        message = f"callers are let go after {queue.max_wait:g} s: this rule can never fire"
        site.wrong(where, message, "write less than max_wait")
    too_many = rule.when.measure is OverflowMeasure.POSITION and queue.max_calls is not None
    if too_many and rule.when.limit > (queue.max_calls or 0):
        message = f"the queue takes {queue.max_calls} calls: this rule can never fire"
        site.wrong(where, message, "write max_calls or less")


def _check_order(site: Written, here: KeyPath, queue: Queue) -> None:
    """No rule after one that has led every call out of the queue by then."""
    for index, rule in enumerate(queue.overflow):
        for earlier in queue.overflow[:index]:
            if earlier.do.action in _OUT and _fires_before(earlier, rule, len(queue.agents)):
                message = f"the rule {earlier.name!r} has led every call out of the queue by then"
                cure = "put it before that rule, with an earlier limit, or remove it"
                site.wrong((*here, "overflow", index), message, cure)
                break


def _fires_before(earlier: Overflow, rule: Overflow, agents: int) -> bool:
    """Whether ``earlier`` fires for each call before, or when, ``rule`` would."""
    first, then = earlier.when, rule.when
    if first.measure in _AGENTS:
        always = first.limit >= agents
        return always or (first.measure is then.measure and then.limit <= first.limit)
    if first.measure in (OverflowMeasure.WAITED, OverflowMeasure.LONGEST_WAIT):
        always = first.limit == 0
    else:
        always = first.measure is OverflowMeasure.POSITION and first.limit <= 1
    return always or (first.measure is then.measure and then.limit >= first.limit)


def _check_messages(site: Written, here: KeyPath, queue: Queue) -> None:
    said = {r.do.target for r in queue.overflow if r.do.action is OverflowAction.ANNOUNCE}
    for name, message in queue.messages.items():
        if message.every is None and name not in said:
            problem = f"nobody ever hears the message {name!r}"
            cure = "add `every: …`, or an overflow rule with `do: {announce: …}`"
            site.wrong_key((*here, "messages", name), problem, cure)


def _check_circles(parts: Parts) -> None:
    """A call that comes back to a queue it was moved out of could go round for ever."""
    moves: dict[str, list[tuple[KeyPath, str]]] = {}
    for here, queue in parts.each_queue():
        moves[str(here[1])] = [
            ((*here, "overflow", index, "do", "queue"), rule.do.target)
            for index, rule in enumerate(queue.overflow)
            if rule.do.action is OverflowAction.QUEUE and rule.do.target != here[1]
        ]
    told: set[str] = set()
    for first in moves:
        way = _way_back(moves, first)
        if way and told.isdisjoint(way):
            told.update(way)
            path = next(path for path, to in moves[first] if to == (*way, first)[1])
            message = f"calls would go round: {' → '.join((*way, first))}"
            parts.site.wrong(path, message, "let the last of these queues lead elsewhere")


def _way_back(moves: dict[str, list[tuple[KeyPath, str]]], start: str) -> list[str]:
    came_from: dict[str, str] = {}
    to_visit = [start]
    while to_visit:
        queue = to_visit.pop(0)
        for _, to in moves.get(queue, ()):
            if to == start:
                way = [queue]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if to not in came_from:
                came_from[to] = queue
                to_visit.append(to)
    return []
