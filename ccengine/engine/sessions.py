"""FastAGI connections become calls: new ones arrive, known ones come back."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from ccengine.acd.rules import CallbackFirst
from ccengine.asterisk.agi import AgiChannel, CallerGoneError
from ccengine.asterisk.events import call_id_of
from ccengine.asterisk.names import Variable
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.parts import Floor
from ccengine.calls.session import CallSession
from ccengine.contacts.numbers import normalise_number
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import CallAdopted, CallArrived
from ccengine.site.vip import vip_level

log = structlog.get_logger(__name__)


class Sessions:
    """Serves each FastAGI connection; whatever happens to one call stays with it."""

    def __init__(
        self, floor: Floor, calls: LiveCalls, on_customer_here: Callable[[LiveCall], None]
    ) -> None:
        self._floor = floor
        self._calls = calls
        self._on_customer_here = on_customer_here
        self.accepting = True

    async def serve(self, channel: AgiChannel, given: str) -> None:
        """One connection from begin to end; never raises but for cancellation."""
        call_id = call_id_of(given)
        if call_id is None:
            log.warning("agi.no_call_id")
            return
        with structlog.contextvars.bound_contextvars(call_id=call_id):
            try:
                await self._serve(channel, call_id)
            except CallerGoneError:
                log.debug("call.connection_closed")
            except Exception:
                # Ours to mend; for the caller the dialplan's fallback is the decent end.
                log.exception("call.broke")

    async def _serve(self, channel: AgiChannel, call_id: CallId) -> None:
        phase = channel.environment.marks.get("phase", "")
        call = self._calls.get(call_id)
        if call is not None and call.session:
            log.warning("agi.second_connection")
            return
        if call is None and self._calls.is_over(call_id):
            # It knocked while the engine hung, and has hung up since.
            log.info("agi.call_is_over")
            return
        if call is None:
            call = self._introduce(channel, call_id)
            self._note_end(call)
            self._calls.add(call)
        call.session = True
        call.sessions += 1
        channel.when_gone(call.mailbox.ring)
        try:
            await self._run(call, channel, phase)
            await channel.settle()  # whoever gives the call back has said all
        finally:
            self._floor.session_over(call)

    async def _run(self, call: LiveCall, channel: AgiChannel, phase: str) -> None:
        floor = self._floor
        session = CallSession(call, channel, floor)
        if call.is_callback:
            await self._call_back(call, channel, session)
            return
        if not phase:
            await floor.know_caller(call)
            if call.sessions == 1:  # else it was given back before anything was said to it
                floor.record(_arrived(call))
            await session.start()
            return
        log.info("call.adopted", phase=phase)
        floor.record(CallAdopted(at=floor.clock.now(), call_id=call.call_id, phase=phase))
        await floor.know_caller(call)
        if phase == "queued" and not call.queued_at:
            call.queued_at = _seconds(await channel.get(Variable.QUEUED_AT))
            call.queue = QueueId(await channel.get(Variable.QUEUE))
            call.queue_told = await floor.queue_told(call)
        await session.resume(await channel.get(Variable.FLOW_STATE))

    async def _call_back(self, call: LiveCall, channel: AgiChannel, session: CallSession) -> None:
        """The leg that we sent out is up: the customer's own, or one that waits for an agent."""
        out = call.call_out
        if out is None:
            # An engine before this one sent it out; the customer is there, its place on the leg.
            log.info("callback.taken_up")
            self._on_customer_here(call)
            call.queue = QueueId(await channel.get(Variable.QUEUE))
            call.queued_at = _seconds(await channel.get(Variable.QUEUED_AT))
            call.queue_told = True
            await self._floor.know_caller(call)
            self._floor.record(_arrived(call))
        else:
            call.channel = channel.environment.channel
            if out.first is CallbackFirst.CALLER:
                self._on_customer_here(call)
        await session.call_back()

    def _note_end(self, call: LiveCall) -> None:
        """A caller who hangs up at once: that may be heard first, and is not told again."""
        heard = self._calls.end_heard(call.uniqueid)
        if heard is not None:
            call.dialplan_end, call.dialplan_served = heard.end, heard.served
            call.gone.set()

    def _introduce(self, channel: AgiChannel, call_id: CallId) -> LiveCall:
        """What Asterisk and our dialplan say of a call that this engine has not seen."""
        environment = channel.environment
        marks = environment.marks
        site = self._floor.site
        trunk = marks.get("trunk", "")
        malformed = marks.get("bad") == "1"
        trusted = trunk in site.trunks and site.trunks[trunk].trusted
        ani = "" if environment.ani in ("", "unknown") else normalise_number(environment.ani)
        verified = trusted and not malformed and ani != ""
        arrived = _seconds(marks.get("arrived", ""))
        now = self._floor.clock.now()
        return LiveCall(
            call_id=call_id,
            uniqueid=environment.uniqueid,
            channel=environment.channel,
            ani=ani,
            dnis=marks.get("dnis", ""),
            trunk=trunk,
            ani_verified=verified,
            ani_malformed=malformed,
            vip_level=vip_level(site, ani, verified),
            language=site.languages[0],
            may_be_recorded=marks.get("phase", "") != "",
            # The dialplan's clock has whole seconds; for a call of now ours is the better one.
            arrived_at=arrived if arrived and now - arrived > 2 else now,
        )


def _arrived(call: LiveCall) -> CallArrived:
    return CallArrived(
        at=call.arrived_at,
        call_id=call.call_id,
        ani=call.ani,
        dnis=call.dnis,
        trunk=call.trunk,
        ani_verified=call.ani_verified,
        ani_malformed=call.ani_malformed,
        vip_level=call.vip_level,
        customer_id=call.customer.customer_id if call.customer else None,
    )


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
