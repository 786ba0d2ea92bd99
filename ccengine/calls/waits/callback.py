"""A callback for a caller who stands in no line; its turn comes as if it stood there now."""

from __future__ import annotations

import uuid

import structlog

from ccengine.acd.inputs import AdoptCallback
from ccengine.acd.rules import SkillRequirement
from ccengine.calls.callback_number import callable_number
from ccengine.calls.callback_question import CallbackQuestion
from ccengine.calls.callback_times import times_on_offer
from ccengine.calls.voice import Voice
from ccengine.calls.waits.on_call import OnCall
from ccengine.ids import CallId
from ccengine.ivr.answers import CallbackSettled
from ccengine.ivr.waits import CallbackWait
from ccengine.journal.facts import CallbackAsked, CallQueued
from ccengine.site.model import Callback, Queue
from ccengine.site.personal import queue_of

log = structlog.get_logger(__name__)


async def callback(wait: CallbackWait, on: OnCall) -> CallbackSettled:
    """Raises CallerGoneError."""
    call, floor = on.call, on.floor
    taken_up, on.taken_up = on.taken_up, False
    if taken_up and any(isinstance(fact, CallbackAsked) for fact in await floor.story(call)):
        call.to_be_called_back = True
        return CallbackSettled(arranged=True)
    rules = queue_of(floor.site, wait.queue)
    if rules is None or rules.callback is None or not floor.takes_callbacks(wait.queue):
        log.warning("call.callback_not_taken", call_id=call.call_id, queue=wait.queue)
        return CallbackSettled(arranged=False)
    call.asks_for_callback = True
    try:
        number, time, at = await _asked(wait, on, rules, rules.callback)
    finally:
        call.asks_for_callback = False
        call.mailbox.drop_all()
        call.keypad.forget()
    if not number:
        return CallbackSettled(arranged=False)
    _stand_in_line(wait, on, rules, number, at)
    call.to_be_called_back = True
    return CallbackSettled(arranged=True, time=time)


async def _asked(
    wait: CallbackWait, on: OnCall, rules: Queue, callback: Callback
) -> tuple[str, str, float | None]:
    """Number, time and moment; no number: nothing may be called, or nothing was confirmed."""
    call, floor = on.call, on.floor
    trunk = floor.site.trunks.get(callback.trunk)
    voice = Voice(call, on.channel, floor)
    question = CallbackQuestion(call, on.channel, voice, trunk, in_line=False)
    if wait.number:
        number = callable_number(wait.number, trunk) if trunk is not None else ""
    else:
        number = await question.number()
    chosen = await question.time(times_on_offer(rules, floor)) if number else None
    time, at = chosen or ("", None)
    return number, time, at


def _stand_in_line(
    wait: CallbackWait, on: OnCall, rules: Queue, number: str, at: float | None
) -> None:
    """The caller was in the queue for no time; the callback is, from now or the moment chosen."""
    call, floor = on.call, on.floor
    now, callback_id = floor.clock.now(), CallId(str(uuid.uuid4()))
    level = floor.site.vip_levels.get(call.vip_level)
    head_start_s, ageing = (level.head_start, level.ageing) if level else (0.0, 1.0)
    requires = tuple(f"{skill}:{wanted}" for skill, wanted in rules.skills.items())
    queued_at = now if at is None else at

    def queued(call_id: CallId, since: float, *, back: bool) -> CallQueued:
        return CallQueued(
            at=now,
            call_id=call_id,
            queue=wait.queue,
            head_start_s=head_start_s,
            queued_at=since,
            position=0,
            requires=requires,
            callback=back,
        )

    floor.record(
        queued(call.call_id, now, back=False),
        CallbackAsked(
            at=now,
            call_id=call.call_id,
            queue=wait.queue,
            callback_id=callback_id,
            number=number,
            chosen_at=at,
            waited_s=0.0,
            queued_at=now,
            head_start_s=head_start_s,
            ageing=ageing,
            requires=requires,
        ),
        queued(callback_id, queued_at, back=True),
    )
    floor.submit(
        AdoptCallback(
            callback_id=callback_id,
            queue=wait.queue,
            number=number,
            queued_at=queued_at,
            head_start_s=head_start_s,
            ageing=ageing,
            requires=tuple(
                SkillRequirement(skill=skill, level=wanted)
                for skill, wanted in rules.skills.items()
            ),
            not_before=queued_at,
            attempts=0,
            asked_at=queued_at,
        )
    )
