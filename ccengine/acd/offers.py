"""The life of an offer: legs that end, the one that is answered, and what is late."""

from __future__ import annotations

from ccengine.acd import callbacks, expecting, overflow, relax
from ccengine.acd.commands import Withdraw
from ccengine.acd.floor import Floor
from ccengine.acd.queueing import release
from ccengine.acd.state import (
    Agent,
    Call,
    CallState,
    LegState,
    RunningOffer,
    Timer,
    TimerKind,
)
from ccengine.acd.wrapup import end_wrap_up
from ccengine.ids import AgentId, OfferId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    CallAnswered,
    CallbackEnd,
    CallbackResult,
    OfferEnded,
    OfferResult,
)

UNREACHABLE_PAUSE_S = 5.0
"""Before an agent whose phone could not be reached is rung for anything: a Dial to it comes back
at once, and without a pause the two would chase each other. Phones register again in seconds."""

MISSED_OFFERS = "missed_offers"
"""The not-ready reason of an agent who let too many offers ring out."""


def leg_state(floor: Floor, offer_id: OfferId, agent_id: AgentId) -> LegState:
    """Answered, as soon as its call talks: by this leg, by another, or by another offer."""
    offer = floor.offers.get(offer_id)
    if offer is None or agent_id not in offer.agents:
        return LegState.FORGOTTEN
    state = offer_state(floor, offer_id)
    if state is LegState.RINGING and agent_id not in offer.ringing:
        return LegState.OVER
    return state


def offer_state(floor: Floor, offer_id: OfferId) -> LegState:
    """Of all its legs together: ringing while one of them rings."""
    offer = floor.offers.get(offer_id)
    if offer is None:
        return LegState.FORGOTTEN
    if floor.calls[offer.call_id].state is CallState.TALKING:
        return LegState.ANSWERED
    return LegState.RINGING if offer.ringing else LegState.OVER


def end_leg(floor: Floor, offer: RunningOffer, agent_id: AgentId, result: OfferResult) -> None:
    """One agent's phone stops ringing without a talk; when it was the last, the call goes back."""
    _leg_over(floor, offer, agent_id, result)
    _mark_tried(floor, offer, agent_id, result)
    if not offer.ringing:
        _offer_over(floor, offer)


def end_offer(floor: Floor, offer: RunningOffer, result: OfferResult) -> None:
    """All legs that still ring end alike, and the call goes back to its place."""
    for agent_id in tuple(offer.ringing):
        _leg_over(floor, offer, agent_id, result)
        _mark_tried(floor, offer, agent_id, result)
    _offer_over(floor, offer)


def guard_fired(floor: Floor, offer: RunningOffer) -> None:
    """Nobody told how the offer ended. It is taken back; no agent is blamed for it."""
    offer.guard = None
    floor.ignore(
        "offer.guard", f"no end of offer {offer.offer_id} was told in time: it is taken back"
    )
    call = floor.calls[offer.call_id]
    if call.callback is not None:
        # Or one that nobody carries out would be offered to one agent after another for ever.
        attempt_over(floor, call, CallbackResult.FAILED)
        return
    floor.say(Withdraw(offer_id=offer.offer_id, call_id=offer.call_id))
    end_offer(floor, offer, OfferResult.WITHDRAWN)


def withdraw(floor: Floor, call: Call) -> None:
    """The call will not be served by its running offer: stop ringing, set the agents free."""
    if call.offer_id is None:
        return
    offer = floor.offers[call.offer_id]
    floor.say(Withdraw(offer_id=offer.offer_id, call_id=offer.call_id))
    floor.cancel_timer(offer.guard)
    for agent_id in tuple(offer.ringing):
        _leg_over(floor, offer, agent_id, OfferResult.WITHDRAWN)


def give_up(floor: Floor, call: Call) -> None:
    """The agent left again before an answer was heard of: stop ringing, the call waits on."""
    if call.offer_id is not None:
        floor.say(Withdraw(offer_id=call.offer_id, call_id=call.call_id))
        end_offer(floor, floor.offers[call.offer_id], OfferResult.WITHDRAWN)


def attempt_over(floor: Floor, callback: Call, result: CallbackResult) -> None:
    """The customer was not reached: its agent is free again, and not held to have refused it."""
    tried = dict(callback.tried)
    give_up(floor, callback)
    callback.tried = tried
    if floor.calls.get(callback.call_id) is callback:  # else it had expired meanwhile
        callbacks.tried(floor, callback, result)


def drop_offer(floor: Floor, call: Call) -> None:
    """Withdraw, and remember nothing of it: the call is connected by another way."""
    withdraw(floor, call)
    if call.offer_id is not None:
        del floor.offers[call.offer_id]
        call.offer_id = None


