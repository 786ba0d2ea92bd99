"""What a waiting call needs of an agent, and how that becomes less while it waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ccengine.acd.rules import QueueRules, SkillRequirement
from ccengine.ids import AgentId

Skills = tuple[tuple[str, int], ...]
"""Skill and lowest level that will do, in the order of the skills' names."""

NO_SKILLS: Mapping[str, int] = {}


class Need(NamedTuple):
    """Who may be rung for a call now. Calls of the same need wait side by side.

    A tuple, because it is looked up at every choice.
    """

    skills: Skills = ()
    level: int | None = None
    """Highest preference level that has opened; None: all."""
    only: AgentId | None = None
    """Sticky: for now this agent alone, whatever its preference level."""

    @property
    def words(self) -> tuple[str, ...]:
        """The skills as the journal writes them: ``english:5``."""
        return tuple(f"{skill}:{level}" for skill, level in self.skills)


ANYONE = Need()


class Step(NamedTuple):
    """From so many seconds of waiting on, this is what is needed."""

    after_s: float
    need: Need


Schedule = tuple[Step, ...]
"""The needs of one call through its stay, the first of them from 0 s on."""


def schedule(rules: QueueRules, requires: Iterable[SkillRequirement] = ()) -> Schedule:
    """What a call needs in this queue, with what its flow asks for; the higher level wins.

    Relaxing and widening only ever make more agents possible: a relaxation to a level that is
    above the one asked for changes nothing, and of several widenings the highest counts.
    """
    skills: dict[str, int] = {}
    for asked in (*rules.skills, *requires):
        skills[asked.skill] = max(asked.level, skills.get(asked.skill, 0))
    level = 0 if rules.widen else None
    steps = [Step(0.0, _need(skills, level))]
    moments = {rule.after_s for rule in rules.relax} | {rule.after_s for rule in rules.widen}
    for after_s in sorted(moments):
        for relax in rules.relax:
            if relax.after_s == after_s and relax.skill in skills:
                skills[relax.skill] = min(skills[relax.skill], relax.level)
        for widen in rules.widen:
            if widen.after_s == after_s:
                level = max(level or 0, widen.level)
        need = _need(skills, level)
        if after_s <= 0:
            steps = [Step(0.0, need)]
        elif need != steps[-1].need:
            steps.append(Step(after_s, need))
    return tuple(steps)


def _need(skills: Mapping[str, int], level: int | None) -> Need:
    return Need(tuple(sorted((s, lowest) for s, lowest in skills.items() if lowest > 0)), level)


def has_skills(had: Mapping[str, int], needed: Skills) -> bool:
    for skill, level in needed:  # noqa: SIM110 - asked at every choice, and all() costs thrice
        if had.get(skill, 0) < level:
            return False
    return True


def skill_sum(had: Mapping[str, int], needed: Skills) -> int:
    """How skilled an agent is for a call: its levels of the needed skills; of all, if none is."""
    if not needed:
        return sum(had.values())
    return sum(had.get(skill, 0) for skill, _ in needed)
