"""Prompts, and the key that cuts them or follows them."""

from __future__ import annotations

import asyncio
import wave

import structlog

from ccengine.asterisk.gate import ForbiddenError
from ccengine.asterisk.gate_people import message_of_call
from ccengine.calls import message
from ccengine.calls.waits.asking import Asking, Sound
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.sounds import sounds_of
from ccengine.ivr.answers import Played
from ccengine.ivr.waits import PlayWait

log = structlog.get_logger(__name__)


async def play(wait: PlayWait, on: OnCall) -> Played:
    """Raises CallerGoneError."""
    if wait.fresh:
        on.call.keypad.forget()
    sounds = await sounds_of(wait.prompts, on)
    if wait.message:
        sounds = [*await _own_message(wait.message, on), *sounds]
    return Played(key=await Asking(on, wait.keys).key(sounds, wait.timeout_s))


async def _own_message(reference: str, on: OnCall) -> list[Sound]:
    """What this caller has recorded; passed over if it is gone."""
    call_id = on.call.call_id
    try:
        path, seconds = await asyncio.to_thread(message.sound, on.floor.messages, reference)
        return [(message_of_call(path, call_id), seconds)]
    except (OSError, EOFError, wave.Error, ForbiddenError) as error:
        log.error("message.not_played", call_id=call_id, why=str(error))
        return []
