"""All cases of some files run, one after the other, and what they have been through."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ccengine.flowtest.call import Call
from ccengine.flowtest.case import WrittenCase
from ccengine.flowtest.case_file import read_cases
from ccengine.flowtest.coverage import Coverage
from ccengine.flowtest.flow_files import FlowFiles
from ccengine.flowtest.play_case import Outcome, play_case
from ccengine.flowtest.simulated import SimulatedCaller
from ccengine.ids import FlowId
from ccengine.ivr.model import Flow
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError, Position, Problem
from ccengine.yamlsource.near import near


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesRun:
    """``problems`` are of case files that could not be read."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    coverage: Coverage
    seconds: float

    @property
    def failed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.passed]


async def run_cases(
    paths: Sequence[Path], files: FlowFiles, site: Site | None, only: Sequence[str] = ()
) -> CasesRun:
    """In simulation. ``only``: the flows whose coverage is meant; none: all.

    Raises nothing for what stands in the files.
    """
    began = time.perf_counter()
    problems: list[Problem] = []
    outcomes: list[Outcome] = []
    coverage = Coverage(flows=files.flows)
    for path in paths:
        try:
            written = read_cases(path)
        except BadFileError as error:
            problems += error.problems
            continue
        flow = files.flows.get(FlowId(written[0].flow))
        if flow is None:
            problems.append(_no_flow(path, written[0].flow, files))
            continue
        for case in written:
            outcomes.append(await _run(case, flow, site, coverage))
    return CasesRun(
        outcomes=tuple(outcomes),
        problems=tuple(problems),
        coverage=coverage.of(only),
        seconds=time.perf_counter() - began,
    )


async def _run(case: WrittenCase, flow: Flow, site: Site | None, coverage: Coverage) -> Outcome:
    call = Call(flow, case.case.arrival, site)
    outcome = await play_case(case, SimulatedCaller(call, case.case.answers))
    coverage.add(call)
    return outcome


def _no_flow(path: Path, flow: str, files: FlowFiles) -> Problem:
    broken = (files.folder / f"{flow}.yaml").is_file()
    message = f"the flow {flow!r} is faulty" if broken else f"there is no flow {flow!r}"
    cure = "mend it first" if broken else near(flow, files.flows)
    cure = cure or "name the file after a flow, or write `flow: …`"
    return Problem(file=str(path), at=Position(line=1, column=1), message=message, cure=cure)
