"""Flows, publications and figures as docs/API.md has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ccengine.clock import moment
from ccengine.flows.chart import label
from ccengine.flows.figures import FlowFigures, StepFigures
from ccengine.flows.model import Publication, Refusal
from ccengine.ids import FlowId
from ccengine.ivr.model import Flow, Step
from ccengine.yamlsource.model import Problem

Body = dict[str, object]


def flow_rows(flows: Mapping[FlowId, Flow], listed: Sequence[Publication]) -> list[Body]:
    """``listed``: the newest first."""
    return [
        {
            "flow": flow.id,
            "title": _titles(flow),
            "version": flow.version,
            "steps": len(flow.steps),
            "brought_by": publication_body(brought) if brought else None,
        }
        for flow in flows.values()
        for brought in [_brought(flow, listed)]
    ]


def _brought(flow: Flow, listed: Sequence[Publication]) -> Publication | None:
    """The publication since which the flow's file says what it says."""
    found: Publication | None = None
    digest = ""
    for one in listed:
        file = next((file for file in one.files if file.flow == flow.id), None)
        if found is None:
            if file is not None and file.version == flow.version:
                found, digest = one, file.digest
        elif file is not None and file.digest == digest:
            found = one
        else:
            break
    return found


def flow_body(flow: Flow) -> Body:
    return {
        "flow": flow.id,
        "title": _titles(flow),
        "version": flow.version,
        "start": flow.start,
        "steps": {name: _step(step) for name, step in flow.steps.items()},
    }


def _titles(flow: Flow) -> dict[str, str]:
    return {str(spoken): text for spoken, text in flow.title.items()}


def _step(step: Step) -> Body:
    ways = []
    for branch in step.ways():
        name, is_key = label(branch.at)
        ways.append({"to": branch.to, "way": name, "key": is_key, "results": results(name, is_key)})
    return {
        "type": step.type,
        "title": {str(spoken): said for spoken, said in (step.title or {}).items()},
        "texts": [
            {
                "at": ".".join(map(str, text.at)),
                "texts": {str(spoken): said for spoken, said in text.texts.items()},
            }
            for text in step.texts()
        ],
        "uses": [site.name for site in step.site_names() if site.kind != "language"],
        "flows": [use.flow for use in step.flows()],
        "ways": ways,
    }


def results(way: str, is_key: bool) -> list[str]:
    """What the journal calls this way: a queue's exit key is told as such."""
    return [way, f"key_{way}"] if is_key else [way]


def publication_body(one: Publication) -> Body:
    return {
        "number": one.number,
        "at": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "author": one.author,
        "note": one.note,
        "source": one.source.value,
        "equals": one.equals,
        "flows": {file.flow: file.version for file in one.files},
    }


def refusal_body(refusal: Refusal | None) -> Body | None:
    if refusal is None:
        return None
    return {
        "at": moment(refusal.at).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "said": refusal.said,
        "problems": problem_bodies(refusal.problems),
    }


def problem_bodies(problems: Iterable[Problem]) -> list[Body]:
    """The file by its name alone: where it lies is the server's own business."""
    return [
        {
            "file": problem.file.rsplit("/", 1)[-1],
            "line": problem.at.line,
            "column": problem.at.column,
            "message": problem.message,
            "cure": problem.cure,
        }
        for problem in problems
    ]


def figures_body(figures: FlowFigures) -> Body:
    steps = {name: _step_figures(step) for name, step in figures.steps.items()}
    return {**_of_calls(figures), "steps": steps}


def day_body(day: date, flow: FlowId, figures: Mapping[FlowId, FlowFigures]) -> Body:
    """A day without a call is a day too."""
    return {"day": day.isoformat(), **_of_calls(figures.get(flow) or _NOTHING)}


_NOTHING = FlowFigures(flow=FlowId(""), version="", calls=0, over=0, human=0, finished=0, hung_up=0)


def _of_calls(figures: FlowFigures) -> Body:
    return {
        "calls": figures.calls,
        "over": figures.over,
        "human": figures.human,
        "finished": figures.finished,
        "hung_up": figures.hung_up,
        "containment": _rounded(figures.containment),
        "drop_off": _rounded(figures.drop_off),
    }


def _step_figures(step: StepFigures) -> Body:
    return {
        "visits": step.visits,
        "left": step.left,
        "failed": step.failed,
        "drop_off": _rounded(step.drop_off),
        "no_input_rate": _rounded(step.no_input_rate),
        "invalid_rate": _rounded(step.invalid_rate),
        "results": dict(step.results),
        "median_s": step.median_s,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
