"""Does the simulation know this centre? "Before" is laid beside what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ccengine.ids import QueueId
from ccengine.plan.estimate import Estimate
from ccengine.plan.figures import TOTAL, Values

FEW_CALLS = 20
"""A queue with fewer calls is judged in the sum only: chance alone moves it further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """So far the mean of "before" may lie from what was: in the metric's unit, or as a part of it.

    Further away it is still believed when what was lies in the interval of "before": a day can be
    one of the nine in ten.
    """

    metric: str
    absolute: float
    part: float = 0.0

    def allows(self, was: float, simulated: Estimate) -> bool:
        if simulated.mean is None or simulated.low is None or simulated.high is None:
            return False
        near = abs(simulated.mean - was) <= max(self.absolute, self.part * abs(was))
        return near or simulated.low <= was <= simulated.high


TOLERANCES = (
    Tolerance(metric="service_level", absolute=0.05),
    Tolerance(metric="abandoned_share", absolute=0.05),
    Tolerance(metric="asa_s", absolute=5.0, part=0.2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One figure in which the simulated day is too far from the real one."""

    queue: QueueId
    metric: str
    was: float
    simulated: Estimate


def doubts(
    was: Mapping[QueueId, Values], before: Mapping[QueueId, Mapping[str, Estimate]]
) -> tuple[Doubt, ...]:
    """Empty: the simulation is near enough to what happened to be believed."""
    found = []
    for queue, values in was.items():
        if queue != TOTAL and (values["offered"] or 0) < FEW_CALLS:
            continue
        for tolerance in TOLERANCES:
            value = values[tolerance.metric]
            simulated = before[queue][tolerance.metric]
            if value is not None and not tolerance.allows(value, simulated):
                found.append(
                    Doubt(queue=queue, metric=tolerance.metric, was=value, simulated=simulated)
                )
    return tuple(found)
