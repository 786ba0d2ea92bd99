"""The engine as a call's session sees it: lookups with deadlines, and everything else by name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ccengine.acd.callbacks import MOST_OPEN
from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import Input, PhoneState
from ccengine.acd.state import CallState
from ccengine.asterisk.ami import AmiLink
from ccengine.asterisk.ami_wire import ActionRefusedError, LinkDownError, OutcomeUnknownError
from ccengine.asterisk.gate import ForbiddenError
from ccengine.calls import recording
from ccengine.calls.live import LiveCall
from ccengine.calls.store import past_calls
from ccengine.calls.taken_up import stay_before
from ccengine.clock import Clock
from ccengine.contacts.store import cards_of
from ccengine.db.hops import Hops
from ccengine.desk.desk import Desk
from ccengine.desk.pop import CustomerCard, PastCall, Pop
from ccengine.engine.dispatch import Dispatch
from ccengine.engine.flows import InForce
from ccengine.engine.lookups import Lookups
from ccengine.engine.recogniser import Recogniser
from ccengine.engine.transfers import Transfers
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.ivr.answers import KnowledgeFound, Routed
from ccengine.ivr.model import Flow
from ccengine.ivr.speech import PromptStore
from ccengine.ivr.waits import LookupWait, Prompt, RouteWait
from ccengine.journal.facts import AgentState, CallQueued, Fact, TransferBegan
from ccengine.journal.store import Journal
from ccengine.knowledge.base import KnowledgeBase
from ccengine.knowledge.suggest import suggest
from ccengine.outside.systems import Asked
from ccengine.site.model import Queue, Site
from ccengine.site.personal import queue_of
from ccengine.site.transfers import Why

log = structlog.get_logger(__name__)
T = TypeVar("T")

CALLER_DEADLINE_S = 0.25
"""The caller hears nothing yet while its number is looked up."""
STORY_DEADLINE_S = 1.0
POP_DEADLINE_S = 0.1
"""So long the ring waits for the page to say that it shows the card."""
SPEAK_DEADLINE_S = 2.0
"""The caller hears nothing meanwhile."""
HISTORY_SHOWN = 5
SAME_MOMENT_S = 0.002
"""The channel's variable keeps whole milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The stores that a call looks things up in."""

    hops: Hops
    journal: Journal
    knowledge: KnowledgeBase
    lookups: Lookups
    sounds: PromptStore
    recordings: Path
    messages: Path


