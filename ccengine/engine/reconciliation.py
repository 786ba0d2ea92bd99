"""The engine and the AMI link: a snapshot at each connect and now and then, events between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.acd.inputs import PhoneChanged, PhoneState
from ccengine.asterisk import snapshot
from ccengine.asterisk.ami import AmiLink
from ccengine.asterisk.ami_wire import ActionRefusedError, LinkDownError, OutcomeUnknownError
from ccengine.asterisk.snapshot import Snapshot
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.offer import begin_talk, end_talk
from ccengine.calls.parts import Floor
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import HangupBy

log = structlog.get_logger(__name__)

RECONCILE_EVERY_S = 5.0


class Reconciliation:
    """Compares what the engine believes with what Asterisk has, and repairs the engine."""

    def __init__(
        self,
        *,
        link: AmiLink,
        floor: Floor,
        calls: LiveCalls,
        on_gone: Callable[[LiveCall], None],
        on_first: Callable[[Snapshot], Awaitable[None]],
        on_passed_by: Callable[[CallId], None],
    ) -> None:
        """``on_first``: settles what this engine does not hold; again whenever it missed events.

        ``on_passed_by``: a call that this engine did not hold is there no more.
        """
        self._link = link
        self._floor = floor
        self._calls = calls
        self._on_gone = on_gone
        self._on_first = on_first
        self._on_passed_by = on_passed_by
        self._first = True
        self._missed: set[str] = set()
        self._dead: set[str] = set()
        self._strange: set[CallId] = set()
        self._others: set[CallId] = set()

    async def link_up(self) -> None:
        """Called by the link after each login."""
        seen = await snapshot.take(self._link)
        self._repair(seen)
        if self._first:
            await self._on_first(seen)
            self._first = False
        else:
            await self._take_up(seen)  # calls may have come and gone while the link was down

    async def run(self) -> None:
        """Now and then while all is calm; cancelled at the engine's end."""
        while True:
            await asyncio.sleep(RECONCILE_EVERY_S)
            if not self._link.up.is_set():
                continue
            try:
                seen = await snapshot.take(self._link)
                self._repair(seen)
                if self._strange_talks(seen):
                    await self._take_up(seen)
            except (LinkDownError, OutcomeUnknownError, ActionRefusedError) as error:
                log.warning("reconcile.failed", why=str(error))

    def _repair(self, seen: Snapshot) -> None:
        for extension in self._floor.site.agents:
            agent_id = AgentId(extension)
            phone = seen.phones.get(agent_id, PhoneState.UNREACHABLE)
            # Only news: told again, each phone would stand in the ACD's journal every 5 s.
            if self._floor.phone_known(agent_id) is not phone:
                self._floor.submit(PhoneChanged(agent_id=agent_id, phone=phone))
        alive = {channel.uniqueid for channel in seen.channels}
        missing = {call.uniqueid for call in self._calls if call.uniqueid not in alive}
        for call in self._calls:
            # Missing in two snapshots: one that arrived during the first is not gone.
            if call.uniqueid in missing & self._missed and not call.gone.is_set():
                log.warning("reconcile.call_gone", call_id=call.call_id)
                call.gone.set()
                self._on_gone(call)
        self._missed = missing
        self._begin_unseen_talks(seen)
        self._end_dead_talks(seen)
        self._end_others(seen)

    def _end_others(self, seen: Snapshot) -> None:
        """Calls that the dialplan serves without us, or that outlived another engine: gone, and
        perhaps nobody told."""
        alive = {seen.call_id for seen in seen.channels if seen.call_id is not None}
        for call_id in sorted(self._others - alive):
            if self._calls.get(call_id) is None and not self._calls.is_over(call_id):
                self._on_passed_by(call_id)
        self._others = {call_id for call_id in alive if self._calls.get(call_id) is None}

    async def _take_up(self, seen: Snapshot) -> None:
        try:
            await self._on_first(seen)
        except (SQLAlchemyError, OSError) as error:
            log.warning("reconcile.not_taken_up", why=str(error))
            self._strange.clear()  # tried again at the next look

    def _strange_talks(self, seen: Snapshot) -> bool:
        """Talks of calls that this engine does not know, each told of once: they rang when the
        engine before this one fell, and were answered after this one had looked round."""
        strange = {
            leg.call_id
            for leg in seen.channels
            if leg.agent_id is not None
            and leg.bridged
            and leg.call_id is not None
            and self._calls.get(leg.call_id) is None
            and not self._calls.is_over(leg.call_id)
        }
        new, self._strange = strange - self._strange, strange
        return bool(new)

    def _begin_unseen_talks(self, seen: Snapshot) -> None:
        """Connected while nobody listened. Still taken for a ring, the talk would be cut by the
        offer's end, and others be offered a call that is served."""
        talking = {
            leg.linked_to: leg.agent_id
            for leg in seen.channels
            if leg.agent_id is not None and leg.bridged
        }
        for call in self._calls:
            agent_id = talking.get(call.uniqueid)
            if agent_id is not None and call.in_queue and call.offer_id is not None:
                log.warning("reconcile.talk_unseen", call_id=call.call_id, agent_id=agent_id)
                begin_talk(call, self._floor.submit, call.offer_id, agent_id)

    def _end_dead_talks(self, seen: Snapshot) -> None:
        """A talk without the agent's channel, in two snapshots: its end was never told."""
        legs = {(channel.linked_to, channel.agent_id) for channel in seen.channels}
        dead = {
            call.uniqueid
            for call in self._calls
            if call.agent_id is not None and (call.uniqueid, call.agent_id) not in legs
        }
        for call in self._calls:
            if call.uniqueid in dead & self._dead and call.agent_id is not None:
                log.warning("reconcile.talk_over", call_id=call.call_id, agent_id=call.agent_id)
                end_talk(call, self._floor, HangupBy.UNKNOWN)
        self._dead = dead
