"""How a call ends: exactly one last fact, whatever was heard first.

The end is told twice, by the FastAGI connection that closes and by Asterisk's Hangup event, in
either order and sometimes only once. A connection that closes on a channel that still lives (the
lease ran out, the dialplan has the caller) is no end: the call may come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from ccengine.acd.inputs import CancelCallback, Leave
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.offer import begin_talk, end_talk
from ccengine.calls.parts import Floor
from ccengine.ivr.answers import HungUp
from ccengine.ivr.waits import EndWait
from ccengine.journal.facts import AbandonReason, CallEnded, HangupBy, Outcome

log = structlog.get_logger(__name__)

SECOND_WITNESS_S = 0.5
"""So long the end waits for the other of its two tellings."""
SESSION_ENDS_S = 10.0
"""So long the end waits for the call's own session, which may be in a lookup: what it has to tell
comes before the last fact. Longer than all its deadlines together; only a connection that was
never closed takes so long."""
LOOKS_WITHOUT_LINK = 8
"""So often it waits again while the AMI link is down: four seconds, the time to be up again."""
COME_BACK_S = 15.0
"""So long a call whose connection closed may come back from the dialplan."""


class Endings:
    """Closes each call once."""

    def __init__(
        self,
        *,
        floor: Floor,
        calls: LiveCalls,
        link_up: Callable[[], bool],
        on_closed: Callable[[LiveCall], None],
        on_unreached: Callable[[LiveCall], None],
    ) -> None:
        self._floor = floor
        self._calls = calls
        self._link_up = link_up
        self._on_closed = on_closed
        self._on_unreached = on_unreached

    def session_over(self, call: LiveCall) -> None:
        """The FastAGI connection of this call is closed."""
        call.session = False
        if call.gone.is_set():
            self._close(call)
        else:
            asyncio.get_running_loop().call_later(SECOND_WITNESS_S, self._unseen, call)

    def channel_gone(self, call: LiveCall) -> None:
        """Asterisk said that the caller's channel is no more."""
        if not call.session:
            self._close(call)
        else:
            asyncio.get_running_loop().call_later(SESSION_ENDS_S, self._close, call)

    def fallback_began(self, call: LiveCall) -> None:
        """The dialplan serves this caller by itself: no agent of ours is to wait for it."""
        call.dialplan_end = "fallback"
        self._stays_away(call)

    def _unseen(self, call: LiveCall, looks: int = LOOKS_WITHOUT_LINK) -> None:
        """Only one of the two tellings came. With the link down the other cannot come yet."""
        if call.session or call.closed:
            return
        loop = asyncio.get_running_loop()
        if call.gone.is_set() or (not self._link_up() and looks == 0):
            self._close(call)
        elif not self._link_up():
            loop.call_later(SECOND_WITNESS_S, self._unseen, call, looks - 1)
        else:
            if not call.finished:  # else the dialplan takes its message
                log.warning("call.detached", call_id=call.call_id)
            loop.call_later(COME_BACK_S, self._still_away, call, call.sessions)

    def _still_away(self, call: LiveCall, sessions: int) -> None:
        if call.sessions == sessions:  # else it was back meanwhile, and this absence is another
            self._stays_away(call)

    def _stays_away(self, call: LiveCall) -> None:
        """The call leaves the queue; its end will be told by Asterisk, or be seen in a snapshot."""
        if call.session or call.closed or not call.in_queue:
            return
        call.in_queue = False
        call.abandoned = True
        self._leave(call, AbandonReason.ENGINE_LOST)

    def _leave(self, call: LiveCall, reason: AbandonReason) -> None:
        """Out of the line. A customer who was called back and is gone is not called again."""
        if call.is_callback:
            self._floor.submit(CancelCallback(callback_id=call.call_id))
        # Also a callback that ended while no engine looked has come back as a call of its own.
        self._floor.submit(Leave(call_id=call.call_id, reason=reason))

    def _unheard_talk(self, call: LiveCall) -> None:
        """They were connected, and nobody told: the caller was gone before the next snapshot."""
        if not call.dialplan_served or not call.in_queue or call.offer_id is None:
            return
        agent_id = (
            call.answered_by if call.answered_by in call.legs else next(iter(call.legs), None)
        )
        if agent_id is not None:
            log.warning("call.talk_unheard", call_id=call.call_id, agent_id=agent_id)
            begin_talk(call, self._floor.submit, call.offer_id, agent_id)

    def _close(self, call: LiveCall) -> None:
        if call.closed:
            return
        if call.unreached:
            self._on_unreached(call)  # an attempt, and no call yet: it has no last fact
            return
        call.closed = True
        gone = call.gone.is_set() or not self._link_up()
        self._unheard_talk(call)
        if call.agent_id is not None:
            end_talk(call, self._floor, HangupBy.CALLER)
            call.ended_by = HangupBy.CALLER
        elif call.in_queue:
            call.in_queue = False
            call.abandoned = True
            reason = AbandonReason.HUNG_UP if gone else AbandonReason.ENGINE_LOST
            self._leave(call, reason)
        if call.run is not None and not isinstance(call.run.wait, EndWait):
            self._floor.record(*call.run.resume(HungUp(), self._floor.clock.now()).facts)
        if call.ended_by is HangupBy.UNKNOWN:
            call.ended_by = HangupBy.CALLER
        self._floor.record(
            CallEnded(
                at=self._floor.clock.now(),
                call_id=call.call_id,
                outcome=outcome_of(call),
                by=call.ended_by,
                last_step=call.last_step,
            )
        )
        self._calls.remove(call)
        self._on_closed(call)


def outcome_of(call: LiveCall) -> Outcome:
    """The one final outcome of a call that ends now."""
    if call.dialplan_end.startswith(("fallback", "voicemail")):
        return Outcome.FALLBACK
    if call.served:
        return Outcome.ANSWERED
    if call.transferred:
        return Outcome.TRANSFERRED
    if call.to_be_called_back:
        return Outcome.CALLBACK
    if call.abandoned:
        return Outcome.ABANDONED
    if call.finished:
        return Outcome.SELF_SERVED
    return Outcome.LEFT_IN_FLOW