class EngineFloor:
    """Implements ``ccengine.calls.parts.Floor``."""

    def __init__(
        self,
        *,
        clock: Clock,
        in_force: InForce,
        dispatch: Dispatch,
        desk: Desk,
        link: AmiLink,
        rooms: Rooms,
        transfers: Transfers,
        recogniser: Recogniser,
        record: Callable[[Sequence[Fact]], None],
        on_session_over: Callable[[LiveCall], None],
    ) -> None:
        self.clock = clock
        self._in_force = in_force
        self._dispatch = dispatch
        self._desk = desk
        self._link = link
        self._rooms = rooms
        self._transfers = transfers
        self._recogniser = recogniser
        self._record = record
        self.session_over = on_session_over

    @property
    def site(self) -> Site:
        return self._in_force.site

    @property
    def sounds(self) -> PromptStore:
        return self._rooms.sounds

    @property
    def hears_keys(self) -> bool:
        return self._link.up.is_set()

    def flow_for(self, dnis: str) -> Flow:
        return self._in_force.flow_for(dnis)

    def flow_of_version(self, flow: str, version: str) -> Flow | None:
        return self._in_force.flow_of_version(flow, version)

    def is_open(self, hours: str, now: float) -> bool:
        return self._in_force.is_open(hours, now)

    def is_holiday(self, hours: str, now: float) -> bool:
        return self._in_force.is_holiday(hours, now)

    async def look_up(self, wait: LookupWait, call: LiveCall) -> Asked:
        return await self._rooms.lookups.look_up(wait, call)

    async def route(self, wait: RouteWait, call: LiveCall) -> Routed:
        return await self._rooms.lookups.route(wait, call)

    def submit(self, item: Input) -> None:
        self._dispatch.submit(item)

    def record(self, *facts: Fact) -> None:
        if facts:
            self._record(facts)

    def position(self, call_id: CallId) -> int | None:
        return self._dispatch.acd.position(call_id)

    def stands_in_line(self, call_id: CallId) -> bool:
        return self._dispatch.acd.call_state(call_id) is not CallState.GONE

    def expected_wait(self, call_id: CallId) -> Expected | None:
        return self._dispatch.acd.expected(call_id, self.clock.now())

    async def know_caller(self, call: LiveCall) -> None:
        if not call.ani:
            return
        names = {AgentId(key): agent.name for key, agent in self.site.agents.items()}

        def look(connection: Connection) -> tuple[CustomerCard | None, list[PastCall]]:
            cards = cards_of(connection, call.ani)
            customer = cards[0] if len(cards) == 1 else None
            who = customer.customer_id if customer else None
            return customer, past_calls(connection, who, call.ani, HISTORY_SHOWN, agent_names=names)

        call.customer, history = await _in_time(
            "caller", self._rooms.hops.read(look), CALLER_DEADLINE_S, (None, [])
        )
        call.history = tuple(history)
        call.last_agent = next((past.agent_id for past in history if past.agent_id), None)

    async def story(self, call: LiveCall) -> Sequence[Fact]:
        return await _in_time(
            "story", self._rooms.journal.of_call(call.call_id), STORY_DEADLINE_S, []
        )

    async def queue_told(self, call: LiveCall) -> bool:
        facts = await self.story(call)
        told = any(
            isinstance(fact, CallQueued)
            and fact.queue == call.queue
            and abs(fact.queued_at - call.queued_at) < SAME_MOMENT_S
            for fact in facts
        )
        rules = queue_of(self.site, call.queue) if call.queue is not None else None
        if told and call.queue is not None and rules is not None:
            call.stay_before = stay_before(facts, call.queue, rules.retry_pause)
        return told

    async def prepare_pop(self, call: LiveCall) -> None:
        customer = call.customer
        queue = self.site.queues.get(call.queue or "")
        call.articles = suggest(
            self._rooms.knowledge,
            queue_title=title_of(queue, call.language),
            path=call.path,
            asked=call.question,
            customer_tags=customer.tags if customer else (),
            last_note=call.history[0].note if call.history else "",
            language=call.language,
        )

    async def show_pop(self, pop: Pop) -> Mapping[AgentId, float]:
        return await self._desk.show_pop(pop, POP_DEADLINE_S)

    async def answer_question(
        self, question: str, language: str, deadline_s: float
    ) -> KnowledgeFound:
        article = self._rooms.knowledge.best(question, language)
        if article is None or not article.spoken:
            return KnowledgeFound(article_id=None)
        return KnowledgeFound(article_id=article.article_id, spoken=article.spoken)

    async def speak(self, prompts: Sequence[Prompt]) -> None:
        try:
            missing = await self.sounds.speak_live(prompts, SPEAK_DEADLINE_S)
        except OSError as error:
            log.error("prompt.no_folder", error=str(error))
            return
        if missing:
            # How many, never what: these are the words for one customer.
            log.warning("prompt.not_spoken", missing=missing, deadline_s=SPEAK_DEADLINE_S)

    async def hang_up(self, channel: str) -> None:
        # 26: answered elsewhere, so that the phone shows no missed call.
        await self._quietly("Hangup", Channel=channel, Cause="26")

    async def stop_playing(self, channel: str) -> None:
        await self._quietly("ControlPlayback", Channel=channel, Control="stop")

    async def _quietly(self, action: str, **fields: str) -> None:
        try:
            await self._link.send(action, **fields)
        except (LinkDownError, OutcomeUnknownError, ActionRefusedError, ForbiddenError) as error:
            log.info("ami.not_done", action=action, why=str(error))

    @property
    def understands_speech(self) -> bool:
        return self._recogniser.there

    async def understand(
        self, audio: Path, language: str, phrases: Sequence[str], deadline_s: float
    ) -> str:
        return await self._recogniser.heard(audio, language, phrases, deadline_s)

    def takes_callbacks(self, queue: QueueId) -> bool:
        seen = self._dispatch.acd.queue_view(queue, self.clock.now())
        return seen is not None and seen.callbacks_waiting + seen.callbacks_sleeping < MOST_OPEN

    def phone_known(self, agent_id: AgentId) -> PhoneState | None:
        return self._dispatch.acd.phone(agent_id)

    def phone_free(self, extension: str) -> bool | None:
        agent = self._dispatch.acd.agent(AgentId(extension))
        if agent.phone is PhoneState.UNREACHABLE:
            return None
        reserved = agent.state in (AgentState.OFFERED, AgentState.TALKING)
        return agent.phone is PhoneState.IDLE and not reserved

    def may_transfer(self, call: LiveCall, number: str) -> Why:
        why = self._transfers.refused(number)
        if not why:
            now = self.clock.now()
            self.record(TransferBegan(at=now, call_id=call.call_id, to=number, outside=True))
        return why

    @property
    def messages(self) -> Path:
        return self._rooms.messages

    def recording_file(self, call: LiveCall) -> str:
        return str(recording.raw_file(self._rooms.recordings, call.call_id, call.arrived_at))


def title_of(queue: Queue | None, language: str) -> str:
    """The queue's name in the caller's language."""
    if queue is None:
        return ""
    return queue.title["en"] if language == "en" else queue.title["zh-CN"]


async def _in_time(what: str, lookup: Awaitable[T], deadline_s: float, otherwise: T) -> T:
    """A lookup that a call can do without: late or broken, the call goes on with ``otherwise``."""
    try:
        async with asyncio.timeout(deadline_s):
            return await lookup
    except (TimeoutError, SQLAlchemyError, OSError) as error:
        log.warning("lookup.failed", what=what, why=str(error) or type(error).__name__)
        return otherwise
