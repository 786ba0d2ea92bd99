"""What a run of cases came to, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.flowtest.all_cases import CasesRun
from ccengine.flowtest.coverage import Coverage
from ccengine.flowtest.flow_files import FlowFiles
from ccengine.flowtest.play_case import Outcome
from ccengine.yamlsource.model import KeyPath


def as_text(run: CasesRun, files: FlowFiles, *, coverage: bool) -> Iterator[str]:
    """Every failure with its dialogue; then the sums, and with ``coverage`` what is missing."""
    for problem in (*files.problems, *run.problems):
        yield str(problem)
    for outcome in run.failed:
        yield f"{outcome}\n"
    count = len(run.outcomes)
    yield (
        f"{count} {'case' if count == 1 else 'cases'}, {len(run.failed)} failed, "
        f"{run.seconds * 1000:.0f} ms"
    )
    yield _sum(run.coverage)
    if coverage:
        yield from _missing(run.coverage, files)


def _sum(coverage: Coverage) -> str:
    steps, ways = coverage.all_steps(), coverage.all_ways()
    return (
        f"coverage {coverage.percent:.0f} %: "
        f"{len(steps) - len(coverage.missing_steps)} of {len(steps)} steps, "
        f"{len(ways) - len(coverage.missing_ways)} of {len(ways)} ways out of them"
    )


def _missing(coverage: Coverage, files: FlowFiles) -> Iterator[str]:
    steps = coverage.missing_steps
    for flow, step in steps:
        yield f"{files.place(flow, step)}: no case reaches the step {step!r}"
    for flow, step, at in coverage.missing_ways:
        if (flow, step) not in steps:
            yield f"{files.place(flow, step, at)}: no case goes by {_named(at)} of {step!r}"


def _named(at: KeyPath) -> str:
    """``keys.9``; ``next`` behind another word is that word's own."""
    words = [str(part) for part in at]
    return ".".join(words[:-1] if len(words) > 1 and words[-1] == "next" else words)


def as_json(run: CasesRun, files: FlowFiles) -> dict[str, object]:
    coverage = run.coverage
    return {
        "folder": str(files.folder),
        "problems": [str(problem) for problem in (*files.problems, *run.problems)],
        "cases": [_case(outcome) for outcome in run.outcomes],
        "seconds": round(run.seconds, 4),
        "coverage": {
            "percent": round(coverage.percent, 2),
            "missing_steps": [
                {"flow": flow, "step": step, "place": files.place(flow, step)}
                for flow, step in coverage.missing_steps
            ],
            "missing_ways": [
                {
                    "flow": flow,
                    "step": step,
                    "way": _named(at),
                    "place": files.place(flow, step, at),
                }
                for flow, step, at in coverage.missing_ways
            ],
        },
    }


def _case(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.written.case.name,
        "flow": outcome.written.flow,
        "passed": outcome.passed,
        "place": outcome.place,
        "why": outcome.why,
        "dialogue": [str(line) for line in outcome.lines],
    }
