"""Callbacks that keep the caller's place: asked for, standing in line, tried, ended.

A callback stands in the same order as the callers, at the place of the caller who asked for it:
whoever came later is served later, and nobody is passed. What sleeps (until the moment chosen, or
until the next attempt) stands in no line and holds no agent. Each callback has in the journal one
``call.queued`` and one ``callback.ended``.
"""

from __future__ import annotations

from ccengine.acd import relax
from ccengine.acd.floor import Floor
from ccengine.acd.inputs import AdoptCallback, AskCallback
from ccengine.acd.line import Line
from ccengine.acd.order import place_of
from ccengine.acd.queueing import leave_line
from ccengine.acd.rules import CallbackRules
from ccengine.acd.state import Call, Callback, CallState, Timer, TimerKind
from ccengine.journal.facts import (
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallbackResult,
    CallQueued,
)

MOST_OPEN = 500
"""Callbacks of one queue that may be open at a time: some hours of work for the largest floors.
Who asks beyond that waits on in line, which is more honest than a call that never comes."""


def why_not(floor: Floor, call: Call, said: AskCallback) -> str | None:
    """Why this caller cannot be called back; None: it can."""
    line = call.line
    if line.rules.callback is None:
        return f"{line.queue} takes no callbacks"
    if said.callback_id in floor.calls:
        return f"callback {said.callback_id} is known already"
    if not said.number:
        return f"call {call.call_id} has no number to call"
    if len(line.crowd.callbacks) >= MOST_OPEN:
        return f"{line.queue} has {MOST_OPEN} open callbacks, which is the most it may have"
    return None


def ask(floor: Floor, caller: Call, said: AskCallback) -> None:
    """The caller's stay ends; the callback stands in line for it, now or from the chosen time."""
    line, waited_s = caller.line, max(0.0, floor.now - caller.queued_at)
    chosen_at = said.at if said.at is not None and said.at > floor.now else None
    floor.out_of_line(caller)
    floor.say(
        CallbackAsked(
            at=floor.now,
            call_id=caller.call_id,
            queue=line.queue,
            callback_id=said.callback_id,
            number=said.number,
            chosen_at=chosen_at,
            waited_s=waited_s,
            queued_at=caller.queued_at,
            head_start_s=caller.own_head_start_s,
            ageing=caller.place.ageing,
            requires=tuple(f"{need.skill}:{need.level}" for need in caller.requires),
        )
    )
    floor.forget_call(caller)
    # As if it had entered so long before the moment chosen as it has waited by now.
    queued_at = caller.queued_at if chosen_at is None else chosen_at - waited_s
    call = _call(
        floor,
        AdoptCallback(
            callback_id=said.callback_id,
            queue=line.queue,
            number=said.number,
            queued_at=queued_at,
            head_start_s=caller.own_head_start_s,
            ageing=caller.place.ageing,
            requires=caller.requires,
            not_before=floor.now if chosen_at is None else chosen_at,
            attempts=0,
            asked_at=floor.now if chosen_at is None else chosen_at,
        ),
        line,
        entry=caller.place.entry,
    )
    call.tried = caller.tried
    _begin(floor, call)
    floor.say(
        CallQueued(
            at=floor.now,
            call_id=call.call_id,
            queue=line.queue,
            head_start_s=call.own_head_start_s,
            queued_at=queued_at,
            position=0 if chosen_at else line.position(call.place, floor.now),
            requires=call.need.words,
            callback=True,
        )
    )


def adopt(floor: Floor, said: AdoptCallback) -> None:
    """After a restart. The journal has its ``call.queued``; what it waited counts on."""
    line = floor.lines.get(said.queue)
    if line is None:
        floor.ignore("adopt_callback", f"there is no queue {said.queue}: {said.callback_id} ends")
        floor.say(
            CallbackEnded(
                at=floor.now,
                call_id=said.callback_id,
                queue=said.queue,
                result=CallbackEnd.CANCELLED,
                attempts=said.attempts,
                number=said.number,
            )
        )
        return
    _begin(floor, _call(floor, said, line, entry=floor.number("entry")))


