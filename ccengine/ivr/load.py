"""From YAML files to flows, or to all that is wrong with them at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, ValidationError

from ccengine.ids import FlowId
from ccengine.ivr.checks.graph import Graph
from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.checks.table import FLOW_RULES, WHOLE_RULES
from ccengine.ivr.draft import Draft
from ccengine.ivr.link import linked
from ccengine.ivr.model import KNOWN_NAMES, Flow, Name, Step, StepName, StepPart, Texts
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.site.model import Site
from ccengine.yamlsource.explain import problems_from
from ccengine.yamlsource.model import BadFileError, Document, Problem
from ccengine.yamlsource.near import did_you_mean, near
from ccengine.yamlsource.read import load

MOST_STEPS = 300
MOST_VALUES = 12_000
"""Of one file, keys included: forty for each of the most steps."""
_FLOW_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_WORDS = "small letters, digits and _, beginning with a letter"
PATTERNS = {
    r"^[a-z][a-z0-9_]{0,47}$": _WORDS,
    r"^[a-z][a-z0-9_]{0,63}$": _WORDS,
    r"^[0-9*#]$": "one key of a telephone: 0 to 9, * or #",
    r"^(last|[0-9]{2,8}|\{route\.agent\})$": (
        'an agent\'s extension ("1001"), last, or "{route.agent}" after a route step'
    ),
    r"^[0-9]{2,8}$": 'an extension of 2 to 8 digits, in quotes ("1001")',
    r"^([a-z][a-z0-9_]{0,31}|[0-9]{2,8})$": 'a queue, or an agent\'s extension ("1001")',
    r"^[A-Za-z_][A-Za-z0-9_.\-]{0,63}$": "a name of letters, digits, _ . and -",
    r"^[^\s.]+(\.[^\s.]+){0,7}$": "a path in the answer, such as order.status or items.0.id",
    r"^[a-z][a-z0-9_]{0,31}$": _WORDS,
}
"""The patterns of step models, as they are said to a person."""


class FlowFile(StepPart):
    """The outside of a flow file; each step is read by its own type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = Field(alias="schema")
    """The shape of the file; always 1."""
    title: Texts | None = None
    """For people; never spoken."""
    takes: tuple[Name, ...] = ()
    """Names that a flow which enters this one must give."""
    no_human: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = None
    """Why callers need no way to a human here. Without it every menu must have one."""
    start: StepName
    """The first step."""
    steps: dict[StepName, object] = Field(min_length=1, max_length=MOST_STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsRead:
    """The flows of a folder as far as they are without fault, and all that is to be told."""

    flows: dict[FlowId, Flow]
    problems: tuple[Problem, ...]
    """Each keeps its flow from going live."""
    following: tuple[Problem, ...]
    """What only follows from them: flows that lead to a faulty one. Told only without them."""
    warnings: tuple[Problem, ...]
    """What should be known of flows that may go live."""
    drafts: Mapping[FlowId, Draft]
    """All that can be read, faulty or not."""


def check_flows(directory: Path, site: Site | None) -> tuple[dict[FlowId, Flow], list[Problem]]:
    """As ``read_flows``, without the warnings."""
    read = read_flows(directory, site)
    return read.flows, list(read.problems)


def read_flows(directory: Path, site: Site | None) -> FlowsRead:
    """All flows of the directory that are without fault, and the faults of the others.

    A flow is named by its file: ``main.yaml`` is ``main``. Without a site its queues, hours and
    languages are taken on trust (languages: Mandarin and English). Raises nothing for what stands
    in the files: a missing directory and unreadable files are problems too.
    """
    told: dict[Path, list[Problem]] = {}
    paths = sorted(path for path in _files(directory) if path.suffix in (".yaml", ".yml"))
    if not paths:
        cure = "write a flow there, or set the folder of flows (CCENGINE_FLOWS)"
        told[directory] = [Problem.of_file(directory, "no flow (*.yaml) is in this folder", cure)]
    drafts: dict[FlowId, Draft] = {}
    for path in paths:
        draft, in_file = _read_draft(path)
        told[path] = [*_name_problems(path), *in_file]
        if draft is not None:
            drafts[draft.id] = draft
    seen = Seen(
        drafts=drafts,
        names=[path.stem for path in paths],
        graph=Graph(drafts),
        site=site,
        now=datetime.now(UTC),
    )
    found = [
        problem for draft in drafts.values() for rule in FLOW_RULES for problem in rule(draft, seen)
    ]
    found += [problem for rule in WHOLE_RULES for problem in rule(seen)]
    for problem in found:
        told[Path(problem.file)].append(problem)
    links = linked(drafts, _faulty(told))
    every = [
        problem
        for in_file in told.values()
        for problem in sorted(dict.fromkeys(in_file), key=lambda problem: problem.at)
    ]
    return FlowsRead(
        flows=links.flows,
        problems=tuple(problem for problem in every if not problem.warning),
        following=links.problems,
        warnings=tuple(problem for problem in every if problem.warning),
        drafts=drafts,
    )


def _faulty(told: Mapping[Path, list[Problem]]) -> set[FlowId]:
    return {
        FlowId(path.stem)
        for path, in_file in told.items()
        if any(not problem.warning for problem in in_file)
    }


def _files(directory: Path) -> list[Path]:
    return list(directory.iterdir()) if directory.is_dir() else []


def _name_problems(path: Path) -> list[Problem]:
    if path.suffix == ".yml":
        return [Problem.of_file(path, "flows end in .yaml", f"rename it to {path.stem}.yaml")]
    if not _FLOW_NAME.fullmatch(path.stem):
        return [Problem.of_file(path, f"{path.stem!r} cannot name a flow", f"use {_WORDS}")]
    return []


def _read_draft(path: Path) -> tuple[Draft | None, list[Problem]]:
    """The file as far as it can be read; None only when it is no YAML."""
    try:
        document = load(path, MOST_VALUES)
    except BadFileError as error:
        return None, list(error.problems)
    problems: list[Problem] = []
    outside: FlowFile | None = None
    try:
        outside = FlowFile.model_validate(document.value)
    except ValidationError as error:
        problems += problems_from(error, document, model=FlowFile, patterns=PATTERNS)
    value = document.value if isinstance(document.value, dict) else {}
    written = value.get("steps")
    if isinstance(written, dict) and len(written) > MOST_STEPS:
        return None, problems  # this says enough
    steps: dict[str, Step] = {}
    broken: dict[str, object] = {}
    for name, step in (written if isinstance(written, dict) else {}).items():
        read, found = _read_step(document, name, step)
        problems += found
        if read is None:
            broken[name] = step
        else:
            steps[name] = read
    start = value.get("start")
    draft = Draft(
        id=FlowId(path.stem),
        document=document,
        start=start if isinstance(start, str) else "",
        steps=steps,
        broken=broken,
        title=(outside.title if outside is not None else None) or {},
        takes=outside.takes if outside is not None else (),
        no_human=(outside.no_human if outside is not None else None) or "",
    )
    return draft, problems


def _read_step(document: Document, name: str, step: object) -> tuple[Step | None, list[Problem]]:
    here = ("steps", name)
    if not isinstance(step, dict):
        message = f"the step {name!r} is not a mapping"
        return None, [document.key_problem(here, message, "give it a `type:` and its keys")]
    if "type" not in step:
        message = f"the step {name!r} has no type"
        misspelt = next((key for key in step if near(str(key), ["type"])[:3] == "did"), None)
        if misspelt is not None:
            unknown = f"unknown key {str(misspelt)[:40]!r}"
            return None, [document.key_problem((*here, misspelt), unknown, did_you_mean("type"))]
        cure = f"add `type:` with one of {', '.join(STEP_TYPES)}"
        return None, [document.key_problem(here, message, cure)]
    step_type = STEP_TYPES.get(step["type"]) if isinstance(step["type"], str) else None
    if step_type is None:
        message = f"there is no step type {str(step['type'])[:40]!r}"
        cure = near(str(step["type"]), STEP_TYPES)
        return None, [document.problem((*here, "type"), message, cure)]
    try:
        return step_type.model_validate(step), []
    except ValidationError as error:
        found = problems_from(error, document, model=step_type, at=here, patterns=PATTERNS)
        return None, [_of_every_call(problem) for problem in found]


def _of_every_call(problem: Problem) -> Problem:
    """A built-in name where a flow's own name is wanted: no matter of spelling."""
    for name in KNOWN_NAMES:
        if problem.message == f"{name!r} cannot stand here":
            message = f"{name!r} belongs to every call and cannot be given another value"
            return replace(problem, message=message, cure="use a name of your own")
    return problem
