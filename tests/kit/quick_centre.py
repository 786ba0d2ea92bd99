"""A contact centre in quick time: the engine's own calls, ACD and endings, on a made-up Asterisk.

Real are ``Sessions``, ``CallSession``, ``QueueStay``, the offer, ``Dispatch``, ``Acd``, ``Phones``,
``Endings`` and ``AgiChannel``; made up are the caller's channel (``Caller``) and the stores. The
channel keeps Asterisk's rules and writes down who breaks them: one command at a time, a lease over
all that lasts, none over a talk.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from ccengine.acd.commands import Command
from ccengine.acd.core import Acd
from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import Input, PhoneChanged, PhoneState, Ready, SignIn
from ccengine.acd.state import CallState
from ccengine.asterisk.agi import AgiChannel
from ccengine.asterisk.agi_wire import AgiEnvironment
from ccengine.asterisk.ami_wire import LinkDownError
from ccengine.asterisk.events import (
    CallOver,
    ChannelGone,
    Connected,
    KeyHeard,
    LegBegan,
    LegOver,
)
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.record import CallRecord
from ccengine.desk.pop import Pop
from ccengine.engine.callbacks import Callbacks, Link
from ccengine.engine.dispatch import Dispatch
from ccengine.engine.endings import Endings
from ccengine.engine.phones import Phones
from ccengine.engine.sessions import Sessions
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.ivr.answers import KnowledgeFound, LookedUp, Routed
from ccengine.ivr.model import Flow
from ccengine.ivr.speech import PromptMissingError
from ccengine.ivr.waits import LookupWait, Prompt, RouteWait
from ccengine.journal.facts import AgentState, CallEnded, CallFact, Fact
from ccengine.outside.systems import Asked
from ccengine.site.acd import acd_rules
from ccengine.site.model import Site
from ccengine.site.transfers import Why
from tests.kit.agi_words import arguments
from tests.kit.quick_time import LoopClock

F = TypeVar("F", bound=Fact)
TRUNK_CHANNEL = "PJSIP/trunk-carrier-0000000a"
PROMPT_S = 2.0
LATER = {"wrap_up.ended", "offer.ended"}
"""What may be told of a call after its end: it is about the agent."""


@dataclass
class Phone:
    """How an agent's phone behaves when it is rung. Seconds; ``answers`` None: it never does."""

    answers: float | None = None
    talks: float = 5.0
    leaves_whisper: bool = False
    """Answers, and hangs up before the caller is there."""
    result: str = ""
    """``BUSY``, ``CHANUNAVAIL`` or ``CONGESTION`` at once; empty: it rings."""


