"""How long something lasts when we often know only that it lasted longer than seen.

A caller who was answered after 20 s had a patience of more than 20 s; how much more, nobody saw.
The estimator of Kaplan and Meier counts such cases for as long as they were seen.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

NEVER = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One case: it lasted ``lasted_s``, or with ``ended=False`` longer than that."""

    lasted_s: float
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The part that lasts longer than t: steps down at each end that was seen.

    After the last step the part left over is drawn with the mean rate of all that was seen (ends
    ÷ seconds at risk): nobody was seen there, so this is an assumption.
    """

    times: tuple[float, ...]
    left: tuple[float, ...]
    """Part that lasts longer than the time of the same index."""
    rate: float
    """Ends per second at risk; 0: no end was ever seen."""

    def beyond(self, seconds: float) -> float:
        """The part that lasts longer than this, by what was seen."""
        index = bisect_right(self.times, seconds)
        return self.left[index - 1] if index else 1.0

    def draw(self, chance: float, longer_than: float = 0.0) -> float:
        """The duration at this chance (0 to 1, from dice), of those longer than ``longer_than``.

        ``NEVER`` when no end was ever seen.
        """
        share = self.beyond(longer_than) * (1.0 - chance)
        start = bisect_right(self.times, longer_than)
        for index in range(start, len(self.times)):
            if self.left[index] < share:
                return self.times[index]
        if self.rate <= 0.0:
            return NEVER
        last = max(longer_than, self.times[-1] if self.times else 0.0)
        rest = self.beyond(last)
        if rest <= 0.0:  # all that was seen ended sooner; this one did not
            return last - math.log(1.0 - chance) / self.rate
        return last - math.log(max(share, 1e-12) / rest) / self.rate


NOTHING_SEEN = Survival(times=(), left=(), rate=0.0)


def survival(cases: Iterable[Seen]) -> Survival:
    """Kaplan–Meier: at each time with d ends among n still seen, the part left falls by d/n.

    Example: 5, 8+, 12, 20+, 25 (``+``: longer than). 5 ends 1 of 5: 0.8. At 12 one of 3: 0.533.
    At 25 one of 1: 0. Ends and cases of the same time: the ends come first.
    """
    seen = sorted(cases, key=lambda case: (case.lasted_s, not case.ended))
    times: list[float] = []
    left: list[float] = []
    part, at_risk = 1.0, len(seen)
    for case in seen:
        if case.ended:
            part *= 1.0 - 1.0 / at_risk
            if times and times[-1] == case.lasted_s:
                left[-1] = part
            else:
                times.append(case.lasted_s)
                left.append(part)
        at_risk -= 1
    ends = sum(case.ended for case in seen)
    total = sum(case.lasted_s for case in seen)
    rate = ends / total if total > 0 else 0.0
    return Survival(times=tuple(times), left=tuple(left), rate=rate)
