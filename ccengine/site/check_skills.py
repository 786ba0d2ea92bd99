"""Skills: names that exist, requirements that somebody meets, relaxations that relax."""

from __future__ import annotations

from ccengine.site.able import asked_in_the_end, meets
from ccengine.site.model import Queue
from ccengine.site.parts import Parts
from ccengine.site.written import Written
from ccengine.yamlsource.model import KeyPath
from ccengine.yamlsource.near import near


def check_skills(parts: Parts) -> None:
    site = parts.site
    for agent in site.keys("agents"):
        for skill in site.keys("agents", agent, "skills"):
            _check_known(site, ("agents", agent, "skills", skill), skill, of_key=True)
    for queue in site.keys("queues"):
        for skill in site.keys("queues", queue, "skills"):
            _check_known(site, ("queues", queue, "skills", skill), skill, of_key=True)
    for here, queue_ in parts.each_queue():
        for index, step in enumerate(queue_.relax):
            _check_known(site, (*here, "relax", index, "skill"), step.skill, of_key=False)
        _check_relaxation(site, here, queue_)
        _check_met(parts, here, queue_)


def _check_known(site: Written, path: KeyPath, skill: str, *, of_key: bool) -> None:
    known = site.keys("skills")
    if skill not in known:
        cure = near(skill, known) or f"add `{skill}: {{zh-CN: …, en: …}}` to `skills`"
        wrong = site.wrong_key if of_key else site.wrong
        wrong(path, f"there is no skill {skill!r}", cure)


def _check_relaxation(site: Written, here: KeyPath, queue: Queue) -> None:
    """A skill that the queue does not ask for may be asked for by a flow, at any level."""
    enough = dict(queue.skills)
    for index, step in sorted(enumerate(queue.relax), key=lambda item: item[1].after):
        path = (*here, "relax", index)
        before = enough.get(step.skill)
        if before is not None and step.level > before:
            message = f"level {step.level} asks for more: {before} is enough by then"
            site.wrong((*path, "level"), message, f"write less than {before}")
        elif before is not None and step.level == before:
            message = f"level {step.level} of {step.skill} is enough by then already"
            site.wrong((*path, "level"), message, "write a lower level, or remove the step")
        else:
            enough[step.skill] = step.level
        if queue.max_wait is not None and step.after >= queue.max_wait:
            message = f"callers are let go after {queue.max_wait:g} s, so this comes too late"
            site.wrong((*path, "after"), message, "write less than max_wait")


def _check_met(parts: Parts, here: KeyPath, queue: Queue) -> None:
    """Somebody of the queue must be able to take its calls in the end."""
    asked = asked_in_the_end(queue)
    # A misshapen agent may have any skill: no second problem is made of that.
    names = [member.agent for member in queue.agents]
    if not asked or not names or any(name not in parts.agents for name in names):
        return
    agents = [parts.agents[name] for name in names]
    if any(meets(agent, asked) for agent in agents):
        return
    said = ", ".join(f"{skill} {level}" for skill, level in asked.items())
    cure = "give an agent the skill, ask for less, or add a step to `relax`"
    for skill, level in asked.items():
        if not any(meets(agent, {skill: level}) for agent in agents):
            message = f"no agent of this queue has {skill} {level}: its callers would wait in vain"
            parts.site.wrong_key((*here, "skills", skill), message, cure)
            return
    message = f"no agent of this queue has all of {said}: its callers would wait in vain"
    parts.site.wrong_key((*here, "skills"), message, cure)
