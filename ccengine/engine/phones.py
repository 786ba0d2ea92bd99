"""What Asterisk says of phones and legs, told to the ACD and to the call that it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import structlog

from ccengine.acd.inputs import Input, LegEnded, PhoneChanged
from ccengine.asterisk.events import (
    LEG_RESULTS,
    CallOver,
    ChannelGone,
    Connected,
    CustomerCalled,
    FallbackBegan,
    HoldChanged,
    KeyDown,
    KeyHeard,
    LegBegan,
    LegOver,
    PhoneEvent,
    PhoneSeen,
    TransferAnswered,
)
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.offer import begin_talk
from ccengine.clock import Clock
from ccengine.ids import CallId
from ccengine.journal.facts import OfferResult

log = structlog.get_logger(__name__)

_BY_DIAL = (OfferResult.MISSED, OfferResult.WITHDRAWN)
"""Ends of a leg that the phone itself may have had no part in."""


class CallbackLegs(Protocol):
    """Whoever calls customers back, as far as phones tell of it."""

    def customer_called(self, said: CustomerCalled) -> None: ...

    def agent_here(self, call: LiveCall) -> None: ...

    def leg_gone(self, call: LiveCall, gone: ChannelGone) -> None: ...

    def channel_gone(self, gone: ChannelGone) -> None: ...


class Phones:
    """A plain function for each event, in the order in which Asterisk sent them."""

    def __init__(
        self,
        *,
        calls: LiveCalls,
        clock: Clock,
        submit: Callable[[Input], None],
        on_gone: Callable[[LiveCall], None],
        on_fallback: Callable[[LiveCall], None],
        on_unknown_over: Callable[[CallId], None],
        callbacks: CallbackLegs,
    ) -> None:
        self._calls = calls
        self._clock = clock
        self._submit = submit
        self._on_gone = on_gone
        self._on_fallback = on_fallback
        self._on_unknown_over = on_unknown_over
        self._callbacks = callbacks

    def heard(self, event: PhoneEvent) -> None:
        """One event."""
        match event:
            case PhoneSeen(agent_id=agent_id, phone=phone):
                self._submit(PhoneChanged(agent_id=agent_id, phone=phone))
            case LegBegan() as leg:
                call = self._calls.by_uniqueid(leg.caller_uniqueid)
                if call is not None:
                    call.legs[leg.agent_id] = leg.channel
            case LegOver() as leg:
                self._leg_over(leg)
            case Connected() as connected:
                self._connected(connected)
            case HoldChanged() as hold:
                self._hold(hold)
            case KeyDown() | KeyHeard() as pressed:
                self._key(pressed)
            case ChannelGone() as gone:
                self._channel_gone(gone)
            case FallbackBegan(call_id=call_id):
                call = self._calls.get(call_id)
                if call is not None:
                    self._on_fallback(call)
            case TransferAnswered(call_id=call_id):
                call = self._calls.get(call_id)
                if call is not None:
                    call.transferred_at = self._clock.now()
            case CallOver() as over:
                self._call_over(over)
            case CustomerCalled() as called:
                self._callbacks.customer_called(called)

    def _call_over(self, over: CallOver) -> None:
        call = self._calls.get(over.call_id)
        if call is not None:
            call.dialplan_end = over.end
            call.dialplan_served = over.served
        elif not self._calls.is_over(over.call_id):
            self._calls.ended_unheld(over.uniqueid, over.end, served=over.served)
            if over.end != "done":
                self._on_unknown_over(over.call_id)

    def _leg_over(self, leg: LegOver) -> None:
        call = self._calls.by_uniqueid(leg.caller_uniqueid)
        if call is None or call.offer_id is None:
            return
        if leg.status == "ANSWER":
            call.answered_by = leg.agent_id
            return
        if call.legs.get(leg.agent_id) != leg.channel:
            # Late, about a Dial that is back already, and perhaps the next one rings there now.
            log.info("leg.over_unknown", call_id=call.call_id, channel=leg.channel)
            return
        del call.legs[leg.agent_id]
        result = LEG_RESULTS.get(leg.status, OfferResult.UNREACHABLE)
        if leg.status == "" or leg.status not in LEG_RESULTS:
            log.warning("leg.status_unknown", call_id=call.call_id, status=leg.status)
        if result in _BY_DIAL and not call.legs:
            # Ended by Dial with nobody else ringing: it rang out, we stopped it, or the caller hung
            # up, perhaps as the agent answered. Which one, Dial's own end tells right behind; told
            # of the leg alone, the ACD would look for another agent for a caller who is gone.
            return
        self._submit(LegEnded(offer_id=call.offer_id, agent_id=leg.agent_id, result=result))

    def _connected(self, connected: Connected) -> None:
        if not connected.offer_id:
            return  # the fallback's static queue: no offer of ours
        call = self._calls.get(connected.call_id)
        if call is None:
            log.warning("leg.connected_unknown_call", call_id=connected.call_id)
            return
        if connected.offer_id == call.stopped_offer != call.offer_id:
            log.info("leg.connected_too_late", call_id=call.call_id, agent_id=connected.agent_id)
            return
        begin_talk(call, self._submit, connected.offer_id, connected.agent_id)
        if call.unreached:
            self._callbacks.agent_here(call)

    def _hold(self, hold: HoldChanged) -> None:
        call = self._calls.by_uniqueid(hold.linked_to)
        if call is None:
            return
        now = self._clock.now()
        if hold.held and call.held_since is None:
            call.held_since = now
        elif not hold.held:
            call.end_hold(now)

    def _key(self, pressed: KeyDown | KeyHeard) -> None:
        """To the flow, or to the queue it waits in; in a talk it is nobody's business."""
        call = self._calls.by_uniqueid(pressed.uniqueid)
        if call is None and isinstance(pressed, KeyHeard):
            self._calls.key_before(pressed.uniqueid, pressed.key)
        if call is None or call.call_id != pressed.call_id or call.agent_id is not None:
            return
        if call.asks_for_callback:
            if isinstance(pressed, KeyHeard):
                call.mailbox.press(pressed.key)
        elif not call.in_queue:
            told = call.keypad.press if isinstance(pressed, KeyDown) else call.keypad.release
            told(pressed.key)
        elif isinstance(pressed, KeyHeard):
            call.mailbox.press(pressed.key)

    def _channel_gone(self, gone: ChannelGone) -> None:
        self._callbacks.channel_gone(gone)
        call = self._calls.by_uniqueid(gone.uniqueid)
        if call is not None and gone.call_id != call.call_id:
            log.warning("call.end_not_believed", call_id=call.call_id)
        elif call is not None:
            self._callbacks.leg_gone(call, gone)
            call.gone.set()
            self._on_gone(call)
