"""Calling customers back: from the offer whose turn has come to a talk, or to the reason why not.

The ACD holds the place and the agent (``acd/callbacks.py``); here the customer's number is checked
once more, one Originate is sent, and what comes of it is told. An Originate whose answer is lost
is never sent again: the deadline ends it, and the ACD makes the next attempt by its rules. What
the ACD ends while a leg is out is ended here; who is on the line by then is told good-bye.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.acd.commands import Offer, Release
from ccengine.acd.inputs import CallbackTried, CancelCallback, Input
from ccengine.acd.rules import CallbackFirst
from ccengine.asterisk.ami_wire import ActionRefusedError, LinkDownError, OutcomeUnknownError
from ccengine.asterisk.events import ChannelGone, CustomerCalled
from ccengine.asterisk.gate import ForbiddenError
from ccengine.asterisk.snapshot import ChannelSeen
from ccengine.calls.call_out import OUT, CallOut, result_of_cause, result_of_status
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.offer import begin_talk
from ccengine.calls.parts import Floor
from ccengine.calls.record import CallRecord
from ccengine.engine.asked_for import AskedFor
from ccengine.engine.callback_legs import LegsLeft, arrived, originate, untouched
from ccengine.ids import CallId
from ccengine.journal.facts import (
    AbandonReason,
    CallAnswered,
    CallbackAsked,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallbackResult,
    CallEnded,
    Fact,
)
from ccengine.site.callback import may_call
from ccengine.site.model import Callback, Trunk

log = structlog.get_logger(__name__)

SETTLES_S = 15.0
"""So long after the longest ring an attempt of which nothing was heard is given up."""
LINK_BACK_S, LINK_AGAIN_S = 5.0, 0.5
"""So long a link that is down may take to be up again, and how often it is tried."""
KNOWN_WITHIN_S = 0.5
"""An agent is held while it is looked up who asked."""
LOOK_ROUND_S = 30.0
"""So long an engine that starts waits for its first look at Asterisk before it calls anybody."""


class Link(Protocol):
    async def send(self, name: str, **fields: str | tuple[str, ...]) -> object: ...


class Records(Protocol):
    async def get(self, call_id: CallId) -> CallRecord | None: ...


class Callbacks:
    """Makes the calls; one attempt at a time for each callback."""

    def __init__(
        self,
        *,
        floor: Floor,
        calls: LiveCalls,
        link: Link,
        records: Records,
        submit: Callable[[Input], None],
    ) -> None:
        self._floor = floor
        self._calls = calls
        self._link = link
        self._records = records
        self._submit = submit
        self._asked = AskedFor()
        self._attempts = int(floor.clock.now()) % 100_000_000
        """Never the same number twice, over restarts too: it makes the leg's own id."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._left = LegsLeft()
        self._looked = asyncio.Event()
        self._changed = asyncio.Event()
        """Rung when a leg of ours may be gone."""

    def known(self, asked: Sequence[CallbackAsked]) -> None:
        """Those still to be made, from the journal, when the engine starts."""
        for fact in asked:
            self._asked.add(fact)

    async def look_round(self, channels: Sequence[ChannelSeen]) -> None:
        """At the start, with all channels of Asterisk: legs of an engine before this one.

        One that only rings is hung up; beside one with the customer on it nobody is called.
        """
        if self._looked.is_set():
            return
        ours = {call.call_id for call in self._calls}
        for leg in self._left.found(leg for leg in channels if leg.call_id not in ours):
            log.warning("callback.leg_left", call_id=leg.call_id, channel=leg.channel)
            await self._floor.hang_up(leg.channel)
        self._looked.set()

    def heard(self, facts: Sequence[Fact]) -> None:
        """Listens to the journal: whom to call, and who needs no call any more."""
        for fact in facts:
            match fact:
                case CallbackAsked():
                    self._cancel(self._asked.of_number(fact.number), "asked_again")
                    self._asked.add(fact)
                case CallbackAttempted(call_id=callback_id):
                    self._ended_by_acd(callback_id)
                case CallbackEnded(call_id=callback_id, result=result):
                    self._asked.over(callback_id)
                    if result is not CallbackEnd.CONNECTED:
                        self._ended_by_acd(callback_id)
                case CallAnswered(call_id=call_id):
                    self._served(call_id)
                case CallEnded():
                    self._changed.set()
                case _:
                    pass

    def _served(self, call_id: CallId) -> None:
        """Who rang again and talks with an agent need not be called back. Its number must be
        believed, or anybody could cancel anybody's callback."""
        call = self._calls.get(call_id)
        if call is not None and call.ani_verified and not call.is_callback:
            self._cancel(self._asked.of_number(call.ani), "served_meanwhile")

    def _cancel(self, callbacks: Sequence[CallId], why: str) -> None:
        for callback_id in callbacks:
            call = self._calls.get(callback_id)
            if call is None or call.unreached:
                log.info("callback.cancelled", call_id=callback_id, why=why)
                self._submit(CancelCallback(callback_id=callback_id))

    def _ended_by_acd(self, callback_id: CallId) -> None:
        """It is in line no more. A leg that is still out goes; who is on it is let go."""
        call = self._calls.get(callback_id)
        if call is None or not call.is_callback or call.closed:
            return
        if call.unreached:
            self._end_leg(call)
        elif call.agent_id is None:
            self._submit(CancelCallback(callback_id=callback_id))
            call.mailbox.put(Release(call_id=callback_id, reason=AbandonReason.NO_AGENTS))

    def due(self, offer: Offer) -> None:
        """Its turn has come and an agent is held for it: call, in the background."""
        self._spawn(self._attempt(offer))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(self, offer: Offer) -> None:
        try:
            await self._call(offer)
        except Exception:
            # Ours to mend; the agent must not be held for it, nor the next attempt be in vain.
            log.exception("callback.broke", call_id=offer.call_id)
            call = self._calls.get(offer.call_id)
            if call is not None and call.unreached:
                self.unreached(call)
            elif call is None:
                self._submit(CallbackTried(callback_id=offer.call_id, result=CallbackResult.FAILED))

    async def _call(self, offer: Offer) -> None:
        try:
            async with asyncio.timeout(LOOK_ROUND_S):
                await self._looked.wait()
            async with asyncio.timeout(offer.ring_timeout_s):
                await self._until_free(offer)
        except TimeoutError:
            self._not_possible(offer.call_id, "no leg came free in time")
            return
        if (live := self._calls.get(offer.call_id)) is not None:
            live.mailbox.put(offer)  # its leg came back from an engine before this one
            return
        asked, rules = self._asked.get(offer.call_id), self._rules_of(offer)
        if asked is None or rules is None:
            self._not_possible(offer.call_id, "nobody knows whom to call, or over which trunk")
            return
        callback, name, trunk = rules
        if not may_call(trunk, asked.number):
            self._not_possible(offer.call_id, "that number may not be called over that trunk")
            return
        call = self._introduce(offer, asked, callback)
        self._calls.add(call)
        call.mailbox.put(offer)
        await self._know(call, asked)
        if call.closed:  # cancelled meanwhile
            return
        try:
            await self._send(call, originate(call, callback, name, trunk, offer.ring_timeout_s))
        except (LinkDownError, ActionRefusedError, ForbiddenError) as error:
            log.warning("callback.not_sent", call_id=call.call_id, why=str(error))
            self.unreached(call)
            return
        except OutcomeUnknownError as error:
            log.warning("callback.outcome_unknown", call_id=call.call_id, why=str(error))
        wait_s = callback.ring + offer.ring_timeout_s + SETTLES_S
        asyncio.get_running_loop().call_later(wait_s, self._overdue, call)

    async def _send(self, call: LiveCall, leg: Mapping[str, str | tuple[str, ...]]) -> None:
        """A link that is down for a moment is waited for: nothing has been sent then."""
        until = asyncio.get_running_loop().time() + LINK_BACK_S
        while not call.closed:
            try:
                await self._link.send("Originate", **leg)
                return
            except LinkDownError:
                if asyncio.get_running_loop().time() >= until:
                    raise
            await asyncio.sleep(LINK_AGAIN_S)

    async def _until_free(self, offer: Offer) -> None:
        """The trunk has a leg to spare, and no older leg of this callback lives."""
        while self._calls.get(offer.call_id) is None and (
            offer.call_id in self._left or self._trunk_is_full(offer)
        ):
            self._changed.clear()
            await self._changed.wait()

    def _trunk_is_full(self, offer: Offer) -> bool:
        rules = self._rules_of(offer)
        if rules is None:
            return False
        _, name, trunk = rules
        out = sum(call.is_callback and call.trunk == name for call in self._calls)
        return out >= trunk.most_calls

    def _rules_of(self, offer: Offer) -> tuple[Callback, str, Trunk] | None:
        site = self._floor.site
        queue = site.queues.get(offer.queue)
        callback = queue.callback if queue is not None else None
        if callback is None or callback.trunk not in site.trunks:
            return None
        return callback, callback.trunk, site.trunks[callback.trunk]

    def _not_possible(self, call_id: CallId, why: str) -> None:
        log.error("callback.not_possible", call_id=call_id, why=why)
        self._submit(CallbackTried(callback_id=call_id, result=CallbackResult.FAILED))

    def _introduce(self, offer: Offer, asked: CallbackAsked, callback: Callback) -> LiveCall:
        self._attempts += 1
        now = self._floor.clock.now()
        return LiveCall(
            call_id=offer.call_id,
            uniqueid=f"{OUT}{offer.call_id}-{self._attempts}",
            channel="",
            ani=asked.number,
            dnis="",
            trunk=callback.trunk,
            ani_verified=True,
            ani_malformed=False,
            vip_level="",
            language=self._floor.site.languages[0],
            arrived_at=now,
            queue=offer.queue,
            queued_at=asked.queued_at,
            in_queue=True,
            session=False,
            call_out=CallOut(first=callback.first, ring_s=callback.ring),
        )

    async def _know(self, call: LiveCall, asked: CallbackAsked) -> None:
        """What was known of the caller who asked. A database that is away keeps nobody waiting."""
        before = None
        try:
            async with asyncio.timeout(KNOWN_WITHIN_S):
                before = await self._records.get(asked.call_id)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            why = str(error) or type(error).__name__
            log.warning("callback.caller_unknown", call_id=call.call_id, why=why)
        if before is not None:
            call.dnis, call.vip_level = before.dnis, before.vip_level
            call.language = before.language or call.language
        await self._floor.know_caller(call)

    # -- what comes of it

    def customer_here(self, call: LiveCall) -> None:
        """The customer is on the line: a call like any other from now on."""
        self._left.taken_up(call.call_id)
        self._changed.set()
        out = call.call_out
        if out is None or out.reached:
            return
        out.reached = True
        call.arrived_at = self._floor.clock.now()
        self._floor.record(arrived(call))
        if out.agent_there is not None:
            offer_id, agent_id = out.agent_there
            begin_talk(call, self._submit, offer_id, agent_id)

    def customer_called(self, said: CustomerCalled) -> None:
        """Agent first: what became of the customer's phone."""
        call = self._calls.get(said.call_id)
        if call is None or call.call_out is None:
            log.info("callback.customer_unknown", call_id=said.call_id)
        elif said.reached:
            self.customer_here(call)
        elif not call.call_out.reached:
            call.call_out.result = result_of_status(said.status)

    def agent_here(self, call: LiveCall) -> None:
        """Agent first: the agent has answered; now the customer's phone is rung."""
        self._spawn(self._ring_customer(call))

    async def _ring_customer(self, call: LiveCall) -> None:
        other_half = call.channel.removesuffix(";1") + ";2"
        try:
            await self._link.send(
                "Redirect", Channel=other_half, Context="cc-callback-dial", Exten="s", Priority="1"
            )
        except (LinkDownError, ActionRefusedError, ForbiddenError, OutcomeUnknownError) as error:
            log.warning("callback.customer_not_rung", call_id=call.call_id, why=str(error))
            await self._floor.hang_up(call.channel)

    def leg_gone(self, call: LiveCall, gone: ChannelGone) -> None:
        """Its channel ended; of a customer who was never there the cause tells why."""
        out = call.call_out
        if out is not None and not out.reached and out.first is CallbackFirst.CALLER:
            out.result = result_of_cause(gone.cause)

    def channel_gone(self, gone: ChannelGone) -> None:
        """A leg that this engine did not send out has ended."""
        left = self._left.gone(gone.uniqueid)
        if left is None:
            return
        self._changed.set()
        callback_id, talked = left
        if talked:
            log.warning("callback.talk_unseen", call_id=callback_id)
            self._submit(CancelCallback(callback_id=callback_id))

    def unreached(self, call: LiveCall) -> None:
        """The attempt is over without the customer: told once, by whoever sees it first."""
        out = call.call_out
        if out is None or call.closed:
            return
        call.closed = True
        self._calls.remove(call)
        self._changed.set()
        if not out.given_up:
            log.info("callback.unreached", call_id=call.call_id, result=out.result.value)
            self._submit(CallbackTried(callback_id=call.call_id, result=out.result))
        elif (offer := untouched(call.mailbox)) is not None:
            self.due(offer)  # it came while the leg of the one before was ending

    def _end_leg(self, call: LiveCall) -> None:
        if call.call_out is not None:
            call.call_out.given_up = True  # the ACD knows
        call.mailbox.drop_all()
        self._spawn(self._floor.hang_up(call.channel or call.uniqueid))
        self.unreached(call)

    def _overdue(self, call: LiveCall) -> None:
        out = call.call_out
        if out is None or call.closed or out.reached:
            return
        log.warning("callback.overdue", call_id=call.call_id)
        self._spawn(self._floor.hang_up(call.channel or call.uniqueid))
        self.unreached(call)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
