"""Into a conference room and out of it; Asterisk owns the room."""

from __future__ import annotations

from typing import Literal

import structlog

from ccengine.asterisk.agi import CallerGoneError
from ccengine.asterisk.gate import ForbiddenError
from ccengine.asterisk.names import Variable
from ccengine.calls.offer import AFTER_RING_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.answers import ConferenceLeft
from ccengine.ivr.waits import ConferenceWait

log = structlog.get_logger(__name__)

_RESULTS: dict[str, Literal["left", "closed"]] = {
    "DTMF": "left",
    "KICKED": "closed",
    "ENDMARKED": "closed",
    "TIMEOUT": "closed",
}
"""Asterisk: ConfBridge, CONFBRIDGE_RESULT."""


async def conference(wait: ConferenceWait, on: OnCall) -> ConferenceLeft:
    """Raises CallerGoneError: who hangs up in a room has done what the flow wanted."""
    call, channel = on.call, on.channel
    taken_up, on.taken_up = on.taken_up, False
    if taken_up and (before := _RESULTS.get(await channel.get(Variable.ROOM_RESULT))):
        return ConferenceLeft(result=before)
    try:
        if await channel.in_room(wait.room) >= wait.most:
            return ConferenceLeft(result="full")
        await channel.lease(wait.longest_s + AFTER_RING_S)
        await channel.conference(wait.room, wait.role, wait.most, wait.longest_s)
        ended = _RESULTS.get(await channel.get(Variable.ROOM_RESULT))
        if ended is None and await channel.in_room(wait.room):
            # Asterisk says FAILED also to whoever came a moment after the last place was taken.
            return ConferenceLeft(result="full")
    except ForbiddenError as error:
        log.warning("conference.refused", call_id=call.call_id, why=str(error))
        return ConferenceLeft(result="failed")
    except CallerGoneError:
        call.finished = True
        raise
    return ConferenceLeft(result=ended or "failed")
