"""The caller in the queue: music, position and expected wait, and the offers made meanwhile.

The hold is under a lease: while the engine lives it renews the caller's TIMEOUT(absolute); when
it hangs, Asterisk takes the caller back to the dialplan, which retries and then falls back.
"""

from __future__ import annotations

import asyncio
import uuid

import structlog

from ccengine.acd.commands import Announce, Move, Offer, ProposeCallback, Release, Withdraw
from ccengine.acd.inputs import AskCallback, Join, OfferClosed
from ccengine.acd.rules import SkillRequirement
from ccengine.asterisk.agi import AgiChannel, CallerGoneError
from ccengine.asterisk.names import Variable
from ccengine.calls.callback_question import CallbackQuestion
from ccengine.calls.callback_times import times_on_offer
from ccengine.calls.live import LiveCall
from ccengine.calls.mailbox import KeyPressed
from ccengine.calls.offer import carry_out, leave_by_key
from ccengine.calls.parts import Floor
from ccengine.calls.taken_up import StayBefore
from ccengine.calls.voice import LEASE_S, Voice
from ccengine.calls.waiting_words import Subject, WaitingWords
from ccengine.ids import CallId, QueueId
from ccengine.ivr import announce
from ccengine.ivr.answers import QueueLeft, QueueResult
from ccengine.ivr.prompts import message_prompt
from ccengine.ivr.waits import Prompt, QueueWait
from ccengine.journal.facts import AbandonReason, OfferResult
from ccengine.site.model import Queue
from ccengine.site.personal import queue_of

log = structlog.get_logger(__name__)

RENEW_EVERY_S = 2.0
VOICEMAIL = "voicemail"
"""The branch of a release that leads to leaving a message."""

_RESULTS = {
    AbandonReason.TIMED_OUT: QueueResult.TIMED_OUT,
    AbandonReason.NO_AGENTS: QueueResult.NO_AGENTS,
    AbandonReason.QUEUE_FULL: QueueResult.FULL,
    AbandonReason.CLOSED: QueueResult.CLOSED,
}


