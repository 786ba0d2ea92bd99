"""The end of a talk, and the time after it."""

from __future__ import annotations

from ccengine.acd.floor import Floor
from ccengine.acd.state import Agent, Call, Timer, TimerKind
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import AgentState, HangupBy, TalkEnded, WrapUpEnded


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
    if rules.wrap_up_s > 0 and agent.wish is not AgentState.LOGGED_OUT:
        begin_wrap_up(
            floor,
            agent,
            call_id=call.call_id,
            queue=rules.queue,
            since=floor.now,
            until=floor.now + rules.wrap_up_s,
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
    until: float,
) -> None:
    agent.call_id, agent.wrap_up_queue = call_id, queue
    agent.wrap_up_since, agent.wrap_up_until = since, until
    floor.enter(agent, AgentState.WRAP_UP, reason=agent.wish_reason)
    agent.wrap_up = floor.set_timer(until, Timer(kind=TimerKind.WRAP_UP, subject=agent.agent_id))


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
