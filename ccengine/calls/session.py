"""A caller's session: the flow's waits carried out on the phone, from arrival to the last word.

One session per FastAGI connection. A call that an earlier engine held comes back with its place
in channel variables, and goes on where it stood.
"""

from __future__ import annotations

import base64
import binascii
import json

import structlog

from ccengine.asterisk.agi import AgiChannel
from ccengine.asterisk.names import Variable
from ccengine.calls.live import LiveCall
from ccengine.calls.parts import Floor
from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.play import play
from ccengine.calls.waits.queue import queue
from ccengine.calls.waits.table import carry_out
from ccengine.calls.way import way
from ccengine.ids import QueueId
from ccengine.ivr import announce
from ccengine.ivr.answers import Answer, QueueResult
from ccengine.ivr.engine import FlowRun, Turn
from ccengine.ivr.model import FlowContext
from ccengine.ivr.saved import SavedRunError
from ccengine.ivr.waits import EndWait, PlayWait, Prompt, QueueWait, Value, Wait
from ccengine.journal.facts import FlowStepped, HangupBy

log = structlog.get_logger(__name__)


class CallSession:
    """Runs one call's flow on its channel."""

    def __init__(self, call: LiveCall, channel: AgiChannel, floor: Floor) -> None:
        self._call = call
        self._channel = channel
        self._floor = floor
        self._run: FlowRun | None = None
        self._marked = ""
        """The language that stands on the channel; empty: nothing does yet."""
        self._on = OnCall(call=call, channel=channel, floor=floor)

    async def start(self) -> None:
        """A new call: greet it by its number's flow.

        Raises:
            CallerGoneError: the connection closed; what that means is known at the call's end.
        """
        flow = self._floor.flow_for(self._call.dnis)
        self._run = FlowRun(flow, self._context())
        await self._go_on(self._run.start(self._floor.clock.now()))

    async def resume(self, state: str) -> None:
        """A call that was up before this engine: go on at its last wait. Raises as ``start``."""
        saved = _unpack(state)
        flow = self._floor.flow_of_version(
            str(saved.get("flow", "")), str(saved.get("version", ""))
        )
        if flow is None:
            log.warning("call.place_lost", call_id=self._call.call_id, why="the flow is gone")
            await self.start()
            return
        try:
            self._run = FlowRun.restore(
                flow,
                saved,
                self._floor.is_open,
                self._floor.is_holiday,
                time_zone=self._floor.site.time_zone,
            )
            self._on.taken_up = True
        except SavedRunError as error:
            log.warning("call.place_lost", call_id=self._call.call_id, why=str(error))
            await self.start()
            return
        await self._go_on(Turn(wait=self._run.wait, facts=()))

    async def call_back(self) -> None:
        """A customer who is called back: straight into the queue whose turn has come, no flow."""
        call = self._call
        await self._channel.set(Variable.LANG, call.language)
        if not call.unreached:
            await self._channel.lease(LEASE_S)
            await self._say(announce.callback_here(call.language))
        wait = QueueWait(queue=call.queue or QueueId(""), language=call.language)
        result = (await queue(wait, self._on)).result
        if result is not QueueResult.SERVED and call.unreached:
            self._give_up()
        elif result is not QueueResult.SERVED:
            await self._say(announce.nobody_available(call.language))
        await self._finish("finished")

    def _give_up(self) -> None:
        """No agent came, so no customer was called: the ACD tries again when it is its turn."""
        if self._call.call_out is not None:
            self._call.call_out.given_up = True

    async def _say(self, prompt: Prompt) -> None:
        await play(PlayWait(prompts=(prompt,)), self._on)

    def _context(self) -> FlowContext:
        call = self._call
        return FlowContext(
            call_id=call.call_id,
            ani=call.ani,
            dnis=call.dnis,
            vip_level=call.vip_level,
            language=call.language,
            is_open=self._floor.is_open,
            is_holiday=self._floor.is_holiday,
            time_zone=self._floor.site.time_zone,
            ani_verified=call.ani_verified,
            customer=_customer(call),
        )

    async def _go_on(self, turn: Turn) -> None:
        if self._run is None:
            raise RuntimeError("the flow has not been started")
        self._call.run = self._run
        while True:
            self._note(turn)
            if isinstance(turn.wait, EndWait):
                await self._finish(turn.wait.result)
                return
            answer = await self._carry_out(turn.wait)
            turn = self._run.resume(answer, self._floor.clock.now())

    def _note(self, turn: Turn) -> None:
        call = self._call
        if turn.error is not None:
            log.error("flow.broke", call_id=call.call_id, exc_info=turn.error)
        self._floor.record(*turn.facts)
        steps = [fact for fact in turn.facts if isinstance(fact, FlowStepped)]
        if self._run is not None:
            call.path += way(self._run, steps)
            call.language = self._run.language
            call.last_step = self._run.step

    async def _carry_out(self, wait: Wait) -> Answer:
        await self._save()
        return await carry_out(wait, self._on)

    async def _save(self) -> None:
        """Leave the flow's state on the channel, where a restarted engine finds it."""
        if self._run is not None:
            state = json.dumps(self._run.save(), separators=(",", ":"), ensure_ascii=False).encode()
            await self._channel.set(Variable.FLOW_STATE, base64.b64encode(state).decode())
        if self._marked != self._call.language:
            self._marked = self._call.language
            await self._channel.set(Variable.LANG, self._marked)
            await self._channel.set(Variable.PHASE, "flow")

    async def _finish(self, result: str) -> None:
        self._call.finished = True
        if result == "voicemail":
            # The dialplan takes the message; it says itself when the call is over.
            await self._channel.set(Variable.DONE, result)
            return
        if self._call.ended_by is HangupBy.UNKNOWN:
            self._call.ended_by = HangupBy.AGENT if self._call.served else HangupBy.SYSTEM
        await self._channel.set(Variable.DONE, "1")
        await self._channel.hang_up()


def _customer(call: LiveCall) -> dict[str, Value]:
    """What a flow may know of its caller as a customer."""
    customer = call.customer
    return {
        "customer.known": customer is not None,
        "customer.id": customer.customer_id if customer else "",
        "customer.name": customer.name if customer else "",
        "customer.last_agent": call.last_agent or "",
    }


def _unpack(state: str) -> dict[str, object]:
    try:
        value = json.loads(base64.b64decode(state, validate=True))
    except (binascii.Error, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
