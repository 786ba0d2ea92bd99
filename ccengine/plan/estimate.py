"""Many simulated days as one figure with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ccengine.plan.figures import Values, percentile

INTERVAL = (0.05, 0.95)
"""Nine of ten simulated days lie within."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """``None`` where no day had anything to count."""

    mean: float | None
    low: float | None
    high: float | None


def estimate(values: Sequence[float | None]) -> Estimate:
    """Mean, and the interval of nine days in ten. Days without a value are left out."""
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(mean=None, low=None, high=None)
    return Estimate(
        mean=sum(known) / len(known),
        low=percentile(known, INTERVAL[0]),
        high=percentile(known, INTERVAL[1]),
    )


def estimates(days: Sequence[Values]) -> dict[str, Estimate]:
    """Metric by metric over days that have the same metrics."""
    if not days:
        return {}
    return {metric: estimate([day[metric] for day in days]) for metric in days[0]}


def differences(before: Sequence[Values], after: Sequence[Values]) -> dict[str, Estimate]:
    """After less before, day by day: both days of a pair have the same callers."""
    return estimates([_less(b, a) for b, a in zip(before, after, strict=True)])


def _less(before: Values, after: Values) -> Mapping[str, float | None]:
    pairs = {metric: (before[metric], after[metric]) for metric in before}
    return {
        metric: None if was is None or becomes is None else becomes - was
        for metric, (was, becomes) in pairs.items()
    }