def _call(floor: Floor, said: AdoptCallback, line: Line, *, entry: int) -> Call:
    rules = line.rules.callback or CallbackRules()
    head_start_s = said.head_start_s + line.rules.head_start_s
    call = Call(
        call_id=said.callback_id,
        line=line,
        place=place_of(
            said.callback_id,
            queued_at=said.queued_at,
            entry=entry,
            head_start_s=head_start_s,
            ageing=said.ageing,
        ),
        queued_at=said.queued_at,
        state=CallState.SLEEPING,
        head_start_s=head_start_s,
        own_head_start_s=said.head_start_s,
        requires=said.requires,
        callback=Callback(
            number=said.number,
            rules=rules,
            not_before=said.not_before,
            attempts=said.attempts,
            expires_at=said.asked_at + rules.expires_after_s,
        ),
    )
    floor.calls[call.call_id] = call
    line.crowd.callbacks[call.call_id] = None
    return call


def _begin(floor: Floor, call: Call) -> None:
    """It sleeps until its time has come, or stands in line at once."""
    callback = _of(call)
    callback.expiry = floor.set_timer(
        callback.expires_at, Timer(kind=TimerKind.EXPIRY, subject=call.call_id)
    )
    if callback.not_before > floor.now:
        _sleep(floor, call, callback.not_before)
    else:
        wake(floor, call)


def _sleep(floor: Floor, call: Call, until: float) -> None:
    callback = _of(call)
    call.state, callback.not_before = CallState.SLEEPING, until
    callback.wake = floor.set_timer(until, Timer(kind=TimerKind.WAKE, subject=call.call_id))


def wake(floor: Floor, call: Call) -> None:
    """It stands in line from now on, where it has always stood."""
    _of(call).wake = None
    call.state = CallState.WAITING
    relax.begin(floor, call)
    call.line.enter(call.place, call.need)
    floor.returned.append(call)


def tried(floor: Floor, call: Call, result: CallbackResult) -> None:
    """An attempt came to nothing: sleep until the next one, or give up after the last.

    Its offer, if one was running, has been withdrawn before.
    """
    callback, rules = _of(call), _rules(call)
    callback.attempts += 1
    last = callback.attempts >= rules.attempts
    next_at = None if last else floor.now + rules.retry_after_s
    floor.say(
        CallbackAttempted(
            at=floor.now,
            call_id=call.call_id,
            queue=call.line.queue,
            attempt=callback.attempts,
            result=result,
            next_at=next_at,
        )
    )
    if next_at is None:
        end(floor, call, CallbackEnd.GAVE_UP)
    else:
        leave_line(floor, call)
        _sleep(floor, call, next_at)


def expire(floor: Floor, call: Call) -> None:
    """Too long ago to be wanted still. An offer that rings is not cut."""
    _of(call).expiry = None
    if call.state is CallState.OFFERED:
        call.overdue = True
    else:
        end(floor, call, CallbackEnd.EXPIRED)


def end(floor: Floor, call: Call, result: CallbackEnd) -> None:
    """It is through without a talk, and forgotten."""
    floor.out_of_line(call)
    _say_ended(floor, call, result)
    floor.forget_call(call)


def connected(floor: Floor, call: Call) -> None:
    """Agent and customer talk; it has left the line already."""
    if call.callback is not None:
        call.callback.attempts += 1
        _say_ended(floor, call, CallbackEnd.CONNECTED)


GREETING_S = 15.0
"""So long a customer who has answered may listen to who calls, before the agent is rung."""


def guard_s(call: Call) -> float:
    """What an offer of it takes longer than one of a caller: the customer's phone rings too."""
    return 0.0 if call.callback is None else _rules(call).ring_s + GREETING_S


def _say_ended(floor: Floor, call: Call, result: CallbackEnd) -> None:
    floor.say(
        CallbackEnded(
            at=floor.now,
            call_id=call.call_id,
            queue=call.line.queue,
            result=result,
            attempts=_of(call).attempts,
            number=_of(call).number,
        )
    )


def _rules(call: Call) -> CallbackRules:
    """The queue's; those it had, when a new site file has taken them away."""
    callback = _of(call)
    callback.rules = call.line.rules.callback or callback.rules
    return callback.rules


def _of(call: Call) -> Callback:
    assert call.callback is not None  # the table lets no other call come here
    return call.callback
