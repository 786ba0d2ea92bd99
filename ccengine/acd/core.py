"""The ACD's one door: an input and the time go in, commands and facts come out, in order.

It awaits nothing, reads no clock and rolls no dice but its own seeded ones, so that the same
inputs always lead to the same calls. It raises nothing because of an input: what is late or
impossible comes back as ``Ignored``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, assert_never

from ccengine.acd import (
    adoption,
    callbacks,
    expecting,
    gates,
    offers,
    overflow,
    presence,
    queueing,
    timers,
    wrapup,
)
from ccengine.acd.commands import Command
from ccengine.acd.floor import Floor, Watch
from ccengine.acd.inputs import (
    AdoptAgent,
    AdoptCallback,
    AdoptQueue,
    AdoptTalk,
    AdoptWaits,
    Answered,
    AskCallback,
    CallbackTried,
    CancelCallback,
    ExtendWrapUp,
    Input,
    Join,
    Leave,
    LegEnded,
    NotReady,
    OfferClosed,
    PhoneChanged,
    QueueHours,
    Ready,
    RulesReplaced,
    SignIn,
    SignOut,
    TalkOver,
    TimerFired,
)
from ccengine.acd.match import settle
from ccengine.acd.questions import Questions
from ccengine.acd.rules import AcdRules
from ccengine.acd.state import CallState, LegState, QueueState
from ccengine.acd.table import (
    AGENT_TABLE,
    CALL_TABLE,
    LEG_TABLE,
    AgentEvent,
    CallEvent,
    Drop,
    LegEvent,
    Move,
    QueueEvent,
)
from ccengine.acd.table_of_callbacks import CALLBACK_TABLE, QUEUE_TABLE
from ccengine.ids import CallId
from ccengine.journal.facts import AbandonReason, AgentState, CallbackEnd, Fact, HangupBy

S = TypeVar("S", AgentState, CallState, LegState, QueueState)


class Acd(Questions):
    """Queues, agents and calls of one contact centre.

    ``boot`` is different at each start of the engine (a moment, a random word): offer and timer
    ids begin with it, so that none is given twice.
    """

    def __init__(self, rules: AcdRules, *, boot: str) -> None:
        self._floor = Floor(rules, boot)
        adoption.replace_rules(self._floor, rules)

    def handle(self, said: Input, now: float, watch: Watch | None = None) -> list[Command | Fact]:
        """Take one input at this moment; all that follows from it is in the answer.

        ``watch`` is told why, once for each offer made, before anything changes by it.
        """
        floor = self._floor
        floor.now, floor.said, floor.watch = now, [], watch
        self._take(said)
        if floor.thinned:
            overflow.thinned(floor)
        settle(floor)
        while floor.arrived:
            overflow.arrived(floor)
            settle(floor)
        if floor.entered:
            expecting.entered(floor)
        floor.watch = None
        words, floor.said = floor.said, []
        return words

    # -- inputs

    def _take(self, said: Input) -> None:
        match said:
            case Join() | Leave() | TalkOver():
                self._call_said(said)
            case Answered() | LegEnded() | OfferClosed():
                self._offer_said(said)
            case AskCallback() | CallbackTried() | CancelCallback() | AdoptCallback():
                self._callback_said(said)
            case (
                SignIn()
                | SignOut()
                | Ready()
                | NotReady()
                | PhoneChanged()
                | AdoptAgent()
                | ExtendWrapUp()
            ):
                self._agent_said(said)
            case QueueHours() | AdoptQueue():
                self._queue_said(said)
            case AdoptTalk():
                self._adopt_talk(said)
            case TimerFired():
                self._timer_fired(said)
            case AdoptWaits():
                expecting.adopt(self._floor, said)
            case RulesReplaced():
                adoption.replace_rules(self._floor, said.rules)
            case _:
                assert_never(said)

    def _allowed(self, cells: Mapping[S, Move[S] | Drop], state: S, what: str, who: str) -> bool:
        cell = cells[state]
        if isinstance(cell, Drop):
            self._floor.ignore(what, f"{who} {cell.why}")
            return False
        return True

    def _call_allowed(self, event: CallEvent, what: str, call_id: CallId) -> bool:
        call = self._floor.calls.get(call_id)
        state = CallState.GONE if call is None else call.state
        if call is not None and call.callback is not None:
            return self._allowed(CALLBACK_TABLE[event], state, what, f"call {call_id}")
        return self._allowed(CALL_TABLE[event], state, what, f"call {call_id}")

    def _call_said(self, said: Join | Leave | TalkOver) -> None:
        floor, call_id = self._floor, said.call_id
        match said:
            case Join():
                if self._call_allowed(CallEvent.JOIN, "join", call_id):
                    if (talk := floor.calls.get(call_id)) is not None:
                        # Its flow goes on, so the talk is over though nobody has said so yet.
                        wrapup.end_talk(floor, talk, HangupBy.UNKNOWN, 0.0)
                    queueing.join(floor, said)
            case Leave():
                if self._call_allowed(CallEvent.LEAVE, "leave", call_id):
                    self._call_left(call_id, said.reason)
            case TalkOver():
                self._talk_over(said)

    def _call_left(self, call_id: CallId, reason: AbandonReason) -> None:
        call = self._floor.calls[call_id]
        offers.withdraw(self._floor, call)
        queueing.abandon(self._floor, call, reason)

    def _talk_over(self, said: TalkOver) -> None:
        floor, call_id = self._floor, said.call_id
        by_caller = said.by is HangupBy.CALLER
        event = CallEvent.TALK_OVER_BY_CALLER if by_caller else CallEvent.TALK_OVER_BY_OTHERS
        if not self._call_allowed(event, "talk_over", call_id):
            return
        call = floor.calls[call_id]
        if call.state is CallState.TALKING:
            wrapup.end_talk(floor, call, said.by, said.hold_s)
        elif by_caller:
            # Hung up in the moment of the answer: we have not heard of one, so there was none.
            self._call_left(call_id, AbandonReason.HUNG_UP)
        else:
            offers.give_up(floor, call)

    def _callback_said(
        self, said: AskCallback | CallbackTried | CancelCallback | AdoptCallback
    ) -> None:
        floor = self._floor
        call_id = said.call_id if isinstance(said, AskCallback) else said.callback_id
        event = CALLBACK_EVENTS[type(said)]
        what = event.name.lower()
        if not self._call_allowed(event, what, call_id):
            return
        match said:
            case AdoptCallback():
                callbacks.adopt(floor, said)
            case AskCallback():
                call = floor.calls[call_id]
                if (why := callbacks.why_not(floor, call, said)) is not None:
                    floor.ignore(what, why)
                    return
                offers.withdraw(floor, call)
                callbacks.ask(floor, call, said)
            case CallbackTried():
                offers.attempt_over(floor, floor.calls[call_id], said.result)
            case CancelCallback():
                offers.withdraw(floor, floor.calls[call_id])
                callbacks.end(floor, floor.calls[call_id], CallbackEnd.CANCELLED)

    def _queue_said(self, said: QueueHours | AdoptQueue) -> None:
        floor, state = self._floor, gates.queue_state(self._floor, said.queue)
        match said:
            case QueueHours():
                event = QueueEvent.OPEN if said.open else QueueEvent.CLOSE
            case AdoptQueue():
                event = QueueEvent.ADOPT_QUEUE
        what = type(said).__name__
        if not self._allowed(QUEUE_TABLE[event], state, what, f"queue {said.queue}"):
            return
        match said:
            case QueueHours():
                gates.hours(floor, said)
            case AdoptQueue():
                floor.lines[said.queue].take_turns(said.rang_last, said.answered_last)

    def _offer_said(self, said: Answered | LegEnded | OfferClosed) -> None:
        floor, offer_id = self._floor, said.offer_id
        match said:
            case Answered():
                event, what = LegEvent.ANSWERED, "answered"
                state = offers.leg_state(floor, offer_id, said.agent_id)
            case LegEnded():
                event, what = LegEvent.LEG_ENDED, "leg_ended"
                state = offers.leg_state(floor, offer_id, said.agent_id)
            case OfferClosed():
                event, what = LegEvent.OFFER_CLOSED, "offer_closed"
                state = offers.offer_state(floor, offer_id)
        if not self._allowed(LEG_TABLE[event], state, what, f"offer {offer_id}:"):
            return
        offer = floor.offers[offer_id]
        match said:
            case Answered():
                offers.answer(floor, offer, said.agent_id)
            case LegEnded():
                offers.end_leg(floor, offer, said.agent_id, said.result)
            case OfferClosed():
                offers.end_offer(floor, offer, said.result)

    def _agent_said(
        self,
        said: SignIn | SignOut | Ready | NotReady | PhoneChanged | AdoptAgent | ExtendWrapUp,
    ) -> None:
        floor = self._floor
        event = AGENT_EVENTS[type(said)]
        agent = floor.agent(said.agent_id)
        what = event.name.lower()
        if not self._allowed(AGENT_TABLE[event], agent.state, what, f"agent {said.agent_id}"):
            return
        match said:
            case SignIn():
                presence.sign_in(floor, agent)
            case SignOut():
                presence.sign_out(floor, agent)
            case Ready():
                presence.ready(floor, agent)
            case NotReady():
                presence.not_ready(floor, agent, said.reason)
            case PhoneChanged():
                presence.phone_changed(floor, agent, said.phone)
            case AdoptAgent():
                adoption.adopt_agent(floor, agent, said)
            case ExtendWrapUp():
                wrapup.extend(floor, agent)

    def _adopt_talk(self, said: AdoptTalk) -> None:
        agent = self._floor.agent(said.agent_id)
        cells, who = AGENT_TABLE[AgentEvent.ADOPT_TALK], f"agent {said.agent_id}"
        if self._call_allowed(CallEvent.ADOPT_TALK, "adopt_talk", said.call_id) and self._allowed(
            cells, agent.state, "adopt_talk", who
        ):
            adoption.adopt_talk(self._floor, agent, said)

    def _timer_fired(self, said: TimerFired) -> None:
        """A timer in the table is one whose subject still waits for it: the rest was cancelled."""
        floor = self._floor
        timer = floor.timers.pop(said.timer_id, None)
        if timer is None:
            floor.ignore("timer_fired", f"there is no timer {said.timer_id} (any more)")
            return
        timers.fired(floor, timer)


AGENT_EVENTS: dict[type, AgentEvent] = {
    SignIn: AgentEvent.SIGN_IN,
    SignOut: AgentEvent.SIGN_OUT,
    Ready: AgentEvent.READY,
    NotReady: AgentEvent.NOT_READY,
    PhoneChanged: AgentEvent.PHONE_CHANGED,
    AdoptAgent: AgentEvent.ADOPT_AGENT,
    ExtendWrapUp: AgentEvent.EXTEND_WRAP_UP,
}
CALLBACK_EVENTS: dict[type, CallEvent] = {
    AskCallback: CallEvent.ASK_CALLBACK,
    CallbackTried: CallEvent.CALLBACK_TRIED,
    CancelCallback: CallEvent.CANCEL_CALLBACK,
    AdoptCallback: CallEvent.ADOPT_CALLBACK,
}
