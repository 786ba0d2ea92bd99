"""Overflow rules: what becomes of a caller whose wait, or whose queue, is not as it should be.

Each rule fires at most once in a call's stay in a queue, in the order of the site file. A rule
about the call's own wait fires at its second. The other measures are looked at when nobody can be
rung for a call that has just come, or come back from an offer, and every ``LOOK_EVERY_S`` by one
timer per call that has such rules left; rules about agents logged in, as well when one logs out.
While a call rings at an agent nothing is done to it: its rules are looked at when the offer comes
to nothing, and those about its own wait before the next agent is rung.
"""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.acd import relax
from ccengine.acd.commands import Announce, Move, ProposeCallback
from ccengine.acd.floor import Floor
from ccengine.acd.gates import expulsion, refusal
from ccengine.acd.line import Line
from ccengine.acd.order import place_of
from ccengine.acd.queueing import release, stand
from ccengine.acd.rules import OverflowAction, OverflowMeasure, OverflowRule
from ccengine.acd.state import Call, CallState, Timer, TimerKind
from ccengine.ids import QueueId
from ccengine.journal.facts import AbandonReason, CallOverflowed, CallQueued

LOOK_EVERY_S = 5.0
"""Soon enough for a rule about a queue's state, and one timer per call in five seconds is what the
longest line can afford."""

VOICEMAIL = "voicemail"
"""The enqueue step's way to leaving a message."""


def look(floor: Floor, call: Call) -> None:
    """Fire all that is due for a call that waits; time the next look."""
    floor.cancel_timer(call.overflow)
    call.overflow = None
    if not call.line.rules.overflow or call.callback or call.state is not CallState.WAITING:
        return
    if _fire_due(floor, call, call.line.rules.overflow):
        _time_next(floor, call)


def returned(floor: Floor, call: Call) -> None:
    """An offer for it came to nothing and it waits again: what was put off meanwhile is done."""
    if call.callback:
        return
    reason = expulsion(floor, call.line)
    if reason is not None:
        release(floor, call, reason)
        return
    rules = call.line.rules.overflow
    if _fire_due(floor, call, [r for r in rules if r.measure is OverflowMeasure.WAITED]):
        floor.arrived.append(call)


def arrived(floor: Floor) -> None:
    """It is settled for whom of those who came somebody is rung: look at the others' rules.

    An agent who is free is never passed by a rule that looks at how busy the queue is.
    """
    calls, floor.arrived = floor.arrived, []
    for call in calls:
        if floor.calls.get(call.call_id) is call:
            look(floor, call)


def thinned(floor: Floor) -> None:
    """Queues have lost agents, or closed: let go who must not wait there any longer.

    Costs as much as there are callers in those queues, and no queue is here without a rule for it.
    """
    while floor.thinned:
        line, _ = floor.thinned.popitem()
        reason = expulsion(floor, line)
        for call_id in line.crowd.caller_ids():
            call = floor.calls[call_id]
            if call.state is not CallState.WAITING:
                continue
            if reason is not None:
                release(floor, call, reason)
            else:
                floor.arrived.append(call)


def _fire_due(floor: Floor, call: Call, rules: Sequence[OverflowRule]) -> bool:
    """Fire those of these rules that are due. True: the call waits on in this queue."""
    line = call.line
    while (rule := _next_due(floor, call, rules)) is not None:
        call.spent.add(rule.name)
        _fire(floor, call, rule)
        if floor.calls.get(call.call_id) is not call or call.line is not line:
            return False
    return True


def _next_due(floor: Floor, call: Call, rules: Sequence[OverflowRule]) -> OverflowRule | None:
    for rule in rules:
        if rule.name not in call.spent and _due(floor, call, rule):
            return rule
    return None


def _due(floor: Floor, call: Call, rule: OverflowRule) -> bool:
    line = call.line
    match rule.measure:
        case OverflowMeasure.WAITED:
            # The same sum as the timer's moment, so that it is due at that very moment.
            return call.queued_at + rule.limit <= floor.now
        case OverflowMeasure.LONGEST_WAIT:
            return line.crowd.longest_wait_s(floor.now) >= rule.limit
        case OverflowMeasure.EXPECTED_WAIT:
            expected = line.expected_wait(call.place, floor.now)
            return expected is not None and expected >= rule.limit
        case OverflowMeasure.POSITION:
            return line.position(call.place, floor.now) >= rule.limit
        case OverflowMeasure.AGENTS_READY:
            return line.crowd.ready <= rule.limit
        case OverflowMeasure.AGENTS_LOGGED_IN:
            return line.crowd.logged_in <= rule.limit


