"""A caller comes while agents are free: how long until a phone rings?

One call at a time, the systems in turn, so that whatever else the machine does hits all alike.
Two times: from the caller's INVITE, and from its 200, when Asterisk begins to look for an agent
(before that it is the same work for all, except for ccengine's marking of the call).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bench.figures import in_ms
from bench.floor import Floor, System, Team
from simphones.light.callers import CallRefused
from simphones.light.phones import Ring

TALK_S = 0.1
_GAP_S = 0.12
"""Between two calls: every phone is known to be free again, everywhere."""
_CALL_LIMIT = 6.0


@dataclass(slots=True)
class _Taken:
    from_invite: list[float] = field(default_factory=list)
    from_answer: list[float] = field(default_factory=list)
    pops_first: int = 0
    failed: int = 0


async def measure(floor: Floor, *, calls: int, within: float) -> dict[str, Any]:
    """``calls`` for each system; fewer when ``within`` seconds are over."""
    taken = {system: _Taken() for system in System}
    rings: asyncio.Queue[Ring] = asyncio.Queue(maxsize=100)
    for phone in floor.phones.all.values():
        phone.on_ring, phone.on_free = rings.put_nowait, lambda _: None
        phone.talk_s = lambda: TALK_S
    until = asyncio.get_running_loop().time() + within
    turn = list(System)
    for number in range(calls):
        agent = floor.teams[Team.SOME][number % len(floor.teams[Team.SOME])]
        for system in turn:
            if asyncio.get_running_loop().time() < until:
                await _one(floor, system, agent, rings, taken[system])
        turn.append(turn.pop(0))
    return {
        system.value: {
            "from_invite": in_ms(one.from_invite),
            "from_answer": in_ms(one.from_answer),
            "failed": one.failed,
            **({"pops_before_ring": one.pops_first} if system is System.CCENGINE else {}),
        }
        for system, one in taken.items()
    }


async def _one(
    floor: Floor, system: System, agent: str, rings: asyncio.Queue[Ring], taken: _Taken
) -> None:
    call = floor.callers.call(floor.number(system, Team.SOME, agent))
    try:
        async with asyncio.timeout(_CALL_LIMIT):
            ring = await rings.get()
            while ring.ani != call.ani:
                ring = await rings.get()
        await call.over(_CALL_LIMIT)
    except (TimeoutError, CallRefused):
        taken.failed += 1
        call.hang_up()
    else:
        taken.from_invite.append(ring.at - call.invited_at)
        taken.from_answer.append(ring.at - call.answered_at)
        taken.pops_first += system is System.CCENGINE and floor.pop_came_first(ring)
    await floor.phones.idle(_CALL_LIMIT)
    await asyncio.sleep(_GAP_S)
