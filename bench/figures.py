"""Many measured times as a few figures."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: the least value that ``share`` of all do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def in_ms(seconds: Sequence[float]) -> dict[str, float | int | None]:
    """``n`` and the percentiles in milliseconds; None where nothing was measured."""
    ordered = sorted(seconds)
    shares = {"p50_ms": 0.50, "p95_ms": 0.95, "p99_ms": 0.99, "max_ms": 1.0}
    return {"n": len(ordered)} | {
        name: round(percentile(ordered, share) * 1_000, 2) if ordered else None
        for name, share in shares.items()
    }