def take_out(floor: Floor, agent: Agent) -> None:
    """This agent is no longer to be had for its offer; other agents of the offer ring on."""
    if agent.offer_id is None or agent.state is not AgentState.OFFERED:
        return
    offer = floor.offers[agent.offer_id]
    if offer.ringing == [agent.agent_id]:
        floor.say(Withdraw(offer_id=offer.offer_id, call_id=offer.call_id))
    end_leg(floor, offer, agent.agent_id, OfferResult.WITHDRAWN)


def answer(floor: Floor, offer: RunningOffer, agent_id: AgentId) -> None:
    """The two are connected. Whatever else was going on for either of them is over.

    A leg that was taken for ended and answers all the same is late, but true: Asterisk has joined
    the two, and nobody may cut them apart again.
    """
    call, agent = floor.calls[offer.call_id], floor.agents[agent_id]
    if agent_id not in offer.ringing:
        if agent.state is AgentState.TALKING:
            floor.ignore("answered", f"agent {agent_id} talks with call {agent.call_id}")
            return
        if call.offer_id != offer.offer_id:
            drop_offer(floor, call)
        take_out(floor, agent)
    end_wrap_up(floor, agent)
    offer.ringing = [other for other in offer.ringing if other != agent_id]
    floor.cancel_timer(offer.guard)
    call.offer_id = offer.offer_id
    call.line.answered(agent_id, offer.number)
    connect(floor, call, agent, answered_at=floor.now)
    for other in tuple(offer.ringing):
        _leg_over(floor, offer, other, OfferResult.WITHDRAWN)


def connect(floor: Floor, call: Call, agent: Agent, *, answered_at: float) -> None:
    """Caller and agent talk: the call leaves the line as answered."""
    floor.out_of_line(call)
    call.state, call.agent_id, call.answered_at = CallState.TALKING, agent.agent_id, answered_at
    queue = call.line.queue
    if call.offer_id is not None:
        floor.say(
            CallAnswered(
                at=floor.now,
                call_id=call.call_id,
                queue=queue,
                offer_id=call.offer_id,
                agent_id=agent.agent_id,
                waited_s=max(0.0, answered_at - call.queued_at),
            )
        )
    callbacks.connected(floor, call)
    expecting.answered(floor, call, max(0.0, answered_at - call.queued_at))
    agent.missed_in_a_row = 0
    agent.answered[queue] = agent.answered.get(queue, 0) + 1
    agent.call_id, agent.offer_id = call.call_id, None
    floor.enter(agent, AgentState.TALKING, reason=agent.wish_reason)


def _leg_over(floor: Floor, offer: RunningOffer, agent_id: AgentId, result: OfferResult) -> None:
    offer.ringing.remove(agent_id)
    call, agent = floor.calls[offer.call_id], floor.agents[agent_id]
    floor.say(
        OfferEnded(
            at=floor.now,
            call_id=call.call_id,
            queue=call.line.queue,
            offer_id=offer.offer_id,
            agent_id=agent_id,
            result=result,
            rang_s=max(0.0, floor.now - offer.decided_at),
        )
    )
    match result:
        case OfferResult.MISSED:
            agent.missed_in_a_row += 1
            most = call.line.rules.missed_offers_to_not_ready
            if 0 < most <= agent.missed_in_a_row and agent.wish is AgentState.READY:
                agent.wish, agent.wish_reason = AgentState.NOT_READY, MISSED_OFFERS
        case OfferResult.REFUSED:
            agent.missed_in_a_row = 0  # somebody is there, and pressed a key
        case OfferResult.UNREACHABLE:
            floor.cancel_timer(agent.pause)
            agent.pause = floor.set_timer(
                floor.now + UNREACHABLE_PAUSE_S, Timer(kind=TimerKind.PAUSE, subject=agent_id)
            )
        case OfferResult.WITHDRAWN:
            pass  # not the agent's doing
    floor.rest(agent)


def _mark_tried(floor: Floor, offer: RunningOffer, agent_id: AgentId, result: OfferResult) -> None:
    """Not this agent again for this call, unless there is nobody else and a pause is over."""
    call = floor.calls[offer.call_id]
    unreachable = result is OfferResult.UNREACHABLE
    pause = UNREACHABLE_PAUSE_S if unreachable else call.line.rules.retry_pause_s
    call.tried[agent_id] = floor.now + pause


def _offer_over(floor: Floor, offer: RunningOffer) -> None:
    """Nobody took the call: it goes back to its old place, or leaves if its time is up."""
    floor.cancel_timer(offer.guard)
    offer.guard = None
    call = floor.calls[offer.call_id]
    if call.past_offer_id is not None:
        floor.offers.pop(call.past_offer_id, None)
    call.past_offer_id, call.offer_id = offer.offer_id, None
    if call.overdue:
        if call.callback is None:
            release(floor, call, AbandonReason.TIMED_OUT)
        else:
            callbacks.end(floor, call, CallbackEnd.EXPIRED)
        return
    relax.change(floor, call)
    call.state = CallState.WAITING
    call.line.give_back(call.place, call.need)
    floor.returned.append(call)
    overflow.returned(floor, call)
