"""A call's need in the course of its wait: what it begins with, and what makes it less.

A need only ever becomes less. Each change while the call is in line is a ``need.relaxed`` fact.
"""

from __future__ import annotations

from ccengine.acd.floor import AT_WORK, Floor
from ccengine.acd.needs import ANYONE, Need, Step, has_skills
from ccengine.acd.rules import OverflowAction
from ccengine.acd.state import Call, CallState, Timer, TimerKind
from ccengine.journal.facts import NeedRelaxed


def begin(floor: Floor, call: Call) -> None:
    """It is about to enter its line. Steps that lie in the past are taken at once."""
    _take_schedule(call)
    call.need = _need_now(floor, call)
    _time_next(floor, call)


def begin_anew(floor: Floor, call: Call) -> None:
    """Its queue has new rules while it is in line: they hold from the call's entry on.

    Not told in the journal: nothing was relaxed, and the need may even have grown.
    """
    _take_schedule(call)
    _set(call, _need_now(floor, call))
    _time_next(floor, call)


def due(floor: Floor, call: Call) -> None:
    """The moment of its next step has come."""
    call.relax = None
    change(floor, call)


def drop_all(floor: Floor, call: Call) -> None:
    """A rule opens it to all agents of the queue, for the rest of its stay."""
    _open_to_all(call)
    change(floor, call)


def change(floor: Floor, call: Call) -> None:
    """Look at what it needs by now; if that is less, agents are looked for anew."""
    need = _need_now(floor, call)
    _time_next(floor, call)
    if need == call.need:
        return
    _set(call, need)
    if need.only is not None:  # still for one agent alone: nobody else has become possible
        return
    floor.say(
        NeedRelaxed(
            at=floor.now,
            call_id=call.call_id,
            queue=call.line.queue,
            requires=need.words,
            levels_to=need.level,
            waited_s=max(0.0, floor.now - call.queued_at),
        )
    )
    if call.state is CallState.WAITING:
        floor.returned.append(call)


def nobody_in_vain(floor: Floor) -> None:
    """Calls that wait for an agent alone who has just left work are for anyone now."""
    for agent in floor.left_work:
        for line in agent.lines:
            for place in line.calls.only_for(agent.agent_id):
                change(floor, floor.calls[place.call_id])
    floor.left_work.clear()


def _take_schedule(call: Call) -> None:
    """What it needs in the course of its stay; nothing, when a rule has opened it to all before."""
    if call.spent and any(
        rule.action is OverflowAction.WIDEN and rule.name in call.spent
        for rule in call.line.rules.overflow
    ):
        _open_to_all(call)
    else:
        call.schedule = call.line.schedule(call.requires)


def _open_to_all(call: Call) -> None:
    call.schedule, call.prefers = (Step(0.0, ANYONE),), None


def _set(call: Call, need: Need) -> None:
    if need != call.need and call.state is CallState.WAITING:
        call.line.hold(call.place, call.need)
        call.line.give_back(call.place, need)
    call.need = need


def _need_now(floor: Floor, call: Call) -> Need:
    need = call.schedule[0].need
    for step in call.schedule[1:]:
        if call.queued_at + step.after_s > floor.now:
            break
        need = step.need
    if call.prefers is not None:
        if _waits_for_one(floor, call, need):
            return need._replace(only=call.prefers)
        call.prefers = None
    return need


def _waits_for_one(floor: Floor, call: Call, need: Need) -> bool:
    """Sticky: for so long, while that agent is at work here, can do it and has not let it go."""
    line, one = call.line, call.prefers
    member = None if one is None else line.members.get(one)
    agent = None if one is None else floor.agents.get(one)
    return (
        member is not None
        and agent is not None
        and floor.now < call.queued_at + line.rules.sticky_s
        and agent.state in AT_WORK
        and one not in call.tried
        and has_skills(member.skills, need.skills)
    )


def _time_next(floor: Floor, call: Call) -> None:
    """Time the next moment at which it may need less."""
    floor.cancel_timer(call.relax)
    call.relax = None
    at = next_change(call, floor.now)
    if at is not None:
        call.relax = floor.set_timer(at, Timer(kind=TimerKind.RELAX, subject=call.call_id))


def next_change(call: Call, now: float) -> float | None:
    """The next moment at which it may need less by waiting; None: there is none."""
    moments = [call.queued_at + step.after_s for step in call.schedule[1:]]
    if call.prefers is not None:
        moments.append(call.queued_at + call.line.rules.sticky_s)
    return min((at for at in moments if at > now), default=None)
