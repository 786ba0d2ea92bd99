"""Into a room whose last place another takes in the same moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ccengine.asterisk.names import Variable
from ccengine.calls.waits.conference import conference
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.answers import ConferenceLeft
from ccengine.ivr.waits import ConferenceWait

WAIT = ConferenceWait(room="team", language="en", most=2)


@dataclass
class Room:
    """A caller's channel at a room that has so many in it each time it is asked."""

    counts: list[int]
    result: str = ""
    entered: list[str] = field(default_factory=list)

    async def in_room(self, room: str) -> int:
        return self.counts.pop(0)

    async def lease(self, seconds: float) -> None:
        assert seconds > WAIT.longest_s

    async def conference(self, room: str, role: str, most: int, longest_s: float) -> None:
        self.entered.append(room)

    async def get(self, variable: Variable) -> str:
        assert variable is Variable.ROOM_RESULT
        return self.result


async def led(room: Room) -> ConferenceLeft:
    on = OnCall(call=cast(Any, None), channel=cast(Any, room), floor=cast(Any, None))
    return await conference(WAIT, on)


@pytest.mark.parametrize(
    ("counts", "result", "told"),
    [
        ([2], "", "full"),
        ([1, 2], "FAILED", "full"),
        ([1, 1], "FAILED", "full"),
        ([0, 0], "FAILED", "failed"),
        ([1], "DTMF", "left"),
        ([1], "ENDMARKED", "closed"),
        ([1], "TIMEOUT", "closed"),
    ],
)
async def test_what_became_of_it(counts: list[int], result: str, told: str) -> None:
    room = Room(counts=counts, result=result)
    assert (await led(room)).result == told
    assert room.counts == []
    assert room.entered == ([] if result == "" else ["team"])
