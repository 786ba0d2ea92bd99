"""The one place where the engine is built and joined, started in order and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

from ccengine.accounts.passwords import Passwords
from ccengine.accounts.sessions import WebSessions
from ccengine.accounts.store import Accounts
from ccengine.acd.core import Acd
from ccengine.acd.rules import AcdRules
from ccengine.asterisk.agi import AgiServer
from ccengine.asterisk.ami import AmiLink
from ccengine.asterisk.config import AsteriskLayout
from ccengine.asterisk.events import PhoneEvent
from ccengine.asterisk.secrets import Secrets
from ccengine.asterisk.snapshot import Snapshot
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.calls.store import CallRecordProjector, CallRecords
from ccengine.clock import Clock, EngineClock
from ccengine.contacts.store import Contacts
from ccengine.db.session import Database
from ccengine.desk.desk import Desk
from ccengine.engine.adoption import Adoption
from ccengine.engine.beginning import Beginning
from ccengine.engine.callbacks import Callbacks
from ccengine.engine.dispatch import Dispatch
from ccengine.engine.door import EngineDoor
from ccengine.engine.endings import Endings
from ccengine.engine.floor import EngineFloor, Rooms
from ccengine.engine.flow_desk import FlowDesk
from ccengine.engine.flows import InForce, Loaded, load
from ccengine.engine.listener import Recorder
from ccengine.engine.lookups import Lookups
from ccengine.engine.messages import Messages
from ccengine.engine.opening import Opening
from ccengine.engine.passed_by import PassedBy
from ccengine.engine.phones import Phones
from ccengine.engine.publishing import Publishing
from ccengine.engine.recogniser import Recogniser
from ccengine.engine.reconciliation import Reconciliation
from ccengine.engine.recordings import Recordings
from ccengine.engine.reload import Reload
from ccengine.engine.remembering import remember
from ccengine.engine.sessions import Sessions
from ccengine.engine.transfers import Transfers
from ccengine.flows.store import Publications
from ccengine.ids import AgentId, CallId, FlowId, OfferId
from ccengine.ivr.speech import PromptStore
from ccengine.journal.facts import FlowEntered, PopDelivered
from ccengine.journal.flow_sums import FlowSums
from ccengine.journal.messages import MessageList
from ccengine.journal.spool import Spool
from ccengine.journal.store import Journal
from ccengine.journal.writer import JournalWriter
from ccengine.knowledge.base import KnowledgeBase
from ccengine.knowledge.store import Articles
from ccengine.outside.systems import Outside
from ccengine.replay.asked import WhyProcess
from ccengine.replay.writer import AcdJournal, Limits
from ccengine.reports.store import QueueReports
from ccengine.settings import Settings
from ccengine.site.acd import acd_rules
from ccengine.supervise.live import LiveQueues
from ccengine.supervise.view import Caller
from ccengine.web.parts import WebParts
from ccengine.web.server import build_app, make_runner

log = structlog.get_logger(__name__)

Progress = Callable[[str], None]
STOP_DEADLINE_S = 5.0


class Engine:
    """One running engine. ``start`` once, ``stop`` once."""

    def _phone_came_or_went(self, agent_id: AgentId) -> None:
        view = self.door.view(agent_id)
        if view is not None:
            self.desk.phone_changed(view)

    def __init__(self, settings: Settings, beginning: Beginning) -> None:
        self.settings = settings
        self._beginning = beginning
        self._loaded = loaded = beginning.loaded
        self.clock = EngineClock()
        self.database = Database(settings.database)
        sessions = self.database.sessions
        self.secrets = Secrets.load(settings.secrets, loaded.site.agents)
        self.in_force = InForce(loaded)
        self.calls = LiveCalls()
        self.records = CallRecords(sessions)
        self.writer = JournalWriter(
            self.database.hops,
            Spool(settings.spool),
            projector=CallRecordProjector(),
            clock=self.clock,
        )
        self.recorder = Recorder(self.writer)
        boot = f"{int(self.clock.now() * 1000):x}"
        rules = acd_rules(loaded.site, version=loaded.version)
        self.acd = Acd(rules, boot=boot)
        self.acd_journal = _acd_journal(self.acd, rules, boot, self.clock, settings)
        self.dispatch = Dispatch(
            self.acd,
            self.clock,
            self.calls,
            self.recorder.record,
            None if self.acd_journal is None else self.acd_journal.keep,
        )
        self.door = EngineDoor(self.dispatch, self.clock, self.recorder.record_one)
        self.desk = Desk(
            self.door, self.clock, lambda: self.in_force.site, on_late_pop=self._late_pop
        )
        self.recorder.show_on(self.desk, self.door)
        self.dispatch.on_phone = self._phone_came_or_went
        self.journal = Journal(sessions)
        self.reports = QueueReports(self.journal, lambda: self.in_force.site, self.clock)
        self.live = LiveQueues(
            acd=self.acd,
            site=lambda: self.in_force.site,
            clock=self.clock,
            who_is=self._who_is,
            reports=self.reports,
        )
        self.recorder.on_change = self.live.changed
        self.articles = Articles(sessions, self.clock)
        self.contacts = Contacts(sessions, self.clock)
        self.knowledge = KnowledgeBase(self.articles)
        self.sounds = PromptStore(settings.prompts, settings.tts_command)
        self.link = AmiLink(
            host=settings.ami_host,
            port=settings.ami_port,
            username="ccengine",
            secret=self.secrets.ami,
            on_event=self._phone_said,
            on_up=self._link_up,
            on_down=lambda: log.warning("ami.lost"),
        )
        self.transfers = Transfers(self.in_force, self.clock)
        self.writer.listeners.append(self.transfers.heard)
        self.outside = Outside(
            site=lambda: self.in_force.site,
            own_database=settings.database,
            secrets=settings.secrets,
            clock=self.clock,
        )
        self.floor = EngineFloor(
            clock=self.clock,
            in_force=self.in_force,
            dispatch=self.dispatch,
            desk=self.desk,
            link=self.link,
            rooms=Rooms(
                hops=self.database.hops,
                journal=self.journal,
                knowledge=self.knowledge,
                lookups=Lookups(
                    outside=self.outside,
                    hops=self.database.hops,
                    site=lambda: self.in_force.site,
                ),
                sounds=self.sounds,
                recordings=settings.recordings,
                messages=settings.messages,
            ),
            transfers=self.transfers,
            recogniser=Recogniser(settings.asr_command),
            record=self.recorder.record,
            on_session_over=self._session_over,
        )
        self.callbacks = Callbacks(
            floor=self.floor,
            calls=self.calls,
            link=self.link,
            records=self.records,
            submit=self.dispatch.submit,
        )
        self.dispatch.on_callback_due = self.callbacks.due
        self.writer.listeners.append(self.callbacks.heard)
        self.phones = Phones(
            calls=self.calls,
            clock=self.clock,
            submit=self.dispatch.submit,
            on_gone=self._channel_gone,
            on_fallback=self._fallback_began,
            on_unknown_over=self._passed_by,
            callbacks=self.callbacks,
        )
        self.recordings = Recordings(self.floor, self.calls, settings.recordings)
        self.messages = Messages(self.floor, self.calls)
        self.endings = Endings(
            floor=self.floor,
            calls=self.calls,
            link_up=self.link.up.is_set,
            on_closed=self.recordings.call_over,
            on_unreached=self.callbacks.unreached,
        )
        self.reconciliation = Reconciliation(
            link=self.link,
            floor=self.floor,
            calls=self.calls,
            on_gone=self.endings.channel_gone,
            on_first=self._settle,
            on_passed_by=self._passed_by,
        )
        self.adoption = Adoption(self.floor, self.calls, self.door)
        self.passed_by = PassedBy(
            floor=self.floor,
            calls=self.calls,
            records=self.records,
            story_of=self.journal.of_call,
            close=self.adoption.close,
            file=AsteriskLayout.accounts_of(settings),
        )
        self.sessions = Sessions(self.floor, self.calls, self.callbacks.customer_here)
        self.agi = AgiServer(token=self.secrets.agi, serve=self.sessions.serve)
        self.publishing = Publishing(settings, Publications(sessions, self.clock))
        self.reload = Reload(
            settings=settings,
            in_force=self.in_force,
            sounds=self.sounds,
            articles=self.articles,
            submit=self.dispatch.submit,
            publishing=self.publishing,
            clock=self.clock,
        )
        self.opening = Opening(self.in_force, self.clock, self.dispatch.submit)
        self._web: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []

    # The link comes before the phones, and they before the endings, that they report to.

    def _phone_said(self, event: PhoneEvent) -> None:
        self.phones.heard(event)

    def _channel_gone(self, call: LiveCall) -> None:
        self.endings.channel_gone(call)

    def _fallback_began(self, call: LiveCall) -> None:
        self.endings.fallback_began(call)

    def _session_over(self, call: LiveCall) -> None:
        self.endings.session_over(call)

    def _who_is(self, call_id: CallId) -> Caller | None:
        call = self.calls.get(call_id)
        return None if call is None else Caller(number=call.ani, vip_level=call.vip_level)

    async def _link_up(self) -> None:
        await self.reconciliation.link_up()

    async def start(self, progress: Progress) -> None:
        """Everything that can fail for want of something comes before the first call is taken.

        Raises:
            DatabaseError: no database, or one of another version.
            SpeechCommandError, PromptsNotRenderedError: prompts are missing and cannot be made.
            OSError: a port is taken or the disk refuses.
        """
        progress("database")
        await self.database.check_shape()
        if self.acd_journal is not None:
            self.acd_journal.start()
        await self.writer.start()
        progress("knowledge base")
        await self.knowledge.refresh()
        await self.reload.speak(self._loaded, progress)
        await asyncio.to_thread(self.settings.recordings.mkdir, parents=True, exist_ok=True)
        progress("agents, queues and callbacks as they were")
        await self._remember()
        await self.reload.begin(self._beginning.refusal, await self._flows_of_live_calls())
        # The link first: agents' phones are known before the first call asks for one.
        self._run(self.link.run())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.link.up.wait(), STOP_DEADLINE_S)
        await self.agi.start(self.settings.agi_host, self.settings.agi_port)
        await self._start_web()
        self._run(self.reconciliation.run())
        self._run(self.reload.watch())
        self._run(self.reload.watch_publications())
        self._run(self.opening.watch())
        self._run(self.live.run())
        progress(f"ready: {self.settings.url}")

    def _run(self, work: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("engine.task_broke")
                raise

        self._tasks.append(asyncio.create_task(guarded()))

    async def _remember(self) -> None:
        self.opening.look()
        await self.transfers.remember(self.journal)
        await remember(
            journal=self.journal,
            records=self.records,
            site=self.in_force.site,
            now=self.clock.now(),
            dispatch=self.dispatch,
            door=self.door,
            callbacks=self.callbacks,
        )

    async def _flows_of_live_calls(self) -> set[tuple[FlowId, str]]:
        """The versions of flows in which calls began that may still be up."""
        return {
            (fact.flow, fact.version)
            for call in await self.records.open_calls()
            for fact in await self.journal.of_call(call.call_id)
            if isinstance(fact, FlowEntered)
        }

    async def _settle(self, snapshot: Snapshot) -> None:
        """Calls without an end that this engine does not hold: those of one that fell, and those
        that came and went while it heard nothing."""
        stories = {
            call.call_id: await self.journal.of_call(call.call_id)
            for call in await self.records.open_calls()
            if self.calls.get(call.call_id) is None
        }
        accounts = await self.passed_by.accounts()
        # What can fail comes first: an attempt that failed is made again at the next connect.
        await self.passed_by.catch_up(accounts)
        self.adoption.settle(stories, snapshot, accounts)
        await self.callbacks.look_round(snapshot.channels)
        alive = {seen.call_id for seen in snapshot.channels if seen.call_id is not None}
        await self.recordings.finish_left_behind(alive)
        await self.messages.finish_left_behind(alive)

    def _passed_by(self, call_id: CallId) -> None:
        self.passed_by.over(call_id)

    def _late_pop(self, offer_id: OfferId, agent_id: AgentId, latency_ms: float) -> None:
        for call in self.calls:
            if call.offer_id == offer_id:
                self.recorder.record_one(
                    PopDelivered(
                        at=self.clock.now(),
                        call_id=call.call_id,
                        offer_id=offer_id,
                        agent_id=agent_id,
                        latency_ms=latency_ms,
                        before_ring=False,
                    )
                )

    async def _start_web(self) -> None:
        sessions = self.database.sessions
        parts = WebParts(
            clock=self.clock,
            site=lambda: self.in_force.site,
            accounts=Accounts(sessions, self.clock, Passwords()),
            logins=WebSessions(sessions, self.clock),
            desk=self.desk,
            live=self.live,
            calls=self.records,
            facts=self.journal,
            spoken=MessageList(sessions),
            reports=self.reports,
            customers=self.contacts,
            knowledge=lambda: self.knowledge,
            health=self.health,
            recordings=self.settings.recordings,
            messages=self.settings.messages,
            public_url=self.settings.url,
            flows=FlowDesk(
                in_force=self.in_force,
                reload=self.reload,
                publishing=self.publishing,
                sums=FlowSums(sessions),
                clock=self.clock,
            ),
            why=(
                None if self.acd_journal is None else WhyProcess(self.settings.acd_journal_folder)
            ),
        )
        self._web = make_runner(build_app(parts))
        await self._web.setup()
        await web.TCPSite(self._web, self.settings.http_host, self.settings.http_port).start()

    async def health(self) -> Mapping[str, str]:
        """Each part ``ok`` or one word for what it lacks."""
        return {
            "ami": "ok" if self.link.up.is_set() else "down",
            "agi": "ok" if self.agi.listening else "down",
            "database": "ok" if self.writer.lag < STOP_DEADLINE_S else "delayed",
        }

    async def stop(self) -> None:
        """Calls go back to the dialplan, talks go on; facts are written."""
        log.info("engine.stopping", calls=len(self.calls))
        if self._web is not None:
            await self._web.cleanup()
        await self.agi.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.dispatch.stop()
        await self.callbacks.stop()
        if self.acd_journal is not None:
            await self.acd_journal.stop()
        await self.outside.close()
        await self.recordings.stop(STOP_DEADLINE_S)
        await self.writer.stop()
        await self.database.dispose()


def _acd_journal(
    acd: Acd, rules: AcdRules, boot: str, clock: Clock, settings: Settings
) -> AcdJournal | None:
    """None: the settings want none."""
    if not settings.acd_journal_days:
        return None
    return AcdJournal(
        acd,
        rules,
        folder=settings.acd_journal_folder,
        boot=boot,
        now=clock.now,
        limits=Limits(
            days=settings.acd_journal_days, total_bytes=int(settings.acd_journal_gb * 1024**3)
        ),
    )


def loaded_from(settings: Settings) -> Loaded:
    """The site and flow files. Raises BadFileError with all that is wrong in them."""
    return load(settings.site, settings.flows)
