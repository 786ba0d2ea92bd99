"""What callers did in each step of a flow, and how many needed nobody: sums over facts.

The example used below and in the tests: ten calls begin in the flow "main" at its menu. One still
listens to it. One hangs up in it, after 9 s. Two press nothing three times and are led to the
queue after 21 s. One presses a wrong key, then 1; four press 1 at once, after 4 s. One is said to
have failed there, by a mistake of ours, after 4 s. The key 1 leads to an answer that is read out:
of the five who hear it three stay to the end and two hang up in it. The two in the queue are
answered by an agent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ccengine.ids import FlowId
from ccengine.journal.flow_sums import CallSum, StepSum


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    step: str
    visits: int
    """Visits that are over; a step that is entered again counts again. Example, menu: 9."""
    left: int
    """Of these, those in which the caller hung up. Example: 1."""
    failed: int
    """Of these, those that a mistake of ours ended. Example: 1."""
    no_input: int
    """Of these, those with silence at least once. Example: 2."""
    invalid: int
    """Of these, those with a wrong key at least once. Example: 1."""
    results: Mapping[str, int]
    """How often each way was taken. Example: {"1": 5, "no_input": 2}."""
    median_s: float | None
    """The middle one of the times from entering to leaving, to half a second.

    Example: of 4, 4, 4, 4, 4, 4, 9, 21, 21 s (the wrong key cost no time): 4 s.
    """

    @property
    def drop_off(self) -> float:
        """Hung up in the step ÷ visits. Example: 1 ÷ 9."""
        return self.left / self.visits if self.visits else 0.0

    @property
    def no_input_rate(self) -> float:
        """Visits with silence ÷ visits. Example: 2 ÷ 9."""
        return self.no_input / self.visits if self.visits else 0.0

    @property
    def invalid_rate(self) -> float:
        """Visits with a wrong key ÷ visits. Example: 1 ÷ 9."""
        return self.invalid / self.visits if self.visits else 0.0

    def share(self, results: Iterable[str]) -> float:
        """Of the visits, those that left by one of these ways. Example, key 1: 5 ÷ 9.

        The shares of all ways, those who hung up and those who failed are together 1.
        """
        taken = sum(self.results.get(result, 0) for result in set(results))
        return taken / self.visits if self.visits else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFigures:
    """``version`` empty: all versions together."""

    flow: FlowId
    version: str
    calls: int
    """Calls that began in this flow in the period. Example: 10."""
    over: int
    """Of these, those whose flow is over. Example: 9."""
    human: int
    """Of those that are over, given to a queue or transferred, answered or not. Example: 2."""
    finished: int
    """Of those that are over, ended by the flow itself without a human. Example: 3."""
    hung_up: int
    """Of those that are over, ended by the caller without a human. Example: 1 + 2 = 3."""
    steps: Mapping[str, StepFigures] = field(default_factory=dict)

    @property
    def containment(self) -> float | None:
        """Ended in the flow without an agent: (finished + hung up) ÷ over.

        Who was in a queue or transferred is not contained, even if it hung up before somebody
        answered; nor is who left a message or met a mistake of ours: somebody must look at these.
        Who hung up may have heard all it wanted, or have given up: ``hung_up`` and the steps'
        drop-offs tell where to look. Example: (3 + 3) ÷ 9 = 0.667.
        """
        return (self.finished + self.hung_up) / self.over if self.over else None

    @property
    def drop_off(self) -> float | None:
        """Hung up in the flow without a human ÷ over. Example: 3 ÷ 9."""
        return self.hung_up / self.over if self.over else None


def flow_figures(
    steps: Iterable[StepSum], calls: Iterable[CallSum], version: str | None = None
) -> dict[FlowId, FlowFigures]:
    """By flow; ``version``: of this one alone. Flows without a call and a visit are left out."""
    of_steps: dict[FlowId, dict[str, list[StepSum]]] = {}
    of_calls: dict[FlowId, list[CallSum]] = {}
    for visit in steps:
        if version in (None, visit.version):
            of_steps.setdefault(visit.flow, {}).setdefault(visit.step, []).append(visit)
    for call in calls:
        if version in (None, call.version):
            of_calls.setdefault(call.flow, []).append(call)
    return {
        flow: _flow(flow, version or "", of_steps.get(flow, {}), of_calls.get(flow, []))
        for flow in sorted({*of_steps, *of_calls})
    }


def _flow(
    flow: FlowId, version: str, steps: Mapping[str, list[StepSum]], calls: list[CallSum]
) -> FlowFigures:
    over = [one for one in calls if one.result]
    alone = [one for one in over if not one.human]
    return FlowFigures(
        flow=flow,
        version=version,
        calls=sum(one.calls for one in calls),
        over=sum(one.calls for one in over),
        human=sum(one.calls for one in over if one.human),
        finished=sum(one.calls for one in alone if one.result == "finished"),
        hung_up=sum(one.calls for one in alone if one.result == "hung_up"),
        steps={step: _step(step, visits) for step, visits in steps.items()},
    )


def _step(step: str, visits: list[StepSum]) -> StepFigures:
    results: dict[str, int] = {}
    for visit in visits:
        if not visit.ended:
            results[visit.result] = results.get(visit.result, 0) + visit.visits
    ended = [visit for visit in visits if visit.ended]
    return StepFigures(
        step=step,
        visits=sum(visit.visits for visit in visits),
        left=sum(visit.visits for visit in ended if visit.result == "hung_up"),
        failed=sum(visit.visits for visit in ended if visit.result != "hung_up"),
        no_input=sum(visit.no_input for visit in visits),
        invalid=sum(visit.invalid for visit in visits),
        results=results,
        median_s=_median(visits),
    )


def _median(visits: list[StepSum]) -> float | None:
    count = sum(visit.visits for visit in visits)
    passed = 0
    for visit in sorted(visits, key=lambda visit: visit.took_s):
        passed += visit.visits
        if 2 * passed >= count:
            return visit.took_s
    return None
