"""One simulated day: past callers and agents, virtual time, and the real ACD."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from ccengine.acd.commands import (
    CancelTimer,
    Command,
    Offer,
    ProposeCallback,
    Release,
    SetTimer,
    Withdraw,
)
from ccengine.acd.core import Acd
from ccengine.acd.inputs import (
    Answered,
    AskCallback,
    Input,
    Join,
    Leave,
    LegEnded,
    OfferClosed,
    QueueHours,
    TalkOver,
    TimerFired,
)
from ccengine.acd.offers import MISSED_OFFERS
from ccengine.acd.state import CallState
from ccengine.ids import AgentId, CallId, OfferId, TimerId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    AgentStateChanged,
    CallAbandoned,
    CallAnswered,
    Fact,
    OfferResult,
)
from ccengine.plan.agenda import Agenda
from ccengine.plan.casting import Cast
from ccengine.plan.crew import Crew
from ccengine.plan.draws import Draws
from ccengine.plan.survival import NEVER
from ccengine.plan.traffic import After, Handling, PastCall, PastStay, Ring, Traffic

TAIL_S = 4 * 3_600.0
"""So long after the facts' end calls may still end; who waits even then counts as waiting."""


UNKNOWN_NUMBER = "0"
"""Of a caller whom the facts do not name: nobody is really called."""

CUSTOMER_ANSWERS_S = 10.0
"""A customer who is called back is taken to answer so long after the agent, each time."""


@dataclass(slots=True, kw_only=True)
class _OnCall:
    """A call at its present stay."""

    past: PastCall
    index: int
    handling: Handling

    @property
    def stay(self) -> PastStay:
        return self.past.stays[self.index]


