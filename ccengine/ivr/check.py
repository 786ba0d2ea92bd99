"""What must hold between the parts of a flow: targets, reach, loops, languages, the site's names.

Shapes are checked before; here come the mistakes that no single step can see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from ccengine.ivr.check_queues import check_enqueue
from ccengine.ivr.model import Branch, SiteName, Step, StepText
from ccengine.ivr.steps.enqueue import EnqueueStep
from ccengine.site.model import Language, Site
from ccengine.yamlsource.model import Document, KeyPath, Problem
from ccengine.yamlsource.near import near


def check_flow(
    document: Document,
    start: object,
    steps: Mapping[str, Step],
    broken: Mapping[str, object],
    site: Site | None,
) -> list[Problem]:
    """All problems between the parts of one file.

    ``broken`` are the steps whose own shape is wrong, as written: their names count, and what
    they seem to lead to counts as reached, so that one mistake does not show as many.
    """
    checked = _Checked(document=document, steps=steps, broken=broken)
    problems = [*_targets(checked, start)]
    if isinstance(start, str) and checked.has(start):
        problems += _unreachable(checked, start)
    problems += _loops(checked)
    for name, step in steps.items():
        for text in step.texts():
            problems += _languages(checked, name, text, site)
        if site is not None:
            for wanted in step.site_names():
                problems += _site_name(checked, name, wanted, site)
            if isinstance(step, EnqueueStep):
                problems += check_enqueue(document, name, step, site)
    return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    document: Document
    steps: Mapping[str, Step]
    broken: Mapping[str, object]

    def has(self, name: str) -> bool:
        return name in self.steps or name in self.broken

    def names(self) -> list[str]:
        return [*self.steps, *self.broken]

    def problem(self, step: str, at: KeyPath, message: str, cure: str) -> Problem:
        return self.document.problem(("steps", step, *at), message, cure)

    def ways(self) -> Iterator[tuple[str, Branch]]:
        for name, step in self.steps.items():
            for branch in step.ways():
                yield name, branch


def _targets(checked: _Checked, start: object) -> Iterator[Problem]:
    if isinstance(start, str) and not checked.has(start):
        message = f"the flow starts at {start!r}, and there is no such step"
        cure = near(start, checked.names()) or "write the step, or name another"
        yield checked.document.problem(("start",), message, cure)
    for name, branch in checked.ways():
        if not checked.has(branch.to):
            message = f"there is no step {branch.to!r}"
            cure = near(branch.to, checked.names()) or "write the step, or name another"
            yield checked.problem(name, branch.at, message, cure)


def _unreachable(checked: _Checked, start: str) -> Iterator[Problem]:
    reached: set[str] = set()
    to_visit = [start]
    while to_visit:
        name = to_visit.pop()
        if name in reached or not checked.has(name):
            continue
        reached.add(name)
        if name in checked.steps:
            to_visit += [branch.to for branch in checked.steps[name].ways()]
        else:
            to_visit += _words(checked.broken[name])
    for name in checked.names():
        if name not in reached:
            message = f"no call can reach the step {name!r}"
            cure = "lead a branch to it, or remove it"
            yield checked.document.key_problem(("steps", name), message, cure)


def _words(value: object) -> Iterator[str]:
    """All texts in a value: in a step that cannot be read any of them may be a target."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


def _loops(checked: _Checked) -> Iterator[Problem]:
    """Rounds on which no step takes the caller's time: such a call would spin."""
    quick: dict[str, list[str]] = {name: [] for name in checked.steps}
    for name, branch in checked.ways():
        if not branch.waits and branch.to in checked.steps:
            quick[name].append(branch.to)
    told: set[str] = set()
    for name in checked.steps:
        round_ = _round(quick, name)
        if round_ and told.isdisjoint(round_):
            told.update(round_)
            way = " → ".join([*round_, name])
            message = f"the steps {way} go round without ever waiting for the caller"
            cure = "lead one of them to a step that speaks or listens, such as play or menu"
            yield checked.document.key_problem(("steps", name), message, cure)


def _round(quick: Mapping[str, list[str]], start: str) -> list[str]:
    """A way from ``start`` back to it, or nothing."""
    came_from: dict[str, str] = {}
    to_visit = [start]
    while to_visit:
        name = to_visit.pop(0)
        for to in quick[name]:
            if to == start:
                way = [name]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if to not in came_from:
                came_from[to] = name
                to_visit.append(to)
    return []


def _languages(
    checked: _Checked, step: str, text: StepText, site: Site | None
) -> Iterator[Problem]:
    if not text.every_language:
        return
    wanted: tuple[str, ...] = site.languages if site is not None else get_args(Language)
    for language in wanted:
        if language not in text.texts:
            message = f"the text in {language} is missing"
            yield checked.problem(step, text.at, message, f"add `{language}: …`")


def _site_name(checked: _Checked, step: str, wanted: SiteName, site: Site) -> Iterator[Problem]:
    known = {
        "queue": tuple(site.queues),
        "hours": tuple(site.hours),
        "language": site.languages,
        "agent": tuple(site.agents),
        "skill": tuple(site.skills),
    }[wanted.kind]
    if wanted.name not in known:
        message = {
            "queue": f"the site file has no queue {wanted.name!r}",
            "hours": f"the site file has no hours {wanted.name!r}",
            "language": f"the site does not speak {wanted.name!r}",
            "agent": f"the site file has no agent {wanted.name!r}",
            "skill": f"the site file has no skill {wanted.name!r}",
        }[wanted.kind]
        cure = near(wanted.name, known) or "write it in the site file"
        yield checked.problem(step, wanted.at, message, cure)
