"""What changed between two versions of flows, in the words of flows: steps, ways, texts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ccengine.flows.change_words import Shown, sentence
from ccengine.flows.chart import label
from ccengine.flows.model import Texts
from ccengine.ids import FlowId
from ccengine.ivr.model import Flow, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``what``: a word for programs. ``step`` empty: the flow itself."""

    flow: FlowId
    step: str
    what: str
    about: Shown
    """What its sentence speaks of."""

    def said(self, language: str) -> str:
        return sentence(self.what, self.about, language)

    def told(self, language: str) -> str:
        """With its place."""
        place = f"{self.flow}.{self.step}" if self.step else self.flow
        return f"{place}: {self.said(language)}"

    def __str__(self) -> str:
        return self.told("en")


Written = Mapping[tuple[str | int, ...], object]
"""The keys of a step that are neither ways nor texts, by their place."""


def changes(before: Mapping[FlowId, Flow], after: Mapping[FlowId, Flow]) -> list[Change]:
    """In the order of the flows' names, then of the steps in the newer file."""
    found: list[Change] = []
    for flow in sorted({*before, *after}):
        old, new = before.get(flow), after.get(flow)
        if old is None:
            found.append(_of_flow(flow, "flow_added"))
        elif new is None:
            found.append(_of_flow(flow, "flow_removed"))
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


def _of_flow(flow: FlowId, what: str, **about: str | None) -> Change:
    return Change(flow=flow, step="", what=what, about=about)


def _flow(old: Flow, new: Flow) -> Iterator[Change]:
    names = _renamed(old, new)
    if names.get(old.start, old.start) != new.start:
        yield _of_flow(new.id, "start", now=new.start, was=old.start)
    for spoken in (*new.title, *(one for one in old.title if one not in new.title)):
        was, now = old.title.get(spoken, ""), new.title.get(spoken, "")
        if was != now:
            yield _of_flow(new.id, "title", tongue=str(spoken), now=now, was=was)
    came_from = {new_name: old_name for old_name, new_name in names.items()}
    for name, step in new.steps.items():
        if name in came_from:
            yield _of_step(new.id, name, "step_renamed", was=came_from[name])
        was_step = old.steps.get(came_from.get(name, name))
        if was_step is None:
            yield _of_step(new.id, name, "step_added", now=step.type)
        else:
            yield from _step(new.id, name, was_step, step, names)
    for name, step in old.steps.items():
        if name not in new.steps and name not in names:
            yield _of_step(new.id, name, "step_removed", was=step.type)


def _of_step(flow: FlowId, step: str, what: str, **about: str | None) -> Change:
    return Change(flow=flow, step=step, what=what, about=about)


def _step(
    flow: FlowId, name: str, old: Step, new: Step, names: Mapping[str, str]
) -> Iterator[Change]:
    if old.type != new.type:
        yield _of_step(flow, name, "type", now=new.type, was=old.type)
    was_ways = {label(at): names.get(to, to) for at, to in _ways(old).items()}
    ways = {label(at): to for at, to in _ways(new).items()}
    for way in (*ways, *(way for way in was_ways if way not in ways)):
        to, was = ways.get(way), was_ways.get(way)
        if to != was:
            what = "way_removed" if to is None else "way_added" if was is None else "way_changed"
            by = {"key" if way[1] else "way": way[0]}
            yield _of_step(flow, name, what, now=to, was=was, **by)
    was_texts, texts = _texts(old), _texts(new)
    for place in (*texts, *(place for place in was_texts if place not in texts)):
        now, before = texts.get(place), was_texts.get(place)
        if now != before:
            what, at, tongue = place
            yield _of_step(flow, name, what, at=at, tongue=tongue, now=now, was=before)
    was_rest, rest = _rest(old), _rest(new)
    for at_ in (*rest, *(at for at in was_rest if at not in rest)):
        if rest.get(at_) != was_rest.get(at_):
            now, before = _value(rest, at_), _value(was_rest, at_)
            yield _of_step(flow, name, "setting", at=_place(at_), now=now, was=before)


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


def _texts(step: Step) -> dict[tuple[str, str, str], str]:
    """By ``text`` or ``title``, place and language."""
    found = {}
    for text in step.texts():
        at = _place(text.at) if text.at != ("say",) else ""
        for spoken, said in text.texts.items():
            found["text", at, str(spoken)] = said
    for spoken, said in (step.title or {}).items():
        found["title", "", str(spoken)] = said
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


def _value(rest: Written, at: tuple[str | int, ...]) -> str | None:
    return str(rest[at]) if at in rest else None
