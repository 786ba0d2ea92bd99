"""The end of a talk, and the time after it."""

from __future__ import annotations

from ccengine.acd.floor import Floor
from ccengine.acd.rules import WrapUpMode
from ccengine.acd.state import Agent, Call, Timer, TimerKind
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import AgentState, HangupBy, TalkEnded, WrapUpEnded, WrapUpExtended


def end_talk(floor: Floor, call: Call, by: HangupBy, hold_s: float) -> None:
    """Agent and caller are no longer connected; the agent wraps up if its queue gives time for it.

    ``talk_s`` is the time connected without the time on hold. An agent who signed out meanwhile
    is logged out at once, without wrap-up.
    """
    assert call.agent_id is not None  # a call that talks has its agent
    agent, rules = floor.agents[call.agent_id], call.line.rules
    connected = max(0.0, floor.now - call.answered_at)
    floor.say(
        TalkEnded(
            at=floor.now,
            call_id=call.call_id,
            queue=rules.queue,
            agent_id=agent.agent_id,
            talk_s=max(0.0, connected - hold_s),
            hold_s=hold_s,
            by=by,
        )
    )
    call.line.handled(floor.now, connected + rules.wrap_up_s)
    agent.last_call_ended_at[rules.queue] = floor.now
    floor.forget_call(call)
    until_done = rules.wrap_up_mode is WrapUpMode.UNTIL_DONE
    if (until_done or rules.wrap_up_s > 0) and agent.wish is not AgentState.LOGGED_OUT:
        begin_wrap_up(
            floor,
            agent,
            call_id=call.call_id,
            queue=rules.queue,
            since=floor.now,
            until=None if until_done else floor.now + rules.wrap_up_s,
        )
    else:
        floor.rest(agent)


def begin_wrap_up(
    floor: Floor,
    agent: Agent,
    *,
    call_id: CallId | None,
    queue: QueueId | None,
    since: float,
    until: float | None,
    extended: int = 0,
) -> None:
    """``until`` None: no timer ends it, the agent says when it is done."""
    agent.call_id, agent.wrap_up_queue = call_id, queue
    agent.wrap_up_since, agent.wrap_up_until = since, until
    agent.wrap_up_extended = extended
    floor.enter(agent, AgentState.WRAP_UP, reason=agent.wish_reason)
    _time(floor, agent)


def extensions_left(floor: Floor, agent: Agent) -> int:
    """How often the agent may still make this wrap-up longer."""
    line = None if agent.wrap_up_queue is None else floor.lines.get(agent.wrap_up_queue)
    if line is None or agent.wrap_up_until is None or line.rules.wrap_up_extension_s <= 0:
        return 0
    return max(0, line.rules.wrap_up_extensions - agent.wrap_up_extended)


def extend(floor: Floor, agent: Agent) -> None:
    """More time, counted from the end it would have had."""
    if extensions_left(floor, agent) == 0:
        floor.ignore("extend_wrap_up", f"agent {agent.agent_id} {_why_not(floor, agent)}")
        return
    assert agent.wrap_up_until is not None  # else there were none left
    assert agent.wrap_up_queue is not None
    agent.wrap_up_until += floor.lines[agent.wrap_up_queue].rules.wrap_up_extension_s
    agent.wrap_up_extended += 1
    floor.cancel_timer(agent.wrap_up)
    _time(floor, agent)
    floor.say(
        WrapUpExtended(
            at=floor.now,
            agent_id=agent.agent_id,
            queue=agent.wrap_up_queue,
            until=agent.wrap_up_until,
            extended=agent.wrap_up_extended,
        )
    )


def _why_not(floor: Floor, agent: Agent) -> str:
    if agent.wrap_up_until is None:
        return "has all the time it needs: its wrap-up ends when it says so"
    line = None if agent.wrap_up_queue is None else floor.lines.get(agent.wrap_up_queue)
    if line is None:
        return "wraps up a call of a queue that is not there (any more)"
    if line.rules.wrap_up_extension_s <= 0 or line.rules.wrap_up_extensions == 0:
        return f"cannot make a wrap-up of {line.queue} longer"
    return f"has made it longer {agent.wrap_up_extended} times, and may not again"


def _time(floor: Floor, agent: Agent) -> None:
    agent.wrap_up = None
    if agent.wrap_up_until is not None:
        agent.wrap_up = floor.set_timer(
            agent.wrap_up_until, Timer(kind=TimerKind.WRAP_UP, subject=agent.agent_id)
        )


def end_wrap_up(floor: Floor, agent: Agent) -> None:
    """Over by time, by the agent, or because something stronger came. Else nothing is said.

    The state is changed by who calls this: ready, logged out or talking may follow.
    """
    if agent.state is not AgentState.WRAP_UP:
        return
    floor.cancel_timer(agent.wrap_up)
    if agent.wrap_up_queue is not None and agent.call_id is not None:
        floor.say(
            WrapUpEnded(
                at=floor.now,
                call_id=agent.call_id,
                queue=agent.wrap_up_queue,
                agent_id=agent.agent_id,
                wrap_up_s=max(0.0, floor.now - agent.wrap_up_since),
            )
        )
    agent.wrap_up = agent.wrap_up_until = agent.wrap_up_queue = None
