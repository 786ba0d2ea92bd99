"""A question that may be answered by key or by voice; without a recogniser, by key."""

from __future__ import annotations

import asyncio

import structlog

from ccengine.calls import message, recording
from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.play import play
from ccengine.ivr.answers import Listened
from ccengine.ivr.waits import ListenWait, PlayWait

log = structlog.get_logger(__name__)

PAUSE_S = 2.0
"""So long a silence ends what is said; Asterisk counts whole seconds."""


async def listen(wait: ListenWait, on: OnCall) -> Listened:
    """Raises CallerGoneError."""
    listens = on.floor.understands_speech
    asked = PlayWait(
        prompts=wait.prompts,
        keys=wait.keys,
        timeout_s=0.0 if listens else wait.timeout_s,
        fresh=wait.fresh,
    )
    key = (await play(asked, on)).key
    if key or not listens:
        return Listened(key=key)
    loop = asyncio.get_running_loop()
    until = loop.time() + wait.timeout_s
    while loop.time() < until:
        heard = await _utterance(wait, on)
        if heard is not None:
            return heard
    return Listened()


async def _utterance(wait: ListenWait, on: OnCall) -> Listened | None:
    """What was pressed or said; None: silence so far."""
    call, folder = on.call, on.floor.messages
    spoken = await asyncio.to_thread(
        message.new_message, folder, call.call_id, on.floor.clock.now(), "speech", ""
    )
    try:
        await on.channel.lease(wait.longest_s + wait.deadline_s + LEASE_S)
        key = await on.channel.record(spoken.asked, wait.keys, wait.longest_s, PAUSE_S, tone=False)
        if key:
            call.keypad.result(key, event_comes=on.floor.hears_keys)
            return Listened(key=key)
        if await asyncio.to_thread(message.spoken_s, spoken.raw) < message.LEAST_SPOKEN_S:
            return None
        await asyncio.to_thread(recording.wrap, folder, spoken.raw, 1)
        audio = spoken.raw.with_suffix(".wav")
        text = await on.floor.understand(audio, wait.language, wait.phrases, wait.deadline_s)
        return Listened(text=text, spoke=True)
    except OSError as error:
        log.error("speech.not_heard", call_id=call.call_id, why=str(error))
        return Listened()
    finally:
        for leftover in (spoken.raw, spoken.raw.with_suffix(".wav")):
            leftover.unlink(missing_ok=True)
