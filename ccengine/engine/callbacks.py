"""Calling customers back: from the offer whose turn has come to the leg that Asterisk sends out.

The ACD holds the place and the agent (``acd/callbacks.py``); here the customer's number is checked
once more, one Originate is sent, and what comes of it is told. An Originate whose answer is lost
is never sent again: the deadline ends it, and the ACD makes the next attempt by its rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog

from ccengine.acd.commands import Offer
from ccengine.acd.inputs import CallbackTried, Input
from ccengine.acd.rules import CallbackFirst
from ccengine.asterisk.ami_wire import ActionRefusedError, LinkDownError, OutcomeUnknownError
from ccengine.asterisk.events import ChannelGone, CustomerCalled
from ccengine.asterisk.gate import ForbiddenError
from ccengine.calls.call_out import CallOut, result_of_cause, result_of_status
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.offer import begin_talk
from ccengine.calls.parts import Floor
from ccengine.calls.record import CallRecord
from ccengine.ids import CallId
from ccengine.journal.facts import CallArrived, CallbackAsked, CallbackEnded, CallbackResult, Fact
from ccengine.site.callback import may_call
from ccengine.site.model import Callback, Trunk

log = structlog.get_logger(__name__)

MOST_OPEN = 10_000
"""Callbacks known at once; the ACD's own bound per queue is far below."""
SETTLES_S = 15.0
"""So long after the longest ring an attempt of which nothing was heard is given up."""


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
        self._asked: dict[CallId, CallbackAsked] = {}
        self._attempts = int(floor.clock.now()) % 100_000_000
        """Never the same number twice, over restarts too: it makes the leg's own id."""
        self._tasks: set[asyncio.Task[None]] = set()

    def known(self, asked: Sequence[CallbackAsked]) -> None:
        """Those still to be made, from the journal, when the engine starts."""
        self._asked.update({fact.callback_id: fact for fact in asked})

    def heard(self, facts: Sequence[Fact]) -> None:
        """Listens to the journal: whom to call, and who needs no call any more."""
        for fact in facts:
            match fact:
                case CallbackAsked() if len(self._asked) < MOST_OPEN:
                    self._asked[fact.callback_id] = fact
                case CallbackEnded(call_id=callback_id):
                    self._asked.pop(callback_id, None)
                case _:
                    pass

    def due(self, offer: Offer) -> None:
        """Its turn has come and an agent is held for it: call, in the background."""
        self._spawn(self._call(offer))

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, offer: Offer) -> None:
        asked = self._asked.get(offer.call_id)
        rules = self._rules_of(offer)
        if asked is None or rules is None:
            self._not_possible(offer.call_id, "nobody knows whom to call, or over which trunk")
            return
        callback, name, trunk = rules
        if not may_call(trunk, asked.number):
            self._not_possible(offer.call_id, "that number may not be called over that trunk")
            return
        call = await self._introduce(offer, asked, callback)
        if self._calls.get(offer.call_id) is not None:
            log.warning("callback.twice", call_id=offer.call_id)
            return
        self._calls.add(call)
        call.mailbox.put(offer)
        await self._floor.know_caller(call)
        try:
            await self._link.send(
                "Originate", **_originate(call, callback, name, trunk, offer.ring_timeout_s)
            )
        except (LinkDownError, ActionRefusedError, ForbiddenError) as error:
            log.warning("callback.not_sent", call_id=call.call_id, why=str(error))
            self.unreached(call)
            return
        except OutcomeUnknownError as error:
            log.warning("callback.outcome_unknown", call_id=call.call_id, why=str(error))
        wait_s = callback.ring + offer.ring_timeout_s + SETTLES_S
        asyncio.get_running_loop().call_later(wait_s, self._overdue, call)

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

    async def _introduce(self, offer: Offer, asked: CallbackAsked, callback: Callback) -> LiveCall:
        before = await self._records.get(asked.call_id)
        self._attempts += 1
        now = self._floor.clock.now()
        return LiveCall(
            call_id=offer.call_id,
            uniqueid=f"cc-out-{offer.call_id}-{self._attempts}",
            channel="",
            ani=asked.number,
            dnis=before.dnis if before else "",
            trunk=callback.trunk,
            ani_verified=True,
            ani_malformed=False,
            vip_level=before.vip_level if before else "",
            language=(before.language if before else "") or self._floor.site.languages[0],
            arrived_at=now,
            queue=offer.queue,
            queued_at=asked.queued_at,
            in_queue=True,
            offer_id=offer.offer_id,
            session=False,
            call_out=CallOut(first=callback.first, ring_s=callback.ring),
        )

    # -- what comes of it

    def customer_here(self, call: LiveCall) -> None:
        """The customer is on the line: a call like any other from now on."""
        out = call.call_out
        if out is None or out.reached:
            return
        out.reached = True
        call.arrived_at = self._floor.clock.now()
        self._floor.record(_arrived(call))
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

    def unreached(self, call: LiveCall) -> None:
        """The attempt is over without the customer: told once, by whoever sees it first."""
        out = call.call_out
        if out is None or call.closed:
            return
        call.closed = True
        self._calls.remove(call)
        if not out.given_up:
            log.info("callback.unreached", call_id=call.call_id, result=out.result.value)
            self._submit(CallbackTried(callback_id=call.call_id, result=out.result))

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


def _originate(
    call: LiveCall, callback: Callback, name: str, trunk: Trunk, agent_ring_s: float
) -> Mapping[str, str | tuple[str, ...]]:
    """The action. The ring's time is the customer's, or covers the agent's as well."""
    shown = trunk.caller_id or ""
    variables = (
        f"CC_REF={call.call_id}",
        f"CC_TRUNK={name}",
        f"CC_DNIS={call.dnis}",
        f"CC_ANI={call.ani}",
        f"CC_SHOWN={shown}",
        f"CC_RINGS={round(callback.ring)}",
        f"CC_QUEUE={call.queue}",
        f"CC_QUEUED_AT={call.queued_at:.3f}",
    )
    customer_first = callback.first is CallbackFirst.CALLER
    fields: dict[str, str | tuple[str, ...]] = {
        "Channel": (
            f"PJSIP/{call.ani}@trunk-{name}" if customer_first else "Local/s@cc-callback-customer/n"
        ),
        "ChannelId": call.uniqueid,
        "Context": "cc-callback",
        "Exten": "s",
        "Priority": "1",
        "Timeout": str(round(1000 * (callback.ring if customer_first else agent_ring_s))),
        "Variable": variables,
        "Async": "true",
    }
    if customer_first and shown:
        fields["CallerID"] = shown
    return fields


def _arrived(call: LiveCall) -> CallArrived:
    return CallArrived(
        at=call.arrived_at,
        call_id=call.call_id,
        ani=call.ani,
        dnis=call.dnis,
        trunk=call.trunk,
        ani_verified=True,
        vip_level=call.vip_level,
        customer_id=call.customer.customer_id if call.customer else None,
    )
