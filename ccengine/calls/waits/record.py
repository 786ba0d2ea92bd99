"""A voice recorded: a message for a mailbox, for the flow, or a reason in a survey."""

from __future__ import annotations

import asyncio

import structlog

from ccengine.asterisk.agi import CallerGoneError
from ccengine.calls import message, recording
from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.play import play
from ccengine.ivr.answers import Recorded
from ccengine.ivr.waits import PlayWait, RecordWait
from ccengine.journal.facts import MessageLeft

log = structlog.get_logger(__name__)

CLOSED_AFTER_S = 0.3
"""Asterisk closes the file of a caller who hung up a moment after it told of that."""


async def record(wait: RecordWait, on: OnCall) -> Recorded:
    """Raises CallerGoneError; what was said before a hang-up is kept and told all the same."""
    if (before := await _spoken_before(on)) is not None:
        return before
    await play(PlayWait(prompts=wait.prompts, keys=wait.keys, fresh=True), on)
    call, folder = on.call, on.floor.messages
    try:
        spoken = await asyncio.to_thread(
            message.new_message,
            folder,
            call.call_id,
            on.floor.clock.now(),
            wait.kind,
            wait.mailbox,
        )
    except OSError as error:
        log.error("message.not_taken", call_id=call.call_id, why=str(error))
        return Recorded(reference="")
    await on.channel.lease(wait.longest_s + LEASE_S)
    try:
        await on.channel.record(spoken.asked, wait.keys, wait.longest_s, wait.silence_s)
    except CallerGoneError:
        await asyncio.sleep(CLOSED_AFTER_S)
        left = await _keep(spoken, on)
        # Who left a message and hung up has done what the flow wanted.
        call.finished = call.finished or (bool(left.reference) and wait.kind == "voicemail")
        raise
    return await _keep(spoken, on)


async def _keep(spoken: message.Spoken, on: OnCall) -> Recorded:
    try:
        left = await message.kept(on.floor.messages, spoken, on.floor.clock.now())
    except OSError as error:
        # The raw file stays: the next start finishes it.
        log.error("message.not_finished", call_id=spoken.call_id, why=str(error))
        return Recorded(reference="")
    if left is None:
        return Recorded(reference="")
    await _told(left, spoken, on)
    return Recorded(reference=left.path, seconds=left.duration_s)


async def _told(left: MessageLeft, spoken: message.Spoken, on: OnCall) -> None:
    on.floor.record(left)
    try:
        await recording.discard(spoken.raw)
    except OSError as error:
        log.error("message.raw_stays", call_id=spoken.call_id, why=str(error))


async def _spoken_before(on: OnCall) -> Recorded | None:
    """What this caller said while the engine before this one went: its raw file is there still."""
    taken_up, on.taken_up = on.taken_up, False
    if not taken_up:
        return None
    for spoken in await asyncio.to_thread(
        lambda: list(message.unfinished(on.floor.messages, on.call.call_id))
    ):
        kept = await _keep(spoken, on)
        if kept.reference:
            return kept
    return None