def _time_next(floor: Floor, call: Call) -> None:
    moments = set()
    for rule in call.line.rules.overflow:
        if rule.name not in call.spent:
            own_wait = rule.measure is OverflowMeasure.WAITED
            moments.add(call.queued_at + rule.limit if own_wait else floor.now + LOOK_EVERY_S)
    if moments:
        timer = Timer(kind=TimerKind.OVERFLOW, subject=call.call_id)
        call.overflow = floor.set_timer(min(moments), timer)


def _fire(floor: Floor, call: Call, rule: OverflowRule) -> None:
    target = floor.lines.get(QueueId(rule.target))
    if rule.action is OverflowAction.QUEUE and target is not None:
        why = _no_way(floor, call, target)
        if why is None:
            _move(floor, call, rule, target)
            return
        floor.ignore("overflow", f"rule {rule.name}: call {call.call_id} stays: {why}")
    _say_fired(floor, call, rule, None)
    match rule.action:
        case OverflowAction.WIDEN:
            relax.drop_all(floor, call)
        case OverflowAction.QUEUE if target is None:
            floor.ignore("overflow", f"rule {rule.name}: there is no queue {rule.target}")
        case OverflowAction.QUEUE:
            pass  # refused there: it stays
        case OverflowAction.BRANCH:
            release(floor, call, AbandonReason.OVERFLOW, branch=rule.target)
        case OverflowAction.VOICEMAIL:
            release(floor, call, AbandonReason.OVERFLOW, branch=VOICEMAIL)
        case OverflowAction.CALLBACK if call.line.rules.callback is None:
            floor.ignore("overflow", f"rule {rule.name}: {call.line.queue} takes no callbacks")
        case OverflowAction.CALLBACK:
            floor.say(ProposeCallback(call_id=call.call_id))
        case OverflowAction.ANNOUNCE:
            floor.say(Announce(call_id=call.call_id, message=rule.target))


def _say_fired(floor: Floor, call: Call, rule: OverflowRule, to: QueueId | None) -> None:
    floor.say(
        CallOverflowed(
            at=floor.now,
            call_id=call.call_id,
            queue=call.line.queue,
            rule=rule.name,
            action=rule.action.value,
            to_queue=to,
            waited_s=max(0.0, floor.now - call.queued_at),
        )
    )


def _no_way(floor: Floor, call: Call, target: Line) -> str | None:
    """Why it cannot be moved there; None: it can."""
    if target is call.line or target.queue in call.been_in:
        return f"it has been in {target.queue} already"
    reason = refusal(floor, target)
    if reason is not None:
        return f"{target.queue} lets nobody in: {reason}"
    longest = target.rules.max_wait_s
    if longest is not None and call.queued_at + longest <= floor.now:
        return f"it has waited longer by now than {target.queue} allows"
    return None


def _move(floor: Floor, call: Call, rule: OverflowRule, target: Line) -> None:
    """One stay ends and the next begins; the caller keeps its wait, head start and refusals."""
    _say_fired(floor, call, rule, target.queue)
    left = call.line.queue
    floor.out_of_line(call)
    call.been_in.add(left)
    call.spent.clear()
    call.line, call.overdue = target, False
    call.head_start_s = call.own_head_start_s + target.rules.head_start_s
    call.place = place_of(
        call.call_id,
        queued_at=call.queued_at,
        entry=call.place.entry,
        head_start_s=call.head_start_s,
        ageing=call.place.ageing,
    )
    stand(floor, call)
    floor.say(
        CallQueued(
            at=floor.now,
            call_id=call.call_id,
            queue=target.queue,
            head_start_s=call.own_head_start_s,
            queued_at=call.queued_at,
            position=target.position(call.place, floor.now),
            requires=call.need.words,
            moved_from=left,
        ),
        Move(call_id=call.call_id, queue=target.queue),
    )
