"""The most calls a second that a system carries: the rate is raised until callers are not served.

Each rate is held for some seconds with agents enough; it is carried when 99.5 % of its calls reach
an agent and end as they should. The first rate that is not ends the climb, so that a system is
never measured on what another rate left behind. The load generator shares the machine: the figure
is of all together.
"""

from __future__ import annotations

from typing import Any

from bench import steady_rate
from bench.floor import Floor, System

SERVED_SHARE = 0.995
FIRST_RATE = 10.0
STEP = 1.25
STEP_S = 5.0
BUSY_S = 1.0
"""No call keeps its agent longer, also on a machine at its end: so many agents a call/s."""


async def measure(floor: Floor, system: System, *, most: float) -> dict[str, Any]:
    """Climbs to ``most`` calls a second at the highest."""
    steps: list[dict[str, Any]] = []
    rate, carried = FIRST_RATE, 0.0
    while rate <= most:
        one = await steady_rate.measure(floor, system, rate=rate, seconds=STEP_S)
        share = one["served"] / one["offered"]
        steps.append({"rate": round(rate, 1), "share": round(share, 4)} | one)
        if share < SERVED_SHARE:
            break
        carried = rate
        rate *= STEP
    return {
        "most_per_s": round(carried, 1),
        "was_all": carried > 0 and rate > most,
        "steps": steps,
    }
