"""A call's way into its line and out of it without an agent."""

from __future__ import annotations

from ccengine.acd import expecting, relax
from ccengine.acd.commands import Release
from ccengine.acd.floor import Floor
from ccengine.acd.gates import refusal
from ccengine.acd.inputs import Join
from ccengine.acd.line import Line
from ccengine.acd.order import place_of
from ccengine.acd.state import Call, CallState, Timer, TimerKind
from ccengine.journal.facts import AbandonReason, CallAbandoned, CallQueued


def join(floor: Floor, said: Join) -> None:
    """The call stands in line, unless a gate lets it go at once.

    A call that a gate refuses has both its facts, ``call.queued`` with position 0 and its end, so
    that it counts as offered. One whose queue does not exist has none: there is no row to count
    it in. An adopted call has passed the gates before.
    """
    line = floor.lines.get(said.queue)
    if line is None:
        floor.ignore("join", f"there is no queue {said.queue}")
        floor.say(Release(call_id=said.call_id, reason=AbandonReason.NO_AGENTS))
        return
    refused = None if said.adopted else refusal(floor, line)
    call = _arriving(floor, said, line)
    floor.calls[said.call_id] = call
    if refused is None:
        stand(floor, call)
    if not said.adopted:
        floor.entered.append(call)
        floor.say(
            CallQueued(
                at=floor.now,
                call_id=said.call_id,
                queue=said.queue,
                head_start_s=said.head_start_s,
                queued_at=said.queued_at,
                position=0 if refused else line.position(call.place, floor.now),
                requires=call.need.words,
            )
        )
    if refused is not None:
        release(floor, call, refused)


def _arriving(floor: Floor, said: Join, line: Line) -> Call:
    head_start_s = said.head_start_s + line.rules.head_start_s
    return Call(
        call_id=said.call_id,
        line=line,
        place=place_of(
            said.call_id,
            queued_at=said.queued_at,
            entry=floor.number("entry"),
            head_start_s=head_start_s,
            ageing=said.ageing,
        ),
        queued_at=said.queued_at,
        head_start_s=head_start_s,
        own_head_start_s=said.head_start_s,
        max_wait_s=said.max_wait_s,
        requires=said.requires,
        prefers=said.prefers,
        tried=dict(said.tried),
        spent=set(said.spent),
        been_in=set(said.been_in),
    )


def stand(floor: Floor, call: Call) -> None:
    """It waits in the line of its queue from now on."""
    relax.begin(floor, call)
    call.line.enter(call.place, call.need)
    call.line.crowd.enter(call.call_id, call.queued_at)
    limit_wait(floor, call)
    floor.returned.append(call)
    if call.line.rules.overflow:
        floor.arrived.append(call)


def leave_line(floor: Floor, call: Call) -> None:
    """It stands there no longer, but will come back to its place."""
    call.line.leave(call.place, call.need)
    floor.cancel_timer(call.retry)
    floor.cancel_timer(call.relax)
    call.retry = call.relax = None


def limit_wait(floor: Floor, call: Call) -> None:
    """Time the longest wait; it counts from the real entry, without the head start."""
    floor.cancel_timer(call.max_wait)
    call.max_wait = None
    longest = [it for it in (call.line.rules.max_wait_s, call.max_wait_s) if it is not None]
    if longest:
        call.max_wait = floor.set_timer(
            call.queued_at + min(longest), Timer(kind=TimerKind.MAX_WAIT, subject=call.call_id)
        )


def max_wait_over(floor: Floor, call: Call) -> None:
    """Released now, or after the offer that rings: an agent may be about to answer."""
    call.max_wait = None
    if call.state is CallState.OFFERED:
        call.overdue = True
    else:
        release(floor, call, AbandonReason.TIMED_OUT)


def abandon(floor: Floor, call: Call, reason: AbandonReason) -> None:
    """It leaves the line without having talked, and is forgotten."""
    expecting.left(floor, call)
    floor.out_of_line(call)
    floor.say(
        CallAbandoned(
            at=floor.now,
            call_id=call.call_id,
            queue=call.line.queue,
            reason=reason,
            waited_s=max(0.0, floor.now - call.queued_at),
        )
    )
    floor.forget_call(call)


def release(floor: Floor, call: Call, reason: AbandonReason, *, branch: str = "") -> None:
    """We let it go; its flow goes on at the branch that the reason, or a rule, names.

    In the journal this is an abandon with that reason, so that each queued call has one end.
    Reports tell it from callers who hung up by the reason (timed out, no agents: released).
    """
    abandon(floor, call, reason)
    floor.say(Release(call_id=call.call_id, reason=reason, branch=branch))
