"""What is wrong with a flow whose every path was walked, and how long its callers need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ccengine.flowtest.caller import NotAsWrittenError
from ccengine.flowtest.explore import Explored, State
from ccengine.flowtest.paths import can_reach, longest_first, presses_to, seconds_to
from ccengine.flowtest.recorder import Recorder, Written
from ccengine.ids import FlowId
from ccengine.ivr.steps.branch import BranchStep
from ccengine.site.model import Site
from ccengine.yamlsource.model import KeyPath

Kind = Literal[
    "breaks", "no_way_out", "silence_without_end", "no_person", "unreached_step", "unreached_way"
]
NOTES: tuple[Kind, ...] = ("no_person",)
"""May be meant so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``state``: a call to which it happens; None: it happens to none."""

    kind: Kind
    flow: FlowId
    step: str
    at: KeyPath = ()
    said: str
    state: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a flow. ``state``: the call for which it holds."""

    name: Literal["first_choice_s", "person_s", "far_from_person_s", "deepest_choice"]
    value: float
    state: State


def findings(explored: Explored) -> list[Finding]:
    """Each once for a step, with the shortest way to it."""
    found = [
        *_broken(explored),
        *_no_way_out(explored),
        *_silence_without_end(explored),
        *_no_person(explored),
    ]
    if explored.whole:
        found += _unreached(explored)
    return found


def _broken(explored: Explored) -> Iterator[Finding]:
    for state in _once(explored.states, lambda state: state.error is not None):
        yield _finding("breaks", state, f"breaks, and the caller hears an apology: {state.error}")


def _no_way_out(explored: Explored) -> Iterator[Finding]:
    """Where only hanging up helps; of several steps the one by which calls get there."""
    # Where the walk broke off nobody knows what comes.
    ends = can_reach(explored, lambda state: state.over or state.person or not state.edges)
    lost = {place for place, state in enumerate(explored.states) if not ends(state)}
    entries = set(explored.starts) & lost
    for place, state in enumerate(explored.states):
        if place not in lost:
            entries |= {edge.to for edge in state.edges if edge.to in lost}
    first = [explored.states[place] for place in sorted(entries)]
    for state in _once(first, lambda state: True):
        said = "from here no path leads to a person or to an end: a caller can only hang up"
        yield _finding("no_way_out", state, said)


def _silence_without_end(explored: Explored) -> Iterator[Finding]:
    """Rounds on which the caller does nothing and nobody else does; each told once."""
    told: set[int] = set()
    for place, state in enumerate(explored.states):
        if place in told:
            continue
        round_ = _round(explored, place)
        told |= round_
        if round_:
            said = "a caller who does nothing goes round for ever"
            yield _finding("silence_without_end", state, said)


def _round(explored: Explored, start: int) -> set[int]:
    """The places that silence leads through from here back to here; none: it does not."""
    seen: set[int] = set()
    to_visit = [start]
    while to_visit:
        for edge in explored.states[to_visit.pop()].edges:
            if edge.tried.silent and edge.to not in seen:
                seen.add(edge.to)
                to_visit.append(edge.to)
    return seen if start in seen else set()


def _no_person(explored: Explored) -> Iterator[Finding]:
    """A caller is asked something, and whatever it answers it gets to no person any more.

    A flow that returns may lead to one in the flow that enters it.
    """
    people = can_reach(explored, lambda state: state.person or _returned(state))
    for state in _once(
        explored.states, lambda state: state.choice and not state.met and not people(state)
    ):
        yield _finding("no_person", state, "from this choice no person can be reached")


def _returned(state: State) -> bool:
    return state.over and state.run.flow_now.steps[state.step].returns() is not None


def _unreached(explored: Explored) -> Iterator[Finding]:
    coverage = explored.coverage
    missing = coverage.missing_steps
    for flow, step in missing:
        said = f"no call got to the step {step!r}"
        yield Finding(kind="unreached_step", flow=flow, step=step, said=said)
    for flow, name, at in coverage.missing_ways:
        if (flow, name) in missing:
            continue
        written = coverage.flows[flow].steps[name]
        why = _in_the_way(written, at) if isinstance(written, BranchStep) else ""
        said = f"no call went by {'.'.join(map(str, at))} of {name!r}{why}"
        yield Finding(kind="unreached_way", flow=flow, step=name, at=at, said=said)


def _in_the_way(step: BranchStep, at: KeyPath) -> str:
    match at:
        case ("when", int(place), *_):
            return f": nothing that was tried makes `{step.when[place].condition.text}` true"
        case _:
            texts = " or ".join(f"`{one.condition.text}`" for one in step.when)
            return f": {texts} was always true"


def figures(explored: Explored) -> list[Figure]:
    """In the order in which they are told; those that have no value are left out."""
    told: list[Figure] = []
    first = longest_first(explored)
    if first is not None:
        told.append(Figure(name="first_choice_s", value=first[0], state=first[1]))
    to_person = seconds_to(explored, lambda state: state.person)
    starts = [id(explored.states[place]) for place in explored.starts]
    known = [one for one in to_person if id(one[1]) in starts]
    if known:
        seconds, state = max(known, key=lambda one: one[0])
        told.append(Figure(name="person_s", value=seconds, state=state))
    far = [one for one in to_person if not one[1].met and not one[1].person]
    if far:
        seconds, state = max(far, key=lambda one: one[0])
        told.append(Figure(name="far_from_person_s", value=seconds, state=state))
    deep: dict[tuple[str, str], tuple[int, State]] = {}
    for depth, state in presses_to(explored):
        place = (state.flow, state.step)
        # A menu that is repeated is not deeper for that.
        if state.choice and (place not in deep or depth < deep[place][0]):
            deep[place] = (depth, state)
    if deep:
        depth, state = max(deep.values(), key=lambda one: one[0])
        told.append(Figure(name="deepest_choice", value=depth + 1, state=state))
    return told


async def case_of(finding: Finding | Figure, explored: Explored, site: Site | None) -> Written:
    """A case that leads there; without a state, none: an empty one."""
    state = finding.state
    if state is None:
        return {}
    recorder = Recorder(explored.flow, state.arrival, site)
    name = finding.kind if isinstance(finding, Finding) else finding.name
    try:
        for step in state.inputs:
            await recorder.do(step)
        return await recorder.case(f"{name} at {state.step}")
    except NotAsWrittenError:
        # The walk answers for the world; a caller's keys can be eaten on the way to the same.
        return {}


def _finding(kind: Kind, state: State, said: str) -> Finding:
    return Finding(kind=kind, flow=state.flow, step=state.step, said=said, state=state)


def _once(states: Sequence[State], holds: Callable[[State], bool]) -> Iterator[State]:
    """The first state of each step for which it holds: the one with the shortest way."""
    told: set[tuple[str, str]] = set()
    for state in states:
        if (state.flow, state.step) not in told and holds(state):
            told.add((state.flow, state.step))
            yield state
