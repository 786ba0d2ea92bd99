"""The one inbox of the ACD and the single writer round it.

Whatever races outside, the order in this inbox is the truth. An input is decided at once, in the
same turn of the event loop in which it came; its commands go to the calls' mailboxes and to
timers, its facts to the journal and to whoever listens.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from ccengine.acd.commands import (
    Announce,
    CancelTimer,
    Command,
    Ignored,
    Move,
    Offer,
    ProposeCallback,
    Release,
    SetTimer,
    Withdraw,
)
from ccengine.acd.core import Acd
from ccengine.acd.inputs import (
    CallbackTried,
    Input,
    Leave,
    PhoneChanged,
    PhoneState,
    TimerFired,
)
from ccengine.calls.live import LiveCalls
from ccengine.clock import Clock
from ccengine.ids import AgentId, CallId, TimerId
from ccengine.journal.facts import AbandonReason, CallbackResult, Fact

log = structlog.get_logger(__name__)

Keep = Callable[[float, Input, Sequence[Command | Fact] | Exception], None]
"""Told of each input, its moment, and what the ACD answered or broke with; never fails."""


class Dispatch:
    """Takes inputs, has them decided, sees to it that what was decided is done."""

    def __init__(
        self,
        acd: Acd,
        clock: Clock,
        calls: LiveCalls,
        record: Callable[[Sequence[Fact]], None],
        keep: Keep | None = None,
    ) -> None:
        self.acd = acd
        self._keep = keep
        self._clock = clock
        self._calls = calls
        self._record = record
        self._inbox: deque[Input] = deque()
        self._deciding = False
        self._timers: dict[TimerId, asyncio.TimerHandle] = {}
        self.on_phone: Callable[[AgentId], None] = _nobody_shows
        """Told whose phone came or went: that changes no state, and is no fact."""
        self.on_callback_due: Callable[[Offer], None] = self._nobody_calls
        """Given the offers of customers who are to be called back."""

    def submit(self, item: Input) -> None:
        """Put an input in the inbox; decided before this returns, unless one is being decided."""
        self._inbox.append(item)
        if self._deciding:
            return
        self._deciding = True
        try:
            while self._inbox:
                self._decide(self._inbox.popleft())
        finally:
            self._deciding = False

    def _decide(self, item: Input) -> None:
        now = self._clock.now()
        was_there = self._is_there(item)
        try:
            results = self.acd.handle(item, now)
        except Exception as fault:
            # A fault of ours must not take the other calls down; the snapshot repairs the rest.
            log.exception("acd.broke", input=type(item).__name__)
            if self._keep is not None:
                self._keep(now, item, fault)
            return
        if self._keep is not None:
            self._keep(now, item, results)
        facts: list[Fact] = []
        commands: list[Command] = []
        for result in results:
            if isinstance(result, Fact):
                facts.append(result)
            else:
                commands.append(result)
        # Facts first: a page told of an offer must already find the agent offered.
        if facts:
            self._tell(facts)
        for command in commands:
            self.carry_out(command)
        if isinstance(item, PhoneChanged) and self._is_there(item) != was_there:
            self.on_phone(item.agent_id)

    def _is_there(self, item: Input) -> bool:
        """Whether the phone that this is about can be reached, as far as the ACD knows."""
        agent = self.acd.agent(item.agent_id) if isinstance(item, PhoneChanged) else None
        return agent is not None and agent.phone is not PhoneState.UNREACHABLE

    def _tell(self, facts: Sequence[Fact]) -> None:
        try:
            self._record(facts)
        except Exception:
            # Of whoever listens, not of the ACD: what it decided is carried out all the same.
            log.exception("dispatch.facts_not_told", facts=[fact.kind for fact in facts])

    def carry_out(self, command: Command) -> None:
        """To the call's mailbox, to the timers, or to the log."""
        match command:
            case Offer() | Withdraw() | Release() | Move() | Announce() | ProposeCallback():
                self._deliver(command)
            case SetTimer(timer_id=timer_id, at=at):
                self._set_timer(timer_id, at)
            case CancelTimer(timer_id=timer_id):
                handle = self._timers.pop(timer_id, None)
                if handle is not None:
                    handle.cancel()
            case Ignored(what=what, why=why):
                log.info("acd.ignored", what=what, why=why)

    def _deliver(
        self, command: Offer | Withdraw | Release | Move | Announce | ProposeCallback
    ) -> None:
        call = self._calls.get(command.call_id)
        if call is not None:
            call.mailbox.put(command)
        elif isinstance(command, Offer) and command.callback:
            self.on_callback_due(command)
        elif isinstance(command, Offer):
            self._nobody_there(command.call_id)
        else:
            log.debug("dispatch.call_gone", call_id=command.call_id)

    def _nobody_there(self, call_id: CallId) -> None:
        """Out of the queue with it, or it would be offered to one agent after another for ever."""
        log.error("dispatch.offer_for_gone_call", call_id=call_id)
        self._inbox.append(Leave(call_id=call_id, reason=AbandonReason.ENGINE_LOST))

    def _nobody_calls(self, offer: Offer) -> None:
        log.error("dispatch.nobody_calls_back", call_id=offer.call_id)
        self._inbox.append(CallbackTried(callback_id=offer.call_id, result=CallbackResult.FAILED))

    def _set_timer(self, timer_id: TimerId, at: float) -> None:
        loop = asyncio.get_running_loop()
        old = self._timers.pop(timer_id, None)
        if old is not None:
            old.cancel()
        delay_s = max(0.0, at - self._clock.now())
        self._timers[timer_id] = loop.call_later(delay_s, self._fire, timer_id)

    def _fire(self, timer_id: TimerId) -> None:
        self._timers.pop(timer_id, None)
        self.submit(TimerFired(timer_id=timer_id))

    def stop(self) -> None:
        for handle in self._timers.values():
            handle.cancel()
        self._timers.clear()


def _nobody_shows(agent_id: AgentId) -> None:
    """Before the pages are there."""