class QueueStay:
    """From joining the queue until an agent has talked, or the way out of it is known."""

    def __init__(
        self,
        call: LiveCall,
        channel: AgiChannel,
        floor: Floor,
        wait: QueueWait,
        queue: QueueId,
        rules: Queue,
    ) -> None:
        self._call = call
        self._channel = channel
        self._floor = floor
        self._wait = wait
        self._queue = queue
        self._rules = rules
        self._voice = Voice(call, channel, floor)
        self._proposed = False
        """The caller knows of the callback key."""

    async def run(self) -> QueueLeft:
        """Raises CallerGoneError when the caller leaves by hanging up."""
        await self._enter()
        left = await self._stay()
        self._call.mailbox.drop_all()
        return left

    async def _stay(self) -> QueueLeft:
        mailbox = self._call.mailbox
        loop = asyncio.get_running_loop()
        next_renewal = loop.time() + RENEW_EVERY_S
        self._words = WaitingWords(self._rules, loop.time())
        self._listen()
        while True:
            until = min(next_renewal, self._words.next_at) - loop.time()
            if await mailbox.arrival(until):
                if (left := await self._handle_mail()) is not None:
                    return left
                next_renewal = 0.0
            if loop.time() >= self._words.next_at and mailbox.empty:
                await self._tell_what_is_due()
                next_renewal = 0.0
            if loop.time() >= next_renewal and mailbox.empty:
                await self._channel.lease(LEASE_S)
                next_renewal = loop.time() + RENEW_EVERY_S

    async def _enter(self) -> None:
        call, floor = self._call, self._floor
        rejoining = call.in_queue
        if not rejoining:
            call.queue = self._queue
            call.offer_id = None  # of an earlier stay
            # Whole milliseconds, as the channel's variable will give it back to a restarted engine.
            call.queued_at = round(call.queued_at or floor.clock.now(), 3)
            await self._channel.set(Variable.QUEUE, self._queue)
            await self._channel.set(Variable.QUEUED_AT, f"{call.queued_at:.3f}")
            # What an earlier stay left there must not pass for an answer in this one.
            await self._channel.set(Variable.SERVED, "0")
        elif call.offer_id is not None:
            # Its connection closed in the ring, or before it: here again, it is rung for no more.
            floor.submit(OfferClosed(offer_id=call.offer_id, result=OfferResult.WITHDRAWN))
        # Also for one that comes back: its session has begun by calling it a flow again, and the
        # next engine would take it for a new one at the end of the line.
        await self._channel.set(Variable.PHASE, "queued")
        await self._record()
        await floor.prepare_pop(call)
        if self._channel.gone:
            raise CallerGoneError  # who is gone must not join: nobody would take it out again
        if not rejoining:
            level = floor.site.vip_levels.get(call.vip_level)
            call.in_queue = True
            told, call.queue_told = call.queue_told, False
            before, call.stay_before = call.stay_before, StayBefore()
            floor.submit(
                Join(
                    call_id=call.call_id,
                    queue=self._queue,
                    queued_at=call.queued_at,
                    head_start_s=self._wait.head_start_s + (level.head_start if level else 0.0),
                    max_wait_s=self._wait.max_wait_s,
                    ageing=level.ageing if level else 1.0,
                    adopted=told,
                    requires=tuple(
                        SkillRequirement(skill=skill, level=wanted)
                        for skill, wanted in self._wait.skills.items()
                    ),
                    prefers=call.last_agent if self._rules.sticky else None,
                    tried=before.tried,
                    spent=before.spent,
                    been_in=before.been_in,
                )
            )
        if call.mailbox.empty:  # an offer brings its own lease and music
            await self._channel.lease(LEASE_S)
            await self._channel.music(self._rules.music)

    async def _record(self) -> None:
        """Record the talk to come, or not, as this queue wants; a second recorder would double it.

        What an earlier queue, or an engine before this one, began is still running. Nothing tells
        whether it is: MIXMONITOR_FILENAME stays when the recorder has been stopped.
        """
        if self._call.may_be_recorded:
            await self._channel.execute("StopMixMonitor", "", 5.0)
        if self._rules.record:
            self._call.may_be_recorded = True
            # b: only what is spoken with an agent; D: each side on its own channel.
            file = self._floor.recording_file(self._call)
            await self._channel.execute("MixMonitor", f"{file},abD", 5.0)

    async def _handle_mail(self) -> QueueLeft | None:
        call = self._call
        match call.mailbox.take():
            case Offer() as offer:
                keys = self._wait.keys
                left = await carry_out(offer, call, self._channel, self._floor, keys)
                if left is not None:
                    return left
                if not call.in_queue:  # it was connected for a moment, and stands behind nobody new
                    await self._enter()
                if call.waits_for_agent_first and call.mailbox.empty:
                    # Nobody took it, and nobody was called: the next agent begins with a new leg.
                    return QueueLeft(result=QueueResult.NO_AGENTS)
                await self._channel.music(self._rules.music)
            case Release(reason=reason, branch=branch):
                call.in_queue = False
                return _released(reason, branch)
            case Withdraw(offer_id=offer_id):
                # Its Dial is over already; said again so that no agent stays reserved.
                self._floor.submit(OfferClosed(offer_id=offer_id, result=OfferResult.WITHDRAWN))
            case Move(queue=queue):
                await self._move(queue)
            case Announce(message=name):
                await self._tell(self._message(name))
            case ProposeCallback():
                await self._tell(self._callback_offer())
            case KeyPressed(key=key):
                return await self._pressed(key)
            case None:
                pass
        return None

    async def _move(self, queue: QueueId) -> None:
        """The call waits elsewhere now, as the ACD has decided; it keeps its wait and its way."""
        rules = queue_of(self._floor.site, queue)
        if rules is None:
            # The site file changed in this moment: the ACD lets the call go next.
            log.warning("call.moved_nowhere", call_id=self._call.call_id, queue=queue)
            return
        recorded, self._rules = self._rules.record, rules
        self._queue = self._call.queue = queue
        await self._channel.set(Variable.QUEUE, queue)
        if rules.record != recorded:
            await self._record()
        await self._channel.music(rules.music)
        self._words.moved(rules, asyncio.get_running_loop().time())
        self._proposed = False
        self._listen()
        await self._floor.prepare_pop(self._call)

    def _listen(self) -> None:
        callback = self._rules.callback
        offered = callback.key if callback is not None and self._proposed else ""
        self._call.mailbox.listen(self._wait.keys + offered)

    async def _pressed(self, key: str) -> QueueLeft | None:
        if key in self._wait.keys:
            return leave_by_key(key, self._call, self._floor)
        callback = self._rules.callback
        if callback is None or key != callback.key:
            return None
        trunk = self._floor.site.trunks.get(callback.trunk)
        question = CallbackQuestion(self._call, self._channel, self._voice, trunk)
        number = await question.number()
        chosen = await question.time(times_on_offer(self._rules, self._floor)) if number else None
        time, at = chosen or ("", None)
        if number and not self._call.mailbox.decided:
            if self._arranged(number, at):
                return QueueLeft(result=QueueResult.CALLBACK, time=time)
            await self._voice.say((announce.callback_kept_waiting(self._call.language),))
        self._listen()
        self._words.spoken(asyncio.get_running_loop().time())
        await self._channel.music(self._rules.music)
        return None

    def _arranged(self, number: str, at: float | None) -> bool:
        """Hand the place over to the callback. False: the ACD would not have it."""
        call, floor = self._call, self._floor
        callback_id = CallId(str(uuid.uuid4()))
        floor.submit(
            AskCallback(call_id=call.call_id, callback_id=callback_id, number=number, at=at)
        )
        if not floor.stands_in_line(callback_id):
            log.warning("call.callback_not_taken", call_id=call.call_id, queue=self._queue)
            return False
        call.in_queue = False
        call.to_be_called_back = True
        return True

    # -- what is told

    async def _tell_what_is_due(self) -> None:
        due = self._words.take(asyncio.get_running_loop().time())
        match due.subject:
            case Subject.PLACE:
                await self._tell(self._place())
            case Subject.MESSAGE:
                await self._tell(self._message(due.message))
            case Subject.CALLBACK:
                await self._tell(self._callback_offer())

    async def _tell(self, prompts: tuple[Prompt, ...]) -> None:
        """An offer that comes meanwhile cuts the words at once."""
        if not prompts:
            return
        await self._voice.say(prompts)
        self._words.spoken(asyncio.get_running_loop().time())
        await self._channel.music(self._rules.music)

    def _place(self) -> tuple[Prompt, ...]:
        call, floor, rules = self._call, self._floor, self._rules
        position = floor.position(call.call_id)
        if position is None:
            return ()
        told: tuple[Prompt, ...] = ()
        if rules.announce_position:
            told = (announce.queue_position(position, call.language),)
        wait = floor.expected_wait(call.call_id) if rules.announce_wait else None
        if wait is not None:
            told += (announce.expected_wait(wait.low_s, wait.high_s, call.language),)
        return told

    def _message(self, name: str) -> tuple[Prompt, ...]:
        message = self._rules.messages.get(name)
        return () if message is None else (message_prompt(message, self._call.language),)

    def _callback_offer(self) -> tuple[Prompt, ...]:
        callback = self._rules.callback
        if callback is None:
            return ()
        if not self._proposed:
            self._proposed = True  # a key may cut the very words that name it
            self._listen()
        return (announce.callback_offer(callback.key, self._call.language),)


def _released(reason: AbandonReason, branch: str) -> QueueLeft:
    if reason is not AbandonReason.OVERFLOW:
        return QueueLeft(result=_RESULTS.get(reason, QueueResult.NO_AGENTS))
    if branch == VOICEMAIL:
        return QueueLeft(result=QueueResult.VOICEMAIL)
    return QueueLeft(result=QueueResult.BRANCH, branch=branch)
