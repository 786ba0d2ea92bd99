"""Calls at a set rate with agents enough: are they all served, and what does one cost?

Cost is processor time of Asterisk and engine from the first INVITE to the last hang-up, divided
by the calls that were served. ccengine goes first; then its engine is stopped, so that the other
two pay for nothing that it wanted. Both ends send sound all the time, which Asterisk passes on.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bench.figures import in_ms
from bench.floor import Floor, System, Team
from bench.machine import Stopwatch
from simphones.light.callers import Call, CallRefused
from simphones.light.phones import Ring

TALK_S = 0.5
_CALL_LIMIT = 12.0
_REST_S = 2.0


async def measure(floor: Floor, system: System, *, rate: float, seconds: float) -> dict[str, Any]:
    rings: dict[str, Ring] = {}

    def ring(one: Ring) -> None:
        rings.setdefault(one.ani, one)

    for phone in floor.phones.all.values():
        phone.on_ring, phone.on_free = ring, lambda _: None
        phone.talk_s = lambda: TALK_S
    collisions = floor.phones.collisions
    await asyncio.sleep(_REST_S)
    watch = Stopwatch(**floor.pids(system))
    loop = asyncio.get_running_loop()
    began = loop.time()
    agents = list(floor.teams[Team.ALL])
    waits: list[asyncio.Task[None]] = []
    calls: list[Call] = []
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        # A Dial names its agent: the one whose last call was longest ago.
        agent = agents[number % len(agents)]
        call = floor.callers.call(floor.number(system, Team.ALL, agent))
        calls.append(call)
        waits.append(asyncio.create_task(call.over(_CALL_LIMIT)))
    ends = await asyncio.gather(*waits, return_exceptions=True)
    took = loop.time() - began
    used, others = watch.read()
    _only_refusals(ends)
    for call in calls:
        call.hang_up()
    served = [
        call for call, end in zip(calls, ends, strict=True) if end is None and call.ani in rings
    ]
    per_call = {name: round(spent / max(1, len(served)) * 1_000, 2) for name, spent in used.items()}
    load = per_call.pop("load")
    return {
        "offered": len(calls),
        "served": len(served),
        "served_per_s": round(len(served) / took, 2),
        "busy_phones_met": floor.phones.collisions - collisions,
        "from_invite": in_ms([rings[call.ani].at - call.invited_at for call in served]),
        "cpu_ms_per_call": per_call | {"all": round(sum(per_call.values()), 2)},
        "load_generator_cpu_ms_per_call": load,
        "others": round(others, 3),
    }


def _only_refusals(ends: list[BaseException | None]) -> None:
    """A call may fail and is counted; a mistake of the benchmark's own is raised."""
    for end in ends:
        if end is not None and not isinstance(end, TimeoutError | CallRefused):
            raise end
