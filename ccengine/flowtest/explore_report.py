"""What the walk through every path came to, for people and for machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from ccengine.flowtest.explore import Explored, Explorer
from ccengine.flowtest.findings import NOTES, Figure, Finding, case_of, figures, findings
from ccengine.flowtest.flow_files import FlowFiles
from ccengine.flowtest.recorder import Written, as_yaml
from ccengine.flowtest.spoken_time import SpokenTime
from ccengine.ivr.model import Flow
from ccengine.site.model import Site

_FIGURES = {
    "first_choice_s": "longest time until a caller has heard its first choice",
    "person_s": "soonest way to a person",
    "far_from_person_s": "farthest that a caller can be from a person",
    "deepest_choice": "choices one after the other",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One flow, with a case for each finding and figure."""

    explored: Explored
    findings: tuple[tuple[Finding, Written], ...]
    figures: tuple[tuple[Figure, Written], ...]
    seconds: float

    @property
    def wrong(self) -> bool:
        return not self.explored.whole or any(
            finding.kind not in NOTES for finding, _ in self.findings
        )


async def walked(flow: Flow, site: Site | None, spoken_time: SpokenTime) -> Walked:
    began = time.perf_counter()
    explored = Explorer(flow, site, spoken_time).explore()
    found = findings(explored)
    counted = figures(explored)
    return Walked(
        explored=explored,
        findings=tuple([(one, await case_of(one, explored, site)) for one in found]),
        figures=tuple([(one, await case_of(one, explored, site)) for one in counted]),
        seconds=time.perf_counter() - began,
    )


def walked_as_text(walk: Walked, files: FlowFiles) -> Iterator[str]:
    explored = walk.explored
    edges = sum(len(state.edges) for state in explored.states)
    yield (
        f"{explored.flow.id}: {len(explored.states)} situations, {edges} answers tried, "
        f"{walk.seconds * 1000:.0f} ms"
    )
    if not explored.whole:
        yield "  not all of them: the flow remembers too much for that"
    for figure, _ in walk.figures:
        unit = "" if figure.name == "deepest_choice" else " s"
        yield f"  {_FIGURES[figure.name]}: {figure.value:.0f}{unit} (at {figure.state.step})"
    for finding, case in walk.findings:
        place = files.place(finding.flow, finding.step, finding.at)
        note = "note: " if finding.kind in NOTES else ""
        yield f"{place}: {note}{finding.said}"
        if case:
            yield from (f"    {line}" for line in as_yaml([case]).splitlines())


def walked_as_json(walk: Walked, files: FlowFiles) -> dict[str, object]:
    return {
        "flow": walk.explored.flow.id,
        "situations": len(walk.explored.states),
        "whole": walk.explored.whole,
        "seconds": round(walk.seconds, 4),
        "figures": [
            {"name": one.name, "value": round(one.value, 1), "step": one.state.step, "case": case}
            for one, case in walk.figures
        ],
        "findings": [
            {
                "kind": one.kind,
                "flow": one.flow,
                "step": one.step,
                "place": files.place(one.flow, one.step, one.at),
                "said": one.said,
                "note": one.kind in NOTES,
                "case": case,
            }
            for one, case in walk.findings
        ],
    }
