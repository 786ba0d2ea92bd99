"""Bringing calls and agents together.

A free agent gets the call with the smallest place among all its queues; a call that begins to
wait gets agents by its queue's strategy. Nothing is polled: only agents that have just become
free and calls that have just begun to wait are looked at.
"""

from __future__ import annotations

from ccengine.acd.commands import Offer
from ccengine.acd.floor import Floor
from ccengine.acd.line import Place
from ccengine.acd.state import Agent, Call, CallState, RunningOffer, Timer, TimerKind
from ccengine.ids import AgentId, OfferId
from ccengine.journal.facts import AgentState, OfferMade

GUARD_S = 5.0
"""An offer whose end has not come so long after its ring timeout is closed: Dial keeps the time
to the second, and the page is given about a second before the ring; 5 s are more than both."""


def settle(floor: Floor) -> None:
    """Decide all that has become possible, in a fixed order."""
    if len(floor.freed) > 1:  # a strategy must be able to choose among them
        for agent in floor.freed:
            if agent.free:
                floor.list_free(agent, agent.lines)
    while floor.freed:
        agent = floor.freed.popleft()
        while agent.free and (call := _next_call(floor, agent)) is not None:
            floor.list_free(agent, (call.line,))
            if not _offer(floor, call):
                break
        if agent.free:
            floor.list_free(agent, agent.lines)
    for call in sorted(floor.returned, key=lambda call: call.place):
        waits = floor.calls.get(call.call_id) is call and call.state is CallState.WAITING
        if waits and not _offer(floor, call):
            floor.set_retry(call)
    floor.returned.clear()


def _next_call(floor: Floor, agent: Agent) -> Call | None:
    """The waiting call with the smallest place that this agent may be rung for now."""
    best: Place | None = None
    for line in agent.lines:
        for place in line.waiting:
            if best is not None and place > best:
                break
            again_at = floor.calls[place[2]].tried.get(agent.agent_id)
            if again_at is None or again_at <= floor.now:
                best = place
                break
    return None if best is None else floor.calls[best[2]]


def _offer(floor: Floor, call: Call) -> bool:
    """Ring whom the strategy picks. False: nobody can be rung for this call now."""
    line = call.line
    chosen = line.choose(call.tried, call.rang_last, floor.dice, floor.now)
    if not chosen:
        return False
    offer_id = OfferId(f"{floor.boot}-{floor.number('offer')}")
    offer = RunningOffer(
        offer_id=offer_id,
        call_id=call.call_id,
        agents=chosen,
        decided_at=floor.now,
        ringing=list(chosen),
    )
    floor.offers[offer_id] = offer
    line.hold(call.place)
    floor.cancel_timer(call.retry)
    call.retry = None
    call.state, call.offer_id = CallState.OFFERED, offer_id
    line.rang_last = call.rang_last = chosen[-1]
    floor.say(
        OfferMade(
            at=floor.now,
            call_id=call.call_id,
            queue=line.queue,
            offer_id=offer_id,
            agents=chosen,
            strategy=line.rules.strategy.value,
            waited_s=max(0.0, floor.now - call.queued_at),
        ),
        Offer(
            offer_id=offer_id,
            call_id=call.call_id,
            queue=line.queue,
            agents=chosen,
            ring_timeout_s=line.rules.ring_timeout_s,
            decided_at=floor.now,
        ),
    )
    for agent_id in chosen:
        _hold(floor, agent_id, call, offer_id)
    offer.guard = floor.set_timer(
        floor.now + line.rules.ring_timeout_s + GUARD_S,
        Timer(kind=TimerKind.GUARD, subject=offer_id),
    )
    return True


def _hold(floor: Floor, agent_id: AgentId, call: Call, offer_id: OfferId) -> None:
    agent = floor.agents[agent_id]
    agent.call_id, agent.offer_id = call.call_id, offer_id
    floor.enter(agent, AgentState.OFFERED)
