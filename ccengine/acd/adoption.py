"""Taking up again what a restarted engine finds, and what a new site file changes."""

from __future__ import annotations

from random import Random

from ccengine.acd import callbacks, relax
from ccengine.acd.floor import Floor
from ccengine.acd.inputs import AdoptAgent, AdoptTalk
from ccengine.acd.line import Line
from ccengine.acd.offers import connect, drop_offer, take_out, withdraw
from ccengine.acd.order import place_of
from ccengine.acd.queueing import limit_wait, release
from ccengine.acd.rules import AcdRules, QueueRules, Strategy
from ccengine.acd.state import Agent, Call, CallState
from ccengine.acd.wrapup import begin_wrap_up, end_wrap_up
from ccengine.journal.facts import AbandonReason, AgentState, CallbackEnd

ADOPTED = "adopted"
"""The reason of an agent state that was not changed but found."""


def adopt_talk(floor: Floor, agent: Agent, said: AdoptTalk) -> None:
    """Asterisk has these two connected: that is true, whatever was planned for either."""
    call = floor.calls.get(said.call_id)
    if call is not None:
        drop_offer(floor, call)
    take_out(floor, agent)
    end_wrap_up(floor, agent)
    if call is not None:
        # It stood in line, so its answer is not in the journal yet.
        call.offer_id = said.offer_id
        connect(floor, call, agent, answered_at=said.answered_at)
        return
    line = floor.lines.get(said.queue) or Line(
        QueueRules(queue=said.queue, strategy=Strategy.RANDOM, agents=())
    )
    floor.calls[said.call_id] = Call(
        call_id=said.call_id,
        line=line,
        place=place_of(said.call_id, queued_at=said.queued_at, entry=floor.number("entry")),
        queued_at=said.queued_at,
        state=CallState.TALKING,
        agent_id=agent.agent_id,
        answered_at=said.answered_at,
    )
    agent.call_id, agent.offer_id = said.call_id, None
    floor.enter(agent, AgentState.TALKING, reason=ADOPTED)
    agent.reason = agent.wish_reason


def adopt_agent(floor: Floor, agent: Agent, said: AdoptAgent) -> None:
    """What the journal last said of this agent. A call that holds it already goes before."""
    if agent.free:
        floor.unlist(agent)  # its rank may change with the counters
    agent.answered = dict(said.calls_answered)
    agent.last_call_ended_at = dict(said.last_call_ended_at)
    agent.missed_in_a_row = said.missed_in_a_row
    if not said.signed_in:
        agent.wish, agent.wish_reason = AgentState.LOGGED_OUT, ""
    elif said.ready:
        agent.wish, agent.wish_reason = AgentState.READY, ""
    else:
        agent.wish, agent.wish_reason = AgentState.NOT_READY, said.reason
    if agent.state in (AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP):
        agent.reason = agent.wish_reason
        return
    wraps_up = said.wrap_up_until is not None or said.wrap_up_since is not None
    if said.signed_in and wraps_up:
        since = floor.now if said.wrap_up_since is None else said.wrap_up_since
        until = said.wrap_up_until
        if until is not None:
            # The machine's clock may have been set back before this engine read it.
            until = min(until, floor.now + max(0.0, until - since))
        begin_wrap_up(
            floor,
            agent,
            call_id=said.wrap_up_call,
            queue=said.wrap_up_queue,
            since=since,
            until=until,
            extended=said.wrap_up_extended,
        )
    else:
        floor.rest(agent)


def replace_rules(floor: Floor, rules: AcdRules) -> None:
    """Calls, offers, talks and agents stay where they are.

    Calls of a queue that is gone are released, its callbacks cancelled; talks of it are finished
    under its old rules. An agent who no longer serves a queue finishes what it has from it.
    """
    for queue in [queue for queue in floor.lines if queue not in rules.queues]:
        line = floor.lines.pop(queue)
        for call_id in line.call_ids(floor.now):
            call = floor.calls[call_id]
            if call.callback is None:
                withdraw(floor, call)
                release(floor, call, AbandonReason.NO_AGENTS)
        for call_id in tuple(line.crowd.callbacks):
            call = floor.calls[call_id]
            withdraw(floor, call)
            callbacks.end(floor, call, CallbackEnd.CANCELLED)
        floor.closed.discard(queue)
    for agent in floor.agents.values():
        if agent.free:
            floor.unlist(agent)
    floor.freed.clear()
    for queue, queue_rules in rules.queues.items():
        line = floor.lines.get(queue) or Line(queue_rules, rules.skills)
        before = line.rules
        line.replace(queue_rules, rules.skills)
        floor.lines[queue] = line
        if before.max_wait_s != queue_rules.max_wait_s:
            for call_id in line.crowd.caller_ids():
                limit_wait(floor, floor.calls[call_id])
                floor.calls[call_id].overdue = False
        if before != queue_rules:
            floor.thinned[line] = None  # its callers may have to go, or other rules be due
    if rules.seed != floor.rules.seed:
        floor.dice = Random(rules.seed)
    floor.rules = rules
    floor.seat(floor.lines[queue] for queue in rules.queues)
    for agent in floor.agents.values():
        floor.refresh(agent)
    for line in floor.lines.values():
        for call_id in line.call_ids(floor.now):
            call = floor.calls[call_id]
            relax.begin_anew(floor, call)
            if call.state is CallState.WAITING:
                floor.returned.append(call)
