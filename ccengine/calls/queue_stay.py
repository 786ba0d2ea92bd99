"""The caller in the queue: music, position and expected wait, and the offers made meanwhile.

The hold is under a lease: while the engine lives it renews the caller's TIMEOUT(absolute); when
it hangs, Asterisk takes the caller back to the dialplan, which retries and then falls back.
"""

from __future__ import annotations

import asyncio

from ccengine.acd.commands import Offer, Release, Withdraw
from ccengine.acd.inputs import Join, OfferClosed
from ccengine.asterisk.agi import AgiChannel, CallerGoneError
from ccengine.asterisk.names import Variable
from ccengine.calls.live import LiveCall
from ccengine.calls.offer import carry_out
from ccengine.calls.parts import Floor, sound_of
from ccengine.ids import QueueId
from ccengine.ivr import announce
from ccengine.ivr.waits import Prompt, QueueResult
from ccengine.journal.facts import AbandonReason, OfferResult

LEASE_S = 6.0
"""A hung engine holds a caller no longer than this; then the dialplan has it (invariant I2)."""
RENEW_EVERY_S = 2.0

_RESULTS = {
    AbandonReason.TIMED_OUT: QueueResult.TIMED_OUT,
    AbandonReason.NO_AGENTS: QueueResult.NO_AGENTS,
    AbandonReason.QUEUE_FULL: QueueResult.FULL,
}


class QueueStay:
    """From joining the queue until an agent has talked, or the queue lets the call go."""

    def __init__(self, call: LiveCall, channel: AgiChannel, floor: Floor, queue: QueueId) -> None:
        self._call = call
        self._channel = channel
        self._floor = floor
        self._queue = queue
        self._rules = floor.site.queues[queue]

    async def run(self) -> QueueResult:
        """Raises CallerGoneError when the caller leaves by hanging up."""
        await self._enter()
        loop = asyncio.get_running_loop()
        every = self._rules.announce_every
        next_renewal = loop.time() + RENEW_EVERY_S
        # The first announcement waits a moment: with an agent free it would only be cut.
        next_announcement = loop.time() + 1.0 if every is not None else float("inf")
        while True:
            until = min(next_renewal, next_announcement) - loop.time()
            if await self._call.mailbox.arrival(until):
                if (result := await self._handle_mail()) is not None:
                    return result
                next_renewal = 0.0
            if loop.time() >= next_announcement:
                await self._announce()
                next_announcement = loop.time() + (every or 0)
                next_renewal = 0.0
            if loop.time() >= next_renewal and self._call.mailbox.empty:
                await self._channel.lease(LEASE_S)
                next_renewal = loop.time() + RENEW_EVERY_S

    async def _enter(self) -> None:
        call, floor = self._call, self._floor
        await self._channel.music(self._rules.music)
        await self._channel.lease(LEASE_S)
        rejoining = call.in_queue
        if not rejoining:
            call.queue = self._queue
            call.offer_id = None  # of an earlier stay
            # Whole milliseconds, as the channel's variable will give it back to a restarted engine.
            call.queued_at = round(call.queued_at or floor.clock.now(), 3)
            await self._channel.set(Variable.QUEUE, self._queue)
            await self._channel.set(Variable.QUEUED_AT, f"{call.queued_at:.3f}")
            await self._channel.set(Variable.POP_URL, floor.pop_url(call))
            # What an earlier stay left there must not pass for an answer in this one.
            await self._channel.set(Variable.SERVED, "0")
            await self._channel.set(Variable.PHASE, "queued")
        await self._record()
        await floor.prepare_pop(call)
        if self._channel.gone:
            raise CallerGoneError  # who is gone must not join: nobody would take it out again
        if not rejoining:
            level = floor.site.vip_levels.get(call.vip_level)
            call.in_queue = True
            told, call.queue_told = call.queue_told, False
            floor.submit(
                Join(
                    call_id=call.call_id,
                    queue=self._queue,
                    queued_at=call.queued_at,
                    head_start_s=level.head_start if level else 0.0,
                    adopted=told,
                )
            )

    async def _record(self) -> None:
        """Record the talk to come, or not, as this queue wants; a second recorder would double it.

        What an earlier queue, or an engine before this one, began is still running. Nothing tells
        whether it is: MIXMONITOR_FILENAME stays when the recorder has been stopped.
        """
        await self._channel.execute("StopMixMonitor", "", 5.0)
        if self._rules.record:
            # b: only what is spoken with an agent; D: each side on its own channel.
            file = self._floor.recording_file(self._call)
            await self._channel.execute("MixMonitor", f"{file},abD", 5.0)

    async def _handle_mail(self) -> QueueResult | None:
        match self._call.mailbox.take():
            case Offer() as offer:
                if await carry_out(offer, self._call, self._channel, self._floor):
                    return QueueResult.SERVED
                await self._channel.music(self._rules.music)
            case Release(reason=reason):
                self._call.in_queue = False
                return _RESULTS.get(reason, QueueResult.NO_AGENTS)
            case Withdraw(offer_id=offer_id):
                # Its Dial is over already; said again so that no agent stays reserved.
                self._floor.submit(OfferClosed(offer_id=offer_id, result=OfferResult.WITHDRAWN))
            case None:
                pass
        return None

    async def _announce(self) -> None:
        """Tell place and expected wait; an offer that comes meanwhile cuts the words at once."""
        for prompt in self._place():
            if not self._call.mailbox.empty:
                break
            await self._play_until_mail(prompt)
        await self._channel.music(self._rules.music)

    def _place(self) -> tuple[Prompt, ...]:
        position = self._floor.position(self._call.call_id)
        if position is None:
            return ()
        language = self._call.language
        wait_s = self._floor.expected_wait(self._call.call_id)
        told = (announce.queue_position(position, language),)
        return told if wait_s is None else (*told, announce.expected_wait(wait_s, wait_s, language))

    async def _play_until_mail(self, prompt: Prompt) -> None:
        call, floor = self._call, self._floor
        sound = sound_of(floor.sounds, prompt)
        if sound is None:
            return
        path, duration = sound
        await self._channel.lease(duration + LEASE_S)
        playing = asyncio.create_task(self._channel.play(path, "", duration))
        mail = asyncio.create_task(call.mailbox.arrival(duration + LEASE_S))
        try:
            await asyncio.wait({playing, mail}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                await floor.stop_playing(self._channel.environment.channel)
            await playing
        finally:
            mail.cancel()
            if not playing.done():
                playing.cancel()
