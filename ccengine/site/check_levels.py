"""Preference levels: agents that are really reached, steps that really open something."""

from __future__ import annotations

from ccengine.acd.rules import OverflowAction
from ccengine.site.model import Queue
from ccengine.site.parts import Parts
from ccengine.site.written import Written
from ccengine.yamlsource.model import KeyPath


def check_levels(parts: Parts) -> None:
    """Levels without gaps; each widening opens a new level in time; each level is opened once."""
    for here, queue in parts.each_queue():
        if queue.agents:
            _check_gaps(parts.site, here, queue)
            _check_widening(parts.site, here, queue)
            _check_reached(parts.site, here, queue)


def _check_gaps(site: Written, here: KeyPath, queue: Queue) -> None:
    used = {member.level for member in queue.agents}
    for index, member in enumerate(queue.agents):
        gap = next((level for level in range(member.level) if level not in used), None)
        if gap is not None:
            message = f"level {member.level} is here, and nobody has level {gap}"
            site.wrong((*here, "agents", index, "level"), message, "use levels 0, 1, 2 … in a row")
            return


def _check_widening(site: Written, here: KeyPath, queue: Queue) -> None:
    used = {member.level for member in queue.agents}
    opened = 0
    for index, step in sorted(enumerate(queue.widen), key=lambda item: item[1].after):
        path = (*here, "widen", index)
        if step.level not in used:
            message = f"no agent of this queue has level {step.level}"
            site.wrong((*path, "level"), message, "give an agent this level, or remove the step")
        elif step.level <= opened:
            message = f"level {step.level} is open by then already"
            site.wrong((*path, "level"), message, "write a higher level, or remove the step")
        if queue.max_wait is not None and step.after >= queue.max_wait:
            message = f"callers are let go after {queue.max_wait:g} s, so this comes too late"
            site.wrong((*path, "after"), message, "write less than max_wait")
        opened = max(opened, step.level)


def _check_reached(site: Written, here: KeyPath, queue: Queue) -> None:
    """With widening, only what it opens is ever rung."""
    if not queue.widen or any(r.do.action is OverflowAction.WIDEN for r in queue.overflow):
        return
    highest = max(step.level for step in queue.widen)
    for index, member in enumerate(queue.agents):
        if member.level > highest:
            message = f"level {member.level} is never opened: this agent would never be rung"
            cure = f"add {{after: …, level: {member.level}}} to `widen`"
            site.wrong((*here, "agents", index, "level"), message, cure)
