"""What there is to draw of a flow: its steps with what they say, and where each way leads.

Ways that lead back, and those to a step that half of the flow leads to, are told by the target's
name instead of a line: a picture with all lines shows none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ccengine.flows.words import MINOR, way_word
from ccengine.ivr.model import Branch, Flow, Step
from ccengine.ivr.steps.branch import BranchStep
from ccengine.site.model import Language
from ccengine.yamlsource.model import KeyPath

MOST_LINES_IN = 5
"""A step to which more ways than this lead is named at their ends."""
LONGEST_LINE = 4
"""Columns that a line may cross before the target is named instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Ways of one step to the same target, as one. ``keys``: labels that are telephone keys."""

    to: str
    keys: tuple[str, ...]
    words: tuple[str, ...]
    results: tuple[str, ...]
    """The results in the journal that mean this way, as far as the step's file tells them."""
    minor: bool
    line: bool = True
    """False: the target is named, and no line is drawn."""

    @property
    def plain(self) -> bool:
        """The only way on has no label."""
        return not self.keys and not self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    name: str
    type: str
    title: str
    """In the picture's language; empty: the step has none."""
    about: str
    """What it says, or what it relies on: shown cut."""
    whole: str
    """All texts in all languages, for whoever points at it."""
    ways: tuple[Way, ...]
    flow: str = ""
    """The other flow that it leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    flow: str
    start: str
    nodes: Mapping[str, Node]
    columns: Sequence[Sequence[str]]
    """Which steps stand in which column, in the order in which ways lead to them."""


def chart(flow: Flow, language: str) -> Chart:
    """The same flow gives the same chart, always."""
    ways = {name: _ways(step, language) for name, step in flow.steps.items()}
    order, back = _walk(flow.start, ways)
    known = {name: _only_known(ways[name], flow.steps) for name in order}
    leading = dict.fromkeys(order, 0)
    for name in order:
        for way in known[name]:
            leading[way.to] += (name, way.to) not in back
    crowded = {name for name, count in leading.items() if count > MOST_LINES_IN}
    column = _columns(order, known, back, crowded)
    nodes = {}
    for name in order:
        drawn = []
        for way in known[name]:
            far = column[way.to] - column[name] > LONGEST_LINE
            line = (name, way.to) not in back and way.to not in crowded and not far
            drawn.append(_lined(way, line))
        nodes[name] = _node(name, flow.steps[name], tuple(drawn), language)
    columns: list[list[str]] = [[] for _ in range(max(column.values()) + 1)]
    for name in order:
        columns[column[name]].append(name)
    return Chart(flow=flow.id, start=flow.start, nodes=nodes, columns=columns)


def _node(name: str, step: Step, ways: tuple[Way, ...], language: str) -> Node:
    said = [_in(text.texts, language) for text in step.texts()]
    relies = [site.name for site in step.site_names() if site.kind != "language"]
    led = [use.flow for use in step.flows()]
    about = " · ".join(relies) or (said[0] if said else " · ".join(led))
    whole = [
        f"{'.'.join(map(str, text.at))} ({spoken}): {words}"
        for text in step.texts()
        for spoken, words in text.texts.items()
    ]
    return Node(
        name=name,
        type=step.type,
        title=_in(step.title or {}, language),
        about=about,
        whole="\n".join([f"{name} ({step.type})", *relies, *led, *whole]),
        ways=ways,
        flow=led[0] if led else "",
    )


def _ways(step: Step, language: str) -> tuple[Way, ...]:
    branches = step.ways()
    by_target: dict[str, list[Branch]] = {}
    for branch in branches:
        by_target.setdefault(branch.to, []).append(branch)
    return tuple(_way(step, to, found, len(branches), language) for to, found in by_target.items())


def _way(step: Step, to: str, branches: Sequence[Branch], of: int, language: str) -> Way:
    keys: list[str] = []
    words: list[str] = []
    results: list[str] = []
    minor = True
    for branch in branches:
        name, is_key = label(branch.at)
        minor = minor and not is_key and name in MINOR
        results.append(name)
        if is_key:
            keys.append(name)
        elif isinstance(step, BranchStep) and branch.at[0] == "when":
            words.append(step.when[int(branch.at[1])].condition.text)
        elif of > 1 or name not in ("next", "step"):
            words.append(way_word(name, language))
    return Way(to=to, keys=tuple(keys), words=tuple(words), results=tuple(results), minor=minor)


def label(at: KeyPath) -> tuple[str, bool]:
    """A way's name from its place in the file; whether it is a telephone key.

    ``("keys", "1")`` is the key 1, ``("no_input", "next")`` is no_input.
    """
    if at[0] == "keys" and len(at) > 1:
        return str(at[1]), True
    if at[0] == "when" and len(at) > 1:
        return f"when_{int(at[1]) + 1}", False
    inner = [str(part) for part in at if part not in ("next", "to", "step", "ways", "branches")]
    return (inner[-1] if inner else str(at[-1])), False


def _only_known(ways: Iterable[Way], steps: Mapping[str, Step]) -> tuple[Way, ...]:
    return tuple(way for way in ways if way.to in steps)


def _lined(way: Way, line: bool) -> Way:
    return Way(
        to=way.to, keys=way.keys, words=way.words, results=way.results, minor=way.minor, line=line
    )


def _walk(start: str, ways: Mapping[str, Sequence[Way]]) -> tuple[list[str], set[tuple[str, str]]]:
    """Steps in the order in which a caller may meet them, and the ways that lead back."""
    order: list[str] = []
    back: set[tuple[str, str]] = set()
    open_steps: dict[str, int] = {}
    stack = [start]
    done: set[str] = set()
    while stack:
        name = stack[-1]
        if name not in open_steps:
            open_steps[name] = 0
            order.append(name)
        at = open_steps[name]
        if at == len(ways[name]):
            done.add(name)
            stack.pop()
            continue
        open_steps[name] += 1
        to = ways[name][at].to
        if to not in ways:
            continue
        if to in open_steps and to not in done:
            back.add((name, to))
        elif to not in done:
            stack.append(to)
    return order, back


def _columns(
    order: Sequence[str],
    ways: Mapping[str, Sequence[Way]],
    back: set[tuple[str, str]],
    crowded: set[str],
) -> dict[str, int]:
    """Each step stands right of all that lead to it by a line."""
    column: dict[str, int] = {}
    for name in _sorted(order, ways, back):
        column.setdefault(name, 0)
        for way in ways[name]:
            beyond = column[name] + 1
            if way.to in crowded:  # no line ends there: next to the first that leads to it
                column.setdefault(way.to, beyond)
            elif (name, way.to) not in back:
                column[way.to] = max(column.get(way.to, 0), beyond)
    last = max(column.values())
    return {name: last if name in crowded and not ways[name] else at for name, at in column.items()}


def _sorted(
    order: Sequence[str], ways: Mapping[str, Sequence[Way]], back: set[tuple[str, str]]
) -> list[str]:
    """So that whatever leads to a step comes before it."""
    waiting = dict.fromkeys(order, 0)
    for name in order:
        for way in ways[name]:
            waiting[way.to] += (name, way.to) not in back
    ready = [name for name in order if not waiting[name]]
    found = []
    while ready:
        name = ready.pop(0)
        found.append(name)
        for way in ways[name]:
            if (name, way.to) not in back:
                waiting[way.to] -= 1
                if not waiting[way.to]:
                    ready.append(way.to)
    return found


def _in(texts: Mapping[Language, str], language: str) -> str:
    first = next(iter(texts.values()), "")
    return next((text for spoken, text in texts.items() if spoken == language), first)
