"""Case files, ``tests/<flow>.yaml`` beside the flows: read, or refused with places and cures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from ccengine.flowtest.case import Case, CaseStep, WrittenCase
from ccengine.ivr.model import StepPart
from ccengine.yamlsource.explain import problems_from
from ccengine.yamlsource.model import BadFileError, Document, KeyPath, Problem
from ccengine.yamlsource.near import near
from ccengine.yamlsource.read import load

FOLDER = "tests"
"""Beside the flows, so that no case is ever taken for a flow."""

_WORDS = "small letters, digits and _, beginning with a letter"
_PATTERNS = {
    r"^[0-9*#]{1,64}$": 'keys of a telephone: "1", "123456#"',
    r"^[0-9*#]$": "one key of a telephone: 0 to 9, * or #",
    r"^[a-z][a-z0-9_]{0,47}$": _WORDS,
}
_OTHER_WORDS = {"type": "press", "key": "press", "keys": "press", "hear": "hears", "say": "says"}


class _Outside(StepPart):
    """The outside of a case file; each case is read by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = Field(alias="schema")
    flow: str | None = None
    """The flow in which the calls begin; without it: that of the file's name."""
    cases: list[object] = Field(min_length=1, max_length=1_000)


def case_files(flows: Path) -> list[Path]:
    """All case files beside these flows."""
    return sorted((flows / FOLDER).glob("*.yaml"))


def read_cases(path: Path) -> tuple[WrittenCase, ...]:
    """Raises BadFileError with all that is wrong in the file."""
    document = load(path)
    problems: list[Problem] = []
    flow = path.stem.partition(".")[0]
    try:
        flow = _Outside.model_validate(document.value).flow or flow
    except ValidationError as error:
        problems += problems_from(error, document, model=_Outside)
    value = document.value if isinstance(document.value, dict) else {}
    written = value.get("cases")
    cases: list[WrittenCase] = []
    names: set[str] = set()
    for number, one in enumerate(written if isinstance(written, list) else []):
        at: KeyPath = ("cases", number)
        case, found = _case(document, at, one)
        problems += found
        if case is None:
            continue
        if case.name in names:
            message = f"two cases are called {case.name!r}"
            problems.append(document.problem((*at, "name"), message, "give each its own name"))
        names.add(case.name)
        places = [at, *((*at, "steps", step) for step in range(len(case.steps)))]
        cases.append(
            WrittenCase(
                case=case,
                flow=flow,
                file=str(path),
                positions=tuple(document.at(place) for place in places),
            )
        )
    if problems:
        raise BadFileError(tuple(sorted(set(problems), key=lambda problem: problem.at)))
    return tuple(cases)


def _case(document: Document, at: KeyPath, one: object) -> tuple[Case | None, list[Problem]]:
    """Each step is read by itself first, so that a mistake is told where it stands, and once."""
    if not isinstance(one, dict):
        cure = "write `name: …`, `steps: …` and `ends: …`"
        return None, [document.problem(at, "a case is a mapping", cure)]
    problems: list[Problem] = []
    steps = one.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else []):
        problems += _step(document, (*at, "steps", number), step)
    without = {**one, "steps": []} if isinstance(steps, list) else one
    try:
        Case.model_validate(without)
    except ValidationError as error:
        problems += problems_from(error, document, model=Case, at=at, patterns=_PATTERNS)
    if problems:
        return None, problems
    case = Case.model_validate(one)
    problems += _patterns(document, at, case)
    problems += _answers(document, at, case)
    return (None if problems else case), problems


def _step(document: Document, at: KeyPath, step: object) -> list[Problem]:
    if isinstance(step, str):
        if step in ("silence", "hang_up"):
            return []
        cure = near(step, ("silence", "hang_up")) or "write `hears: …`, `press: …` or the like"
        return [document.problem(at, f"{step[:40]!r} is no step of a case", cure)]
    if not isinstance(step, dict):
        cure = "write `hears: …`, `press: …` or the like"
        return [document.problem(at, "this is no step of a case", cure)]
    unknown = [name for name in step if name not in CaseStep.model_fields]
    for name in unknown:
        cure = f"write {_OTHER_WORDS[name]!r}" if name in _OTHER_WORDS else ""
        cure = cure or near(name, CaseStep.model_fields) or "remove it"
        return [document.key_problem((*at, name), f"there is no step {name!r} in a case", cure)]
    try:
        CaseStep.model_validate(step)
    except ValidationError as error:
        return problems_from(error, document, model=CaseStep, at=at, patterns=_PATTERNS)
    return []


_RUNS_AWAY = re.compile(r"[*+}]\??\)+[*+{]")
"""Something repeated at the end of a group that is itself repeated, as in ``(a+)+``."""


def _patterns(document: Document, at: KeyPath, case: Case) -> list[Problem]:
    problems = []
    for number, step in enumerate(case.steps):
        for name in ("hears", "asks"):
            wanted = getattr(step, name)
            if wanted is None or not wanted.startswith("~"):
                continue
            try:
                re.compile(wanted[1:])
            except re.error as error:
                message = f"no regular expression: {error}"
                cure = "mend it, or leave out the ~ to look for these letters"
            else:
                if not _RUNS_AWAY.search(wanted):
                    continue
                message = "a repeat within a repeat can take for ever to look for"
                cure = "repeat only once: (a+)+ finds what a+ finds"
            problems.append(document.problem((*at, "steps", number, name), message, cure))
    return problems


def _answers(document: Document, at: KeyPath, case: Case) -> list[Problem]:
    """Whatever is asked may be a lookup or a route: one of the two must understand it."""
    problems = []
    for source, given in case.answers.items():
        for answer in given if isinstance(given, list) else [given]:
            if isinstance(answer, dict | str):
                continue
            message = "an answer is a mapping, a text, or how it fails"
            cure = "write {balance: 12}, nothing, late or unreachable"
            problems.append(document.problem((*at, "answers", source), message, cure))
    return problems
