"""The engine under test: the real parts, joined as `app.py` joins them, without wire and database.

Real are the ACD, its dispatch, sessions, the stay in the queue, offers, the flow, phones, endings,
reconciliation, adoption, what passed by, and the clock. Replaced are sockets, stores and pages.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ccengine.acd.core import Acd
from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import Input, Join, PhoneState, RulesReplaced
from ccengine.acd.state import CallState
from ccengine.asterisk.accounts import CallAccount
from ccengine.asterisk.ami_wire import LinkDownError
from ccengine.asterisk.events import PhoneEvent
from ccengine.asterisk.snapshot import Snapshot
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.clock import EngineClock
from ccengine.desk.pop import Pop
from ccengine.engine.adoption import Adoption
from ccengine.engine.callbacks import Callbacks
from ccengine.engine.dispatch import Dispatch
from ccengine.engine.door import EngineDoor
from ccengine.engine.endings import Endings
from ccengine.engine.flows import InForce, Loaded
from ccengine.engine.passed_by import PassedBy
from ccengine.engine.phones import Phones
from ccengine.engine.reconciliation import Reconciliation
from ccengine.engine.remembering import remember
from ccengine.engine.sessions import Sessions
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.ivr.answers import KnowledgeFound, LookedUp, Routed
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import LookupWait, Prompt, RouteWait
from ccengine.journal.facts import CallQueued, Fact
from ccengine.outside.systems import Asked
from ccengine.site.acd import acd_rules
from ccengine.site.model import Site
from ccengine.site.transfers import Why
from tests.simulation.agi import SimChannel
from tests.simulation.callers import Caller
from tests.simulation.clockwork import EngineLoop

if TYPE_CHECKING:
    from tests.simulation.world import World


class SimLink:
    """The AMI link: up or down, and able to ask what exists."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.up = asyncio.Event()

    async def snapshot(self) -> Snapshot:
        if self._world.wire.broken:
            raise LinkDownError("cut")
        return self._world.asterisk.snapshot()


async def take(link: Any) -> Snapshot:
    """Stands for ``asterisk.snapshot.take``."""
    return cast(Snapshot, await link.snapshot())


class SimSounds:
    def path(self, prompt: Prompt) -> str:
        return prompt.text

    def duration(self, prompt: Prompt) -> float:
        return 3.0


class SimFloor:
    """Implements ``ccengine.calls.parts.Floor``."""

    sounds = SimSounds()

    def __init__(self, engine: SimEngine) -> None:
        self._engine = engine
        self._world = engine.world
        self.clock = engine.clock
        self.session_over: Callable[[LiveCall], None] = lambda call: None

    @property
    def site(self) -> Site:
        return self._engine.in_force.site

    @property
    def hears_keys(self) -> bool:
        return not self._world.wire.broken

    def flow_for(self, dnis: str) -> Flow:
        return self._engine.in_force.flow_for(dnis)

    def flow_of_version(self, flow: str, version: str) -> Flow | None:
        return self._engine.in_force.flow_of_version(flow, version)

    def is_open(self, hours: str, now: float) -> bool:
        return True

    def submit(self, item: Input) -> None:
        if type(item) is Join and self._engine.alive:
            self._world.checks.joins(item)
        self._engine.dispatch.submit(item)

    def record(self, *facts: Fact) -> None:
        if facts:
            self._engine.record(facts)

    def position(self, call_id: CallId) -> int | None:
        return self._engine.acd.position(call_id)

    def stands_in_line(self, call_id: CallId) -> bool:
        return self._engine.acd.call_state(call_id) is not CallState.GONE

    def expected_wait(self, call_id: CallId) -> Expected | None:
        wait_s = self._engine.acd.expected_wait(call_id, self.clock.now())
        return None if wait_s is None else Expected(low_s=wait_s, high_s=wait_s)

    async def know_caller(self, call: LiveCall) -> None:
        return None

    async def queue_told(self, call: LiveCall) -> bool:
        return any(
            isinstance(fact, CallQueued)
            and fact.queue == call.queue
            and abs(fact.queued_at - call.queued_at) < 0.002
            for fact in self._world.journal.stories.get(call.call_id, ())
        )

    async def prepare_pop(self, call: LiveCall) -> None:
        if self._world.dice.random() < self._world.faults.slow_commands:
            await asyncio.sleep(0.05)

    async def show_pop(self, pop: Pop) -> Mapping[AgentId, float]:
        if self._world.dice.random() < 0.1:
            await asyncio.sleep(0.1)
        return {}

    async def look_up(self, wait: LookupWait, call: LiveCall) -> Asked:
        return Asked(answer=LookedUp(found=False, why="unreachable"))

    async def route(self, wait: RouteWait, call: LiveCall) -> Routed:
        return Routed(action="", why="unreachable")

    def is_holiday(self, hours: str, now: float) -> bool:
        return False

    async def answer_question(
        self, question: str, language: str, deadline_s: float
    ) -> KnowledgeFound:
        return KnowledgeFound(article_id=None)

    async def speak(self, prompts: Sequence[Prompt]) -> None: ...

    async def hang_up(self, channel: str) -> None:
        if self._engine.alive and not self._world.wire.broken:
            self._world.time.after(0.002, self._world.asterisk.hang_up_leg, channel)

    async def stop_playing(self, channel: str) -> None:
        if self._engine.alive and not self._world.wire.broken:
            self._world.asterisk.stop_playing(channel)

    async def story(self, call: LiveCall) -> Sequence[Fact]:
        return ()

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
        return self._engine.acd.phone(agent_id)

    def phone_free(self, extension: str) -> bool | None:
        return None

    def may_transfer(self, call: LiveCall, number: str) -> Why:
        return "none_allowed"

    @property
    def messages(self) -> Path:
        return Path("messages")

    def recording_file(self, call: LiveCall) -> str:
        return f"{call.call_id}.raw"

    def pop_url(self, call: LiveCall) -> str:
        return ""


