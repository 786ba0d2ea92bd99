"""A caller's session: the flow's waits carried out on the phone, from arrival to the last word.

One session per FastAGI connection. A call that an earlier engine held comes back with its place
in channel variables, and goes on where it stood.
"""

from __future__ import annotations

import base64
import binascii
import json

import structlog

from ccengine.acd.rules import personal_queue
from ccengine.asterisk.agi import AgiChannel
from ccengine.asterisk.names import Variable
from ccengine.calls.live import LiveCall
from ccengine.calls.parts import Floor, sound_of
from ccengine.calls.queue_stay import QueueStay
from ccengine.calls.voice import LEASE_S
from ccengine.desk.pop import PathStep
from ccengine.ids import QueueId
from ccengine.ivr import announce
from ccengine.ivr.engine import FlowRun, Turn
from ccengine.ivr.model import FlowContext
from ccengine.ivr.saved import SavedRunError
from ccengine.ivr.waits import (
    Answer,
    EndWait,
    KnowledgeWait,
    Played,
    PlayWait,
    Prompt,
    QueueLeft,
    QueueResult,
    QueueWait,
    Wait,
)
from ccengine.journal.facts import FlowStepped, HangupBy
from ccengine.site.personal import queue_of

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
        self._taken_up = False
        """The next wait was begun by an earlier connection, or an engine before this one."""

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
            self._run = FlowRun.restore(flow, saved, self._floor.is_open)
            self._taken_up = True
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
        result = (await self._queue(wait)).result
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
        await self._play(PlayWait(prompts=(prompt,)))

    def _context(self) -> FlowContext:
        call = self._call
        return FlowContext(
            call_id=call.call_id,
            ani=call.ani,
            dnis=call.dnis,
            vip_level=call.vip_level,
            language=call.language,
            is_open=self._floor.is_open,
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
        call.path += tuple(PathStep(step=fact.step, result=fact.result) for fact in steps)
        if self._run is not None:
            call.language = self._run.language
            call.last_step = self._run.step

    async def _carry_out(self, wait: Wait) -> Answer:
        await self._save()
        match wait:
            case PlayWait():
                return Played(key=await self._play(wait))
            case QueueWait():
                return await self._queue(wait)
            case KnowledgeWait(question=question, language=language, deadline_s=deadline_s):
                await self._channel.lease(deadline_s + LEASE_S)
                return await self._floor.answer_question(question, language, deadline_s)
            case EndWait():
                raise RuntimeError("an end is no wait to carry out")

    async def _save(self) -> None:
        """Leave the flow's state on the channel, where a restarted engine finds it."""
        if self._run is not None:
            state = json.dumps(self._run.save(), separators=(",", ":")).encode()
            await self._channel.set(Variable.FLOW_STATE, base64.b64encode(state).decode())
        if self._marked != self._call.language:
            self._marked = self._call.language
            await self._channel.set(Variable.LANG, self._marked)
            await self._channel.set(Variable.PHASE, "flow")

    async def _play(self, wait: PlayWait) -> str:
        known = (sound_of(self._floor.sounds, prompt) for prompt in wait.prompts)
        sounds = [sound for sound in known if sound is not None]
        longest = sum(duration for _, duration in sounds)
        await self._channel.lease(longest + wait.timeout_s + LEASE_S)
        for path, duration in sounds:
            key = await self._channel.play(path, wait.keys, duration)
            if key:
                return key
        return await self._channel.wait_for_key(wait.timeout_s) if wait.timeout_s > 0 else ""

    async def _queue(self, wait: QueueWait) -> QueueLeft:
        call = self._call
        queue = self._queue_for(wait)
        rules = queue_of(self._floor.site, queue) if queue is not None else None
        if queue is None or rules is None:
            # Nobody is known to this customer; or the site file changed under a flow that was
            # checked against the older one.
            log.warning("call.queue_unknown", call_id=call.call_id, queue=queue)
            return QueueLeft(result=QueueResult.NO_AGENTS)
        left = await QueueStay(call, self._channel, self._floor, wait, queue, rules).run()
        call.queued_at = 0.0
        unserved = left.result not in (QueueResult.SERVED, QueueResult.CALLBACK)
        call.abandoned = call.abandoned or unserved
        # The dialplan must not take this caller for one who still waits.
        await self._channel.set(Variable.PHASE, "flow")
        return left

    def _queue_for(self, wait: QueueWait) -> QueueId | None:
        """The queue it stood in already, perhaps moved there, when its stay is taken up again."""
        call = self._call
        taken_up, self._taken_up = self._taken_up, False
        if taken_up and call.queued_at and call.queue is not None:
            return call.queue
        if not wait.last_agent:
            return wait.queue
        return personal_queue(call.last_agent) if call.last_agent is not None else None

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


def _unpack(state: str) -> dict[str, object]:
    try:
        value = json.loads(base64.b64decode(state, validate=True))
    except (binascii.Error, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