class Caller:
    """The caller's channel as Asterisk holds it, and the dialplan's hand on it."""

    def __init__(self, centre: QuickCentre, number: int) -> None:
        self.centre = centre
        self.call_id = CallId(str(uuid.UUID(int=number)))
        self.uniqueid = f"ccengine-1795000000.{number}"
        self.channel = TRUNK_CHANNEL
        self.cause = 16
        self.variables: dict[str, str] = {}
        self.commands: list[str] = []
        self.heard: list[str] = []
        self.gone = False
        self.leave_at: int | None = None
        """Hangs up when it gets the so-manieth command."""
        self.drop_at: int | None = None
        """The connection is lost at the so-manieth command; the caller lives."""
        self.end = ""
        """How the dialplan will say that it ended; see ``events.CallOver``."""
        self.phase = ""
        self._loop = asyncio.get_running_loop()
        self._reader = asyncio.StreamReader()
        self._busy: asyncio.Task[str] | None = None
        self._stop = asyncio.Event()
        self._key = ""
        self._escape = ""
        """Keys that end what is played or waited for now."""
        self._lease: asyncio.TimerHandle | None = None
        self._leased = False
        self._connected = False
        self.session: asyncio.Task[None] | None = None

    # -- the connection

    def connect(self) -> None:
        """The dialplan's AGI(): with its mark of where the call stands."""
        self._reader = asyncio.StreamReader()
        self._connected = True
        self._leased = True  # the dialplan's own first lease
        channel = AgiChannel(self.environment(), self._reader, self)  # type: ignore[arg-type]
        self.session = asyncio.create_task(self._serve(channel))

    def environment(self) -> AgiEnvironment:
        """What the dialplan says of it."""
        return AgiEnvironment(
            path=("call", "token", self.call_id),
            marks={"trunk": "carrier", "bad": "0", "dnis": "4001", "phase": self.phase},
            channel=self.channel,
            uniqueid=self.uniqueid,
            ani="13900000000",
        )

    async def _serve(self, channel: AgiChannel) -> None:
        try:
            await self.centre.sessions.serve(channel, self.call_id)
            if not channel.gone:
                await channel.settle()
        finally:
            channel.close()

    def drop(self) -> None:
        """The connection is gone; the channel is the dialplan's again."""
        if not self._connected:
            return
        self._connected = False
        self._set_lease(0)
        self._leased = True
        if self._busy is not None:
            self._busy.cancel()
        self.phase = self.variables.get("CC_PHASE", self.phase)
        self._reader.feed_eof()

    def hang_up(self) -> None:
        """The caller hangs up: the socket closes at once, the event follows."""
        if self.gone:
            return
        self.gone = True
        if self.centre.link_up:
            self._loop.call_later(self.centre.event_lag_s, self._tell_end)
        self._loop.call_later(self.centre.socket_lag_s, self.drop)

    def _tell_end(self) -> None:
        end = "done" if self.variables.get("CC_DONE") == "1" else self.end
        served = self.variables.get("CC_SERVED") == "1"
        self.centre.phones.heard(CallOver(call_id=self.call_id, served=served, end=end))
        self.centre.phones.heard(
            ChannelGone(
                channel=self.channel,
                uniqueid=self.uniqueid,
                linked_to=self.uniqueid,
                call_id=self.call_id,
                agent_id=None,
                cause=self.cause,
            )
        )

    def session_done(self) -> bool:
        return self.session is not None and self.session.done()

    # -- what the engine writes: the writer's side of AgiChannel

    def write(self, raw: bytes) -> None:
        line = raw.decode().rstrip("\n")
        if not self._connected or self.gone:
            return
        self.commands.append(line)
        if self._busy is not None and not self._busy.done():
            self.centre.broken.append(f"two commands at once: {line}")
        if self.leave_at == len(self.commands):
            self.hang_up()
        elif self.drop_at == len(self.commands):
            self.drop()
        else:
            self._busy = asyncio.create_task(self._answer(line))

    def close(self) -> None:
        """The engine closes its end."""
        self.drop()

    def press(self, *keys: str) -> None:
        """Asterisk has each key, and tells the engine of it if there is a link."""
        for key in keys:
            if key in self._escape:
                self._key = key
                self._stop.set()
            if self.centre.link_up:
                self.centre.phones.heard(
                    KeyHeard(uniqueid=self.uniqueid, call_id=self.call_id, key=key)
                )

    def stop_sound(self) -> None:
        self._stop.set()

    async def _answer(self, line: str) -> str:
        await asyncio.sleep(self.centre.agi_lag_s)
        result = await self._do(arguments(line))
        if self._connected:
            self._reader.feed_data(f"200 result={result}\n".encode())
        if line == "HANGUP":
            self.hang_up()
        return result

    async def _do(self, words: list[str]) -> str:
        match words:
            case ["SET", "VARIABLE", name, value]:
                self._set(name, value)
            case ["EXEC", "MSet", pairs]:
                for pair in pairs.split(","):
                    name, _, value = pair.partition("=")
                    self._set(name, value)
            case ["GET", "FULL", "VARIABLE", name]:
                value = self.variables.get(name[2:-1], "")
                return f"1 ({value})" if value else "0"
            case ["STREAM", "FILE", path, keys]:
                self.heard.append(path)
                return await self._wait(PROMPT_S, keys, path)
            case ["GET", "OPTION", path, keys, ms]:
                self.heard.append(path)
                return await self._wait(PROMPT_S + int(ms) / 1_000, keys, path)
            case ["EXEC", "Playback" | "Background" as way, paths]:
                sounds = paths.split("&")
                self.heard += sounds
                keys = "0123456789*#" if way == "Background" else ""
                return await self._wait(PROMPT_S * len(sounds), keys, paths)
            case ["WAIT", "FOR", "DIGIT", ms]:
                return await self._wait(int(ms) / 1_000, "0123456789*#", "a key")
            case ["EXEC", "Dial", argument]:
                return await self._dial(argument)
            case ["EXEC", _, _] | ["SET", "MUSIC", "ON", _] | ["HANGUP"]:
                pass
            case _:
                self.centre.broken.append(f"no such command: {words}")
        return "0"

    def _set(self, name: str, value: str) -> None:
        if name == "TIMEOUT(absolute)":
            self._set_lease(float(value))
        else:
            self.variables[name.removeprefix("__")] = value

    def _set_lease(self, seconds: float) -> None:
        if self._lease is not None:
            self._lease.cancel()
        self._leased = seconds > 0
        self._lease = self._loop.call_later(seconds, self._lease_over) if seconds > 0 else None

    def _lease_over(self) -> None:
        if self._connected:
            self.centre.broken.append("the lease ran out")
            self.drop()

    async def _wait(self, seconds: float, keys: str, what: str) -> str:
        if not self._leased:
            self.centre.broken.append(f"no lease over {what}")
        self._stop.clear()
        self._escape = keys
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return "0"
        finally:
            self._escape = ""
        key, self._key = self._key, ""
        return str(ord(key)) if key and key in keys else "1000"

    # -- Dial

    async def _dial(self, argument: str) -> str:
        phones, seconds, options = argument.split(",", 2)
        ring_over = self._loop.time() + float(seconds)
        if not self._leased or self._lease is None or self._lease.when() <= ring_over:
            self.centre.broken.append("no lease that outlasts the ring")
        agents = [AgentId(phone.removeprefix("PJSIP/")) for phone in phones.split("&")]
        connect = options.partition("U(cc-connect^")[2].partition(")")[0]
        offer_id, *whisper = connect.split("^")
        status, talk_s = await self._ring(agents, float(seconds), OfferId(offer_id), whisper)
        self.variables["DIALSTATUS"] = status
        if status == "ANSWER":
            await self.centre.talk(self, talk_s)
        return "0"

    async def _ring(
        self, agents: list[AgentId], seconds: float, offer_id: OfferId, whisper: list[str]
    ) -> tuple[str, float]:
        """Rings until one answers, all are over, or the time is. The status, and the talk's length.

        Events of legs come before Dial is back, as Asterisk's do on an idle machine.
        """
        centre = self.centre
        legs: dict[AgentId, str] = {}
        status = "CHANUNAVAIL"
        for agent_id in agents:
            phone = centre.phone_of[agent_id]
            if phone.result in ("CHANUNAVAIL", "CONGESTION"):
                status = phone.result
                continue
            centre.legs_made += 1
            legs[agent_id] = f"PJSIP/{agent_id}-{centre.legs_made:08x}"
            centre.rings.append((agent_id, self.call_id, centre.clock.now()))
        try:
            await asyncio.sleep(centre.leg_lag_s)
            for agent_id, leg in legs.items():
                self._leg(LegBegan(caller_uniqueid=self.uniqueid, agent_id=agent_id, channel=leg))
            until = self._loop.time() + seconds
            since = self._loop.time()
            while legs:
                now = self._loop.time()
                for agent_id, leg in list(legs.items()):
                    phone = centre.phone_of[agent_id]
                    if phone.answers is not None and now >= since + phone.answers:
                        self._answer_leg(agent_id, legs)
                        if not await self._hears_all(agent_id, leg, whisper):
                            return "ANSWER", 0.0
                        self._connect(agent_id, offer_id)
                        return "ANSWER", phone.talks
                    over = phone.result or ("NOANSWER" if now >= until else "")
                    over = "CANCEL" if leg in centre.hung_up else over
                    if over:
                        status = "NOANSWER" if over == "CANCEL" else over
                        self._leg_over(agent_id, legs, over)
                await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            for agent_id in list(legs):
                self._leg_over(agent_id, legs, "CANCEL")
            raise
        return status, 0.0

    def _answer_leg(self, agent_id: AgentId, legs: dict[AgentId, str]) -> None:
        """Asterisk takes the first answer and lets the other phones go."""
        self._leg_over(agent_id, legs, "ANSWER")
        for other in list(legs):
            self._leg_over(other, legs, "CANCEL")

    async def _hears_all(self, agent_id: AgentId, leg: str, whisper: list[str]) -> bool:
        """The whisper, while the caller has music. False: the agent's leg ended in it."""
        if not whisper:
            return True
        self.centre.whispered.append((agent_id, whisper[0]))
        if self.centre.phone_of[agent_id].leaves_whisper:
            return False
        await asyncio.sleep(PROMPT_S)
        return leg not in self.centre.hung_up

    def _connect(self, agent_id: AgentId, offer_id: OfferId) -> None:
        self._set_lease(0)
        self.variables["CC_SERVED"] = "1"
        self.variables["DIALEDPEERNUMBER"] = agent_id
        self._leg(Connected(call_id=self.call_id, offer_id=offer_id, agent_id=agent_id))

    def _leg_over(self, agent_id: AgentId, legs: dict[AgentId, str], status: str) -> None:
        self._leg(
            LegOver(
                caller_uniqueid=self.uniqueid,
                agent_id=agent_id,
                channel=legs.pop(agent_id),
                status=status,
            )
        )

    def _leg(self, event: LegBegan | LegOver | Connected) -> None:
        if self.centre.link_up:
            self.centre.phones.heard(event)