class SimPassedBy(PassedBy):
    """Reads Asterisk's accounts from the world."""

    def __init__(self, world: World, floor: SimFloor, calls: LiveCalls, adoption: Adoption) -> None:
        super().__init__(
            floor=cast(Any, floor),
            calls=calls,
            records=cast(Any, world.journal),
            story_of=world.journal.of_call,
            close=adoption.close,
            file=Path(),
        )
        self._world = world

    async def accounts(self) -> dict[CallId, CallAccount]:
        return dict(self._world.asterisk.accounts)


class SimEngine:
    """One life of the engine, from its start to its fall."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.number = number
        self.alive = True
        self.accepting = False
        self.born_at = world.time.now
        self.loop = EngineLoop(world.time, self._fault)
        self.clock = EngineClock()
        self.in_force = InForce(world.loaded)
        self.calls = LiveCalls()
        rules = acd_rules(world.loaded.site, seed=number)
        self.acd = Acd(rules, boot=f"b{number}")
        self.dispatch = Dispatch(self.acd, self.clock, self.calls, self.record)
        self.door = EngineDoor(self.dispatch, self.clock, lambda fact: self.record((fact,)))
        self.floor = SimFloor(self)
        floor = cast(Any, self.floor)
        self.link = SimLink(world)
        self.callbacks = Callbacks(
            floor=floor,
            calls=self.calls,
            link=cast(Any, self.link),
            records=cast(Any, world.journal),
            submit=self.floor.submit,
        )
        self.endings = Endings(
            floor=floor,
            calls=self.calls,
            link_up=self.link.up.is_set,
            on_closed=lambda call: None,
            on_unreached=self.callbacks.unreached,
        )
        self.floor.session_over = self.endings.session_over
        self.adoption = Adoption(floor, self.calls, self.door)
        self.passed_by = SimPassedBy(world, self.floor, self.calls, self.adoption)
        self.phones = Phones(
            calls=self.calls,
            clock=self.clock,
            submit=self.floor.submit,
            on_gone=self.endings.channel_gone,
            on_fallback=self.endings.fallback_began,
            on_unknown_over=self.passed_by.over,
            callbacks=self.callbacks,
        )
        self.reconciliation = Reconciliation(
            link=cast(Any, self.link),
            floor=floor,
            calls=self.calls,
            on_gone=self.endings.channel_gone,
            on_first=self._settle,
            on_passed_by=self.passed_by.over,
        )
        self.sessions = Sessions(floor, self.calls, self.callbacks.customer_here)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.run(self._start)

    def _fault(self, what: str) -> None:
        if self.alive:
            self.world.checks.broken("engine", what)

    def record(self, facts: Sequence[Fact]) -> None:
        if self.alive:
            self.world.journal.put(facts)
            self.world.checks.told(facts)

    # -- begun by the world, run on the engine's own loop

    def run(self, work: Callable[[], Any]) -> None:
        def begin() -> None:
            task = self.loop.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self.loop.call_soon(begin)

    def connected(self, channel: SimChannel, caller: Caller) -> None:
        async def serve() -> None:
            try:
                await self.sessions.serve(cast(Any, channel), caller.call_id)
            finally:
                channel.close()

        self.run(serve)

    def hears(self, event: PhoneEvent) -> None:
        if self.link.up.is_set():
            self.loop.call_soon(self.phones.heard, event)

    def link_changed(self, up: bool) -> None:
        def change() -> None:
            if up:
                self.link.up.set()
                self.run(self._link_up)
            else:
                self.link.up.clear()

        self.loop.call_soon(change)

    async def _link_up(self) -> None:
        with contextlib.suppress(LinkDownError):  # cut again: the real link begins anew as well
            await self.reconciliation.link_up()

    async def _start(self) -> None:
        journal = cast(Any, self.world.journal)
        await remember(
            journal=journal,
            records=journal,
            site=self.in_force.site,
            now=self.clock.now(),
            dispatch=self.dispatch,
            door=self.door,
            callbacks=self.callbacks,
        )
        if self.world.wire.broken:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.link.up.wait(), 5.0)
        else:
            self.link.up.set()
            await self.reconciliation.link_up()
        self.accepting = True
        self.run(self.reconciliation.run)

    async def _settle(self, snapshot: Snapshot) -> None:
        journal = self.world.journal
        stories = {call_id: list(journal.stories[call_id]) for call_id in sorted(journal.open)}
        accounts = await self.passed_by.accounts()
        await self.passed_by.catch_up(accounts)
        self.adoption.settle(stories, snapshot, accounts)

    def new_site(self, loaded: Loaded) -> None:
        def replace() -> None:
            self.in_force.replace(loaded)
            rules = acd_rules(loaded.site, seed=self.number, version=loaded.version)
            self.dispatch.submit(RulesReplaced(rules=rules))

        self.loop.call_soon(replace)

    def fall(self) -> None:
        """Killed: what it still does in its last breath reaches nobody."""
        self.alive = self.accepting = False
        for task in tuple(self._tasks):
            task.cancel()
        self.loop.turn()
        self.dispatch.stop()
