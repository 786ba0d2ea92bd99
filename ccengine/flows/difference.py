"""What changed between two versions of flows, in the words of flows: steps, ways, texts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ccengine.flows.chart import label
from ccengine.flows.model import Texts
from ccengine.ids import FlowId
from ccengine.ivr.model import Flow, Step

MOST_SHOWN = 80
"""Characters of a text in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``what``: a word for programs; ``said``: a sentence. ``step`` empty: the flow itself."""

    flow: FlowId
    step: str
    what: str
    said: str

    def __str__(self) -> str:
        place = f"{self.flow}.{self.step}" if self.step else self.flow
        return f"{place}: {self.said}"


Written = Mapping[tuple[str | int, ...], object]
"""The keys of a step that are neither ways nor texts, by their place."""


def changes(before: Mapping[FlowId, Flow], after: Mapping[FlowId, Flow]) -> list[Change]:
    """In the order of the flows' names, then of the steps in the newer file."""
    found: list[Change] = []
    for flow in sorted({*before, *after}):
        old, new = before.get(flow), after.get(flow)
        if old is None:
            found.append(_of_flow(flow, "flow_added", "new flow"))
        elif new is None:
            found.append(_of_flow(flow, "flow_removed", "flow removed"))
        else:
            found += _flow(old, new)
    return found


def text_changes(before: Texts, after: Texts) -> str:
    """As unified text."""
    lines: list[str] = []
    for flow in sorted({*before, *after}):
        lines += difflib.unified_diff(
            before.get(flow, "").splitlines(keepends=True),
            after.get(flow, "").splitlines(keepends=True),
            f"before/{flow}.yaml",
            f"after/{flow}.yaml",
        )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _of_flow(flow: FlowId, what: str, said: str) -> Change:
    return Change(flow=flow, step="", what=what, said=said)


def _flow(old: Flow, new: Flow) -> Iterator[Change]:
    names = _renamed(old, new)
    if names.get(old.start, old.start) != new.start:
        yield _of_flow(new.id, "start", f"starts at {new.start} (was {old.start})")
    for spoken in (*new.title, *(one for one in old.title if one not in new.title)):
        was, now = old.title.get(spoken, ""), new.title.get(spoken, "")
        if was != now:
            yield _of_flow(new.id, "title", f"title in {spoken}: {_shown(now)} (was {_shown(was)})")
    came_from = {new_name: old_name for old_name, new_name in names.items()}
    for name, step in new.steps.items():
        if name in came_from:
            said = f"renamed from {came_from[name]}"
            yield Change(flow=new.id, step=name, what="step_renamed", said=said)
        was_step = old.steps.get(came_from.get(name, name))
        if was_step is None:
            yield Change(flow=new.id, step=name, what="step_added", said=f"new step ({step.type})")
        else:
            yield from _step(new.id, name, was_step, step, names)
    for name, step in old.steps.items():
        if name not in new.steps and name not in names:
            said = f"step removed ({step.type})"
            yield Change(flow=new.id, step=name, what="step_removed", said=said)


def _step(
    flow: FlowId, name: str, old: Step, new: Step, names: Mapping[str, str]
) -> Iterator[Change]:
    def told(what: str, said: str) -> Change:
        return Change(flow=flow, step=name, what=what, said=said)

    if old.type != new.type:
        yield told("type", f"is a {new.type} step now (was {old.type})")
    was_ways = {_way(at): names.get(to, to) for at, to in _ways(old).items()}
    ways = {_way(at): to for at, to in _ways(new).items()}
    for way in (*ways, *(way for way in was_ways if way not in ways)):
        to, was = ways.get(way), was_ways.get(way)
        if to is None:
            yield told("way_removed", f"{way} no longer leads to {was}")
        elif was is None:
            yield told("way_added", f"{way} leads to {to} (new)")
        elif to != was:
            yield told("way_changed", f"{way} now leads to {to} (was {was})")
    was_texts, texts = _texts(old), _texts(new)
    for place in (*texts, *(place for place in was_texts if place not in texts)):
        now, before = texts.get(place), was_texts.get(place)
        if now != before:
            said = f"{place}: {_shown(now)} (was {_shown(before)})"
            yield told("text", said)
    was_rest, rest = _rest(old), _rest(new)
    for at in (*rest, *(at for at in was_rest if at not in rest)):
        if rest.get(at) != was_rest.get(at):
            said = f"{_place(at)}: {_value(rest, at)} (was {_value(was_rest, at)})"
            yield told("setting", said)


def _renamed(old: Flow, new: Flow) -> dict[str, str]:
    """Steps that are gone, and the one new step that is in all but its name the same."""
    gone = [name for name in old.steps if name not in new.steps]
    came = [name for name in new.steps if name not in old.steps]
    found: dict[str, str] = {}
    for name in gone:
        like = [
            other
            for other in came
            if other not in found.values() and _same(old.steps[name], new.steps[other])
        ]
        if len(like) == 1:
            found[name] = like[0]
    return found


def _same(old: Step, new: Step) -> bool:
    """The same but for where it leads: that may have been renamed too."""
    return (
        old.type == new.type
        and _texts(old) == _texts(new)
        and _rest(old) == _rest(new)
        and set(_ways(old)) == set(_ways(new))
    )


def _ways(step: Step) -> dict[tuple[str | int, ...], str]:
    return {branch.at: branch.to for branch in step.ways()}


def _way(at: tuple[str | int, ...]) -> str:
    name, is_key = label(at)
    return f"key {name}" if is_key else name


def _texts(step: Step) -> dict[str, str]:
    found = {}
    for text in step.texts():
        at = text.at if text.at != ("say",) else ()
        place = f" of {_place(at)}" if at else ""
        for spoken, said in text.texts.items():
            found[f"text{place} in {spoken}"] = said
    for spoken, said in (step.title or {}).items():
        found[f"title in {spoken}"] = said
    return found


def _rest(step: Step) -> Written:
    known = set(_ways(step)) | {("title",), ("type",)}
    for text in step.texts():
        known.add(text.at)
        known |= {(*text.at, spoken) for spoken in text.texts}
    short = {at[:-1] for at in known if at and at[-1] == "next"}
    dumped = step.model_dump(by_alias=True, mode="python")
    return {
        at: value
        for at, value in _flat(dumped, ())
        if not any(at[: len(one)] == one for one in known) and at not in short
    }


def _flat(
    value: object, at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, (*at, key))
    elif isinstance(value, list | tuple) and value:
        for number, inner in enumerate(value):
            yield from _flat(inner, (*at, number))
    else:
        yield at, value


def _place(at: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in at)


def _value(rest: Written, at: tuple[str | int, ...]) -> str:
    return _shown(str(rest[at])) if at in rest else "not set"


def _shown(text: str | None) -> str:
    if text is None:
        return "none"
    flat = " ".join(text.split())
    return f"“{flat}”" if len(flat) <= MOST_SHOWN else f"“{flat[: MOST_SHOWN - 1]}…”"