class QuickSounds:
    """Every prompt is there and lasts ``PROMPT_S``, but those in ``missing``."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def path(self, prompt: Prompt) -> str:
        if prompt.text in self.missing:
            raise PromptMissingError(prompt)
        return prompt.text

    def duration(self, prompt: Prompt) -> float:
        self.path(prompt)
        return PROMPT_S


@dataclass
class QuickFloor:
    """The engine as a session sees it; lookups answer at once, or after ``lookup_s``."""

    centre: QuickCentre
    site: Site
    flow: Flow
    lookup_s: float = 0.0
    pop_s: float = 0.01
    sounds: QuickSounds = field(default_factory=QuickSounds)
    pops: list[Pop] = field(default_factory=list)
    expected: Expected | None = None
    """The expected wait, as if it had been learned."""
    last_agent: AgentId | None = None
    """Who last talked with every customer."""
    looked_up: LookedUp = field(default_factory=partial(LookedUp, found=False))
    routed: Routed = field(default_factory=partial(Routed, action="", why="unreachable"))
    outside_s: float = 0.0
    """So long every system outside takes."""

    @property
    def clock(self) -> LoopClock:
        return self.centre.clock

    @property
    def hears_keys(self) -> bool:
        return self.centre.link_up

    def flow_for(self, dnis: str) -> Flow:
        return self.flow

    def flow_of_version(self, flow: str, version: str) -> Flow | None:
        return self.flow if (flow, version) == (self.flow.id, self.flow.version) else None

    def is_open(self, hours: str, now: float) -> bool:
        return True

    def submit(self, item: Input) -> None:
        self.centre.dispatch.submit(item)

    def record(self, *facts: Fact) -> None:
        self.centre.tell(facts)

    def position(self, call_id: CallId) -> int | None:
        return self.centre.acd.position(call_id)

    def stands_in_line(self, call_id: CallId) -> bool:
        return self.centre.acd.call_state(call_id) is not CallState.GONE

    def expected_wait(self, call_id: CallId) -> Expected | None:
        return self.expected

    async def know_caller(self, call: LiveCall) -> None:
        await asyncio.sleep(self.lookup_s)
        call.last_agent = self.last_agent

    async def queue_told(self, call: LiveCall) -> bool:
        await asyncio.sleep(self.lookup_s)
        return False

    async def prepare_pop(self, call: LiveCall) -> None:
        await asyncio.sleep(self.lookup_s)

    async def show_pop(self, pop: Pop) -> Mapping[AgentId, float]:
        self.pops.append(pop)
        await asyncio.sleep(self.pop_s)
        return dict.fromkeys(pop.agents, self.pop_s * 1_000)

    async def look_up(self, wait: LookupWait, call: LiveCall) -> Asked:
        await asyncio.sleep(self.outside_s)
        return Asked(answer=self.looked_up)

    async def route(self, wait: RouteWait, call: LiveCall) -> Routed:
        await asyncio.sleep(self.outside_s)
        return self.routed

    def is_holiday(self, hours: str, now: float) -> bool:
        return False

    async def answer_question(
        self, question: str, language: str, deadline_s: float
    ) -> KnowledgeFound:
        return KnowledgeFound(article_id=None)

    async def speak(self, prompts: Sequence[Prompt]) -> None:
        """Every text is spoken at once."""

    async def hang_up(self, channel: str) -> None:
        if self.centre.link_up:
            self.centre.hung_up.add(channel)
            for leg in self.centre.legs:
                if channel in (leg.channel, leg.uniqueid):
                    leg.hang_up()

    async def stop_playing(self, channel: str) -> None:
        if self.centre.link_up:
            for caller in self.centre.callers:
                caller.stop_sound()

    async def story(self, call: LiveCall) -> Sequence[Fact]:
        return [f for f in self.centre.facts if getattr(f, "call_id", None) == call.call_id]

    @property
    def understands_speech(self) -> bool:
        return False

    async def understand(
        self, audio: Path, language: str, phrases: Sequence[str], deadline_s: float
    ) -> str:
        return ""

    def takes_callbacks(self, queue: QueueId) -> bool:
        return False

    def phone_known(self, agent_id: AgentId) -> PhoneState | None:
        return self.centre.acd.phone(agent_id)

    def phone_free(self, extension: str) -> bool | None:
        return None

    def may_transfer(self, call: LiveCall, number: str) -> Why:
        return "none_allowed"

    @property
    def messages(self) -> Path:
        return Path("/messages")

    def recording_file(self, call: LiveCall) -> str:
        return f"/recordings/{call.call_id}.raw"

    def session_over(self, call: LiveCall) -> None:
        self.centre.endings.session_over(call)


class QuickLink:
    """Without ``out`` no customer is called back: the attempt fails as it does without a link."""

    def __init__(self) -> None:
        self.out: Link | None = None

    async def send(self, name: str, **fields: str | tuple[str, ...]) -> object:
        if self.out is None:
            raise LinkDownError(f"{name} was not sent")
        return await self.out.send(name, **fields)


class NoRecords:
    async def get(self, call_id: CallId) -> CallRecord | None:
        return None


class QuickCentre:
    """Everything joined. ``broken`` is what Asterisk would have suffered; it must stay empty."""

    def __init__(self, site: Site, flow: Flow) -> None:
        self.clock = LoopClock()
        self.facts: list[Fact] = []
        self.calls = LiveCalls()
        self.acd = Acd(acd_rules(site), boot="b")
        self.dispatch = Dispatch(self.acd, self.clock, self.calls, self.tell)
        self.floor = QuickFloor(self, site, flow)
        self.closed: list[CallId] = []
        self.link = QuickLink()
        self.legs: list[Caller] = []
        """To customers who are called back."""
        self.callbacks = Callbacks(
            floor=self.floor,
            calls=self.calls,
            link=self.link,
            records=NoRecords(),
            submit=self.dispatch.submit,
        )
        self.endings = Endings(
            floor=self.floor,
            calls=self.calls,
            link_up=lambda: self.link_up,
            on_closed=lambda call: self.closed.append(call.call_id),
            on_unreached=self.callbacks.unreached,
        )
        self.phones = Phones(
            calls=self.calls,
            clock=self.clock,
            submit=self.dispatch.submit,
            on_gone=self.endings.channel_gone,
            on_fallback=self.endings.fallback_began,
            on_unknown_over=lambda over: None,
            callbacks=self.callbacks,
        )
        self.dispatch.on_callback_due = self.callbacks.due
        self.sessions = Sessions(self.floor, self.calls, self.callbacks.customer_here)
        self.callers: list[Caller] = []
        self.phone_of: dict[str, Phone] = {name: Phone() for name in site.agents}
        self.rings: list[tuple[AgentId, CallId, float]] = []
        self.whispered: list[tuple[AgentId, str]] = []
        self.hung_up: set[str] = set()
        self.legs_made = 0
        self.broken: list[str] = []
        self.link_up = True
        self.agi_lag_s = 0.001
        self.event_lag_s = 0.003
        self.socket_lag_s = 0.0
        self.leg_lag_s = 0.02
        """From Dial to the event that a leg began."""

    def at_work(self, *agents: str) -> None:
        for name in agents:
            agent_id = AgentId(name)
            self.dispatch.submit(PhoneChanged(agent_id=agent_id, phone=PhoneState.IDLE))
            self.dispatch.submit(SignIn(agent_id=agent_id))
            self.dispatch.submit(Ready(agent_id=agent_id))

    def call(self, **what: int | None) -> Caller:
        """A new call comes in."""
        caller = Caller(self, len(self.callers) + 1)
        for name, value in what.items():
            setattr(caller, name, value)
        self.callers.append(caller)
        caller.connect()
        return caller

    def decides(self, *commands: Command) -> None:
        """As if the ACD had decided so, by a rule that a test need not play out."""
        for command in commands:
            self.dispatch.carry_out(command)

    def tell(self, facts: Sequence[Fact]) -> None:
        """To the journal, and to who listens to it."""
        self.facts.extend(facts)
        self.callbacks.heard(facts)

    async def talk(self, caller: Caller, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until(self, there: Callable[[], bool], within: float = 60.0) -> None:
        """Time goes on until this is so."""
        async with asyncio.timeout(within):
            while not there():  # noqa: ASYNC110 - time is quick
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """All go home; what was begun is over."""
        for caller in self.callers:
            caller.hang_up()
        await asyncio.sleep(30)
        self.dispatch.stop()

    # -- then

    def told(self, kind: type[F], caller: Caller | None = None) -> list[F]:
        facts = [fact for fact in self.facts if isinstance(fact, kind)]
        if caller is None:
            return facts
        return [fact for fact in facts if getattr(fact, "call_id", None) == caller.call_id]

    def state(self, agent: str) -> AgentState:
        return self.acd.agent(AgentId(agent)).state

    def waits(self, caller: Caller) -> bool:
        return self.acd.position(caller.call_id) is not None

    def is_over(self, caller: Caller) -> bool:
        return caller.call_id in self.closed

    def check_over(self, agents: Sequence[str]) -> None:
        """All calls ended once each, nobody is reserved, nothing waits, no rule was broken."""
        assert self.broken == []
        for caller in self.callers:
            assert len(self.told(CallEnded, caller)) == 1, caller.call_id
            last = [fact.kind for fact in self.told(CallFact, caller) if fact.kind not in LATER][-1]
            assert last == "call.ended", f"{last} after the end of {caller.call_id}"
        assert sorted(self.closed) == sorted(caller.call_id for caller in self.callers)
        assert len(self.calls) == 0
        for queue in self.floor.site.queues:
            assert self.acd.waiting(QueueId(queue)) == ()
        for agent in agents:
            assert self.state(agent) in (AgentState.READY, AgentState.NOT_READY), agent