class World:
    """``run`` once; the facts it gives back are as the journal would have them."""

    def __init__(self, traffic: Traffic, cast: Cast, seed: int) -> None:
        self._traffic = traffic
        self._cast = cast
        self._draws = Draws(traffic, cast, seed)
        self._acd = Acd(replace(cast.rules, seed=seed), boot="plan")
        self._agenda = Agenda(traffic.begin)
        self._crew = Crew(cast, self._draws, self._agenda, self._acd, self._say)
        self._timers: set[TimerId] = set()
        self._ringing: dict[OfferId, Offer] = {}
        self._calls: dict[CallId, _OnCall] = {}
        self._rung: dict[tuple[CallId, AgentId], int] = {}
        self._last_served: dict[str, AgentId] = {}
        self._facts: list[Fact] = []

    def run(self) -> list[Fact]:
        for queue, changes in self._cast.hours.items():
            for at, is_open in changes:
                self._agenda.at(at, partial(self._say, QueueHours(queue=queue, open=is_open)))
        for call in self._traffic.calls:
            self._agenda.at(call.at, partial(self._enter, call, 0))
        self._agenda.run(self._traffic.until + TAIL_S)
        return self._facts

    # -- the door to the ACD

    def _say(self, said: Input) -> None:
        for word in self._acd.handle(said, self._agenda.now):
            if isinstance(word, Fact):
                self._facts.append(word)
                self._heard(word)
            else:
                self._carry_out(word)

    def _carry_out(self, command: Command) -> None:
        """What is only heard (``Move``, ``Announce``) changes nothing: nobody's patience is known
        to depend on it. What is ``Ignored`` came late, as it does in life."""
        match command:
            case Offer():
                self._ring(command)
            case Withdraw():
                self._ringing.pop(command.offer_id, None)
            case Release():
                self._goes_on(command.call_id, After.RELEASE)
            case ProposeCallback():
                if self._draws.accepts_callback(command.call_id):
                    self._wants_callback(self._calls[command.call_id])
            case SetTimer():
                self._timers.add(command.timer_id)
                self._agenda.at(command.at, partial(self._timer, command.timer_id))
            case CancelTimer():
                self._timers.discard(command.timer_id)
            case _:
                pass

    def _timer(self, timer_id: TimerId) -> None:
        if timer_id in self._timers:
            self._timers.remove(timer_id)
            self._say(TimerFired(timer_id=timer_id))

    def _heard(self, fact: Fact) -> None:
        match fact:
            case CallAnswered():
                self._answered(fact)
            case CallAbandoned(reason=AbandonReason.HUNG_UP | AbandonReason.ENGINE_LOST):
                self._calls.pop(fact.call_id, None)
            case CallAbandoned(reason=AbandonReason.EXIT_KEY):
                self._goes_on(fact.call_id, After.RELEASE)
            case AgentStateChanged(state=AgentState.NOT_READY) if fact.reason == MISSED_OFFERS:
                self._crew.comes_back_later(fact.agent_id)
            case AgentStateChanged(state=AgentState.NOT_READY):
                self._crew.break_began(fact.agent_id)
            case _:
                pass

    # -- callers

    def _enter(self, call: PastCall, index: int) -> None:
        stay = call.stays[index]
        now = _OnCall(
            past=call, index=index, handling=self._draws.handling(call.call_id, index, stay)
        )
        self._calls[call.call_id] = now
        patience_s = self._draws.patience_s(call.call_id, index, stay)
        if patience_s < NEVER:
            self._agenda.after(patience_s, partial(self._gives_up, now))
        if stay.asked_callback:
            self._agenda.after(stay.waited_s, partial(self._wants_callback, now))
        self._say(
            Join(
                call_id=call.call_id,
                queue=stay.queue,
                queued_at=self._agenda.now,
                head_start_s=self._cast.head_start_s(call, stay),
                ageing=self._cast.ageing(call),
                requires=self._draws.requires(stay),
                prefers=self._last_served.get(call.customer) if call.customer else None,
            )
        )

    def _wants_callback(self, call: _OnCall) -> None:
        """Asked for like at the time; a queue without callbacks lets the caller wait on."""
        call_id = call.past.call_id
        queue = self._cast.site.queues.get(call.stay.queue)
        waits = self._acd.call_state(call_id) in (CallState.WAITING, CallState.OFFERED)
        if waits and queue is not None and queue.callback is not None:
            callback_id = CallId(f"{call_id}-callback")
            self._calls[callback_id] = call
            number = call.past.ani or UNKNOWN_NUMBER
            asked = AskCallback(call_id=call_id, callback_id=callback_id, number=number)
            self._agenda.after(0.0, partial(self._say, asked))

    def _gives_up(self, call: _OnCall) -> None:
        """Patience is over; a caller who talks by now, or has gone on, does not notice."""
        call_id = call.past.call_id
        if self._calls.get(call_id) is not call:
            return
        if self._acd.call_state(call_id) in (CallState.WAITING, CallState.OFFERED):
            by_key = call.stay.left is AbandonReason.EXIT_KEY
            reason = AbandonReason.EXIT_KEY if by_key else AbandonReason.HUNG_UP
            self._say(Leave(call_id=call_id, reason=reason))

    def _goes_on(self, call_id: CallId, after: After) -> None:
        """Its flow sends it to the next queue where it did so at the time, else it is over."""
        call = self._calls.pop(call_id, None)
        if call is None or call.index + 1 >= len(call.past.stays):
            return
        following = call.past.stays[call.index + 1]
        if following.after is after:
            self._agenda.after(following.delay_s, partial(self._enter, call.past, call.index + 1))

    # -- offers and talks

    def _ring(self, offer: Offer) -> None:
        self._ringing[offer.offer_id] = offer
        limit_s = offer.ring_timeout_s + (CUSTOMER_ANSWERS_S if offer.callback else 0.0)
        self._agenda.after(limit_s, partial(self._rings_out, offer.offer_id))
        for agent in offer.agents:
            tries = self._rung[offer.call_id, agent] = self._rung.get((offer.call_id, agent), 0) + 1
            ring = self._draws.ring(offer.call_id, agent, tries)
            if offer.callback and ring.result is None:
                ring = replace(ring, rang_s=ring.rang_s + CUSTOMER_ANSWERS_S)
            if ring.result is not OfferResult.MISSED and ring.rang_s < limit_s:
                self._agenda.after(ring.rang_s, partial(self._reacts, offer, agent, ring))

    def _reacts(self, offer: Offer, agent: AgentId, ring: Ring) -> None:
        if offer.offer_id not in self._ringing:
            return
        if ring.result is None:
            del self._ringing[offer.offer_id]
            self._say(Answered(offer_id=offer.offer_id, agent_id=agent))
        else:
            self._say(LegEnded(offer_id=offer.offer_id, agent_id=agent, result=ring.result))

    def _rings_out(self, offer_id: OfferId) -> None:
        if self._ringing.pop(offer_id, None) is not None:
            self._say(OfferClosed(offer_id=offer_id, result=OfferResult.MISSED))

    def _answered(self, fact: CallAnswered) -> None:
        call = self._calls[fact.call_id]
        if call.past.customer:
            self._last_served[call.past.customer] = fact.agent_id
        busy_s = call.handling.talk_s + call.handling.hold_s
        self._agenda.after(busy_s, partial(self._talk_over, fact, call))

    def _talk_over(self, talk: CallAnswered, call: _OnCall) -> None:
        handling = call.handling
        self._say(TalkOver(call_id=talk.call_id, by=handling.by, hold_s=handling.hold_s))
        self._goes_on(talk.call_id, After.TALK)
        wrap_up_s = self._draws.wrap_up_by_hand_s(handling, call.stay.queue, talk.queue)
        if wrap_up_s is not None:
            self._agenda.after(
                wrap_up_s, partial(self._crew.wrapped_up, talk.agent_id, talk.call_id, talk.queue)
            )
