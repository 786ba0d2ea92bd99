"""Bringing calls and agents together.

A free agent gets the first call, in the order over all its queues, that it may be rung for; a
call that begins to wait, or needs less, gets agents by its queue's strategy. Nothing is polled:
only agents that have just become free and such calls are looked at.
"""

from __future__ import annotations

from ccengine.acd import relax
from ccengine.acd.callbacks import guard_s
from ccengine.acd.commands import Offer
from ccengine.acd.explain import explain
from ccengine.acd.floor import Floor
from ccengine.acd.line import Choice
from ccengine.acd.order import Turn, turn_of
from ccengine.acd.state import Agent, Call, CallState, RunningOffer, Timer, TimerKind
from ccengine.ids import AgentId, CallId, OfferId
from ccengine.journal.facts import AgentState, OfferMade

GUARD_S = 5.0
"""An offer whose end has not come so long after its ring timeout is closed: Dial keeps the time
to the second, and the page is given about a second before the ring; 5 s are more than both."""


def settle(floor: Floor) -> None:
    """Decide all that has become possible, in a fixed order."""
    if floor.left_work:
        relax.nobody_in_vain(floor)
    if len(floor.freed) > 1:  # a strategy must be able to choose among them
        for agent in floor.freed:
            if agent.free:
                floor.list_free(agent, agent.lines)
    while floor.freed:
        agent = floor.freed.popleft()
        while agent.free and (call := _next_call(floor, agent)) is not None:
            line = call.line
            if line.has_free:  # then its strategy has to choose
                floor.list_free(agent, (line,))
                choice = line.choose(call.need, call.tried, floor.dice, floor.now)
            else:
                choice = Choice((agent.agent_id,), 1, agent.agent_id in call.tried)
            if not _offer(floor, call, choice, agent):
                break
        if agent.free:
            floor.list_free(agent, agent.lines)
    if not floor.returned:
        return
    for call in sorted(floor.returned, key=lambda call: _turn(floor, call)):
        waits = floor.calls.get(call.call_id) is call and call.state is CallState.WAITING
        if waits:
            choice = call.line.choose(call.need, call.tried, floor.dice, floor.now)
            if not _offer(floor, call, choice, None):
                floor.set_retry(call)
    floor.returned.clear()


def _turn(floor: Floor, call: Call) -> tuple[int, Turn]:
    return (-call.line.rules.weight, turn_of(call.place, floor.now))


def _next_call(floor: Floor, agent: Agent) -> Call | None:
    """The first waiting call, in the order over all queues, that this agent may be rung for now."""
    now, agent_id, calls = floor.now, agent.agent_id, floor.calls

    def passed(call_id: CallId) -> bool:
        again_at = calls[call_id].tried.get(agent_id)
        return again_at is not None and again_at > now

    best: Turn | None = None
    highest = 0
    for line in agent.lines:
        weight = line.rules.weight
        if best is not None and weight < highest:
            continue
        before = best if weight == highest else None
        turn = line.calls.first(agent_id, line.suits, passed, now, before)
        if turn is not None:
            best, highest = turn, weight
    return None if best is None else calls[best[3]]


def _offer(floor: Floor, call: Call, choice: Choice, freed: Agent | None) -> bool:
    """Ring whom the strategy picked. False: nobody can be rung for this call now."""
    line = call.line
    if not choice.agents:
        return False
    if call.callback is not None:
        # One agent even with ring all: nobody else may be held for a customer who may not answer.
        choice = choice._replace(agents=choice.agents[:1])
    chosen, number = choice.agents, floor.number("offer")
    offer_id = OfferId(f"{floor.boot}-{number}")
    if floor.watch is not None:
        floor.watch(explain(floor, call, choice, offer_id, freed))
    offer = RunningOffer(
        offer_id=offer_id,
        call_id=call.call_id,
        agents=chosen,
        number=number,
        decided_at=floor.now,
        ringing=list(chosen),
    )
    floor.offers[offer_id] = offer
    line.hold(call.place, call.need)
    floor.cancel_timer(call.retry)
    call.retry = None
    call.state, call.offer_id = CallState.OFFERED, offer_id
    line.rang(chosen[-1])
    floor.say(
        OfferMade(
            at=floor.now,
            call_id=call.call_id,
            queue=line.queue,
            offer_id=offer_id,
            agents=chosen,
            strategy=line.rules.strategy.value,
            waited_s=max(0.0, floor.now - call.queued_at),
            candidates=choice.candidates,
            rules=floor.rules.version,
        ),
        Offer(
            offer_id=offer_id,
            call_id=call.call_id,
            queue=line.queue,
            agents=chosen,
            ring_timeout_s=line.rules.ring_timeout_s,
            decided_at=floor.now,
            callback=call.callback is not None,
        ),
    )
    for agent_id in chosen:
        _hold(floor, agent_id, call, offer_id)
    offer.guard = floor.set_timer(
        floor.now + line.rules.ring_timeout_s + guard_s(call) + GUARD_S,
        Timer(kind=TimerKind.GUARD, subject=offer_id),
    )
    return True


def _hold(floor: Floor, agent_id: AgentId, call: Call, offer_id: OfferId) -> None:
    agent = floor.agents[agent_id]
    agent.call_id, agent.offer_id = call.call_id, offer_id
    floor.enter(agent, AgentState.OFFERED)
