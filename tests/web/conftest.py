"""A contact centre without Asterisk: the real web server and desk, a real SQLite file, hand-moved
time, and stand-ins for the engine's other rooms that keep their rules."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import yaml
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from ccengine.accounts.model import Role
from ccengine.accounts.passwords import Passwords
from ccengine.accounts.sessions import WebSessions
from ccengine.accounts.store import Accounts
from ccengine.acd.core import Acd
from ccengine.acd.inputs import PhoneState
from ccengine.calls.record import CallRecord
from ccengine.clock import moment
from ccengine.db.session import Database
from ccengine.db.tables import METADATA
from ccengine.desk.desk import Desk, DeskTimes
from ccengine.desk.door import AgentView
from ccengine.desk.pop import CustomerCard, Pop
from ccengine.engine.flow_desk import FlowDesk
from ccengine.engine.flows import InForce
from ccengine.engine.publishing import Publishing
from ccengine.engine.reload import Reload
from ccengine.flows.store import Publications
from ccengine.ids import AgentId, ArticleId, CallId, CustomerId, OfferId, QueueId
from ccengine.ivr.speech import PromptStore
from ccengine.journal.facts import AgentState, Fact, MessageLeft
from ccengine.journal.flow_sums import FlowSums
from ccengine.journal.messages import LeftMessage
from ccengine.knowledge.model import Article
from ccengine.knowledge.search import KnowledgeIndex
from ccengine.knowledge.store import Articles
from ccengine.replay.asked import WhyProcess
from ccengine.reports.queues import Period, queue_report
from ccengine.reports.store import targets
from ccengine.reports.surveys import SurveyReport, survey_report
from ccengine.settings import Settings
from ccengine.site.acd import acd_rules
from ccengine.site.model import Site
from ccengine.supervise.live import LiveQueues
from ccengine.supervise.view import Caller
from ccengine.web.parts import WebParts
from ccengine.web.server import build_app, make_runner

NOON = 1_700_000_000.0
ORIGIN = "http://desk.test"
PASSWORD = "right-password"
WITHIN_S = 5.0

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""argon2 as it is, but cheap: what is tested is that it is asked, not what it costs."""

WANG = AgentId("1001")
LI = AgentId("1002")


class HandClock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> float:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += seconds


class FakeDoor:
    """The engine as the desk sees it: every request is followed by the agent's new state."""

    def __init__(self, clock: HandClock, agents: Sequence[str]) -> None:
        self._clock = clock
        self.desk: Desk
        self.asked: list[tuple[object, ...]] = []
        self.talked: set[tuple[AgentId, CallId]] = set()
        self._changed = asyncio.Event()
        self._views = {
            AgentId(agent): AgentView(
                agent_id=AgentId(agent),
                state=AgentState.LOGGED_OUT,
                reason="",
                since=clock.now(),
                phone=PhoneState.IDLE,
                call_id=None,
                wrap_up_until=None,
            )
            for agent in agents
        }

    def view(self, agent_id: AgentId) -> AgentView | None:
        return self._views.get(agent_id)

    def sign_in(self, agent_id: AgentId) -> None:
        self._note("sign_in", agent_id)
        self.put(agent_id, AgentState.NOT_READY, reason="signed_in")

    def sign_out(self, agent_id: AgentId) -> None:
        self._note("sign_out", agent_id)
        self.put(agent_id, AgentState.LOGGED_OUT)

    def ready(self, agent_id: AgentId) -> None:
        self._note("ready", agent_id)
        busy = self._views[agent_id].state in (AgentState.OFFERED, AgentState.TALKING)
        self.put(agent_id, None if busy else AgentState.READY)

    def not_ready(self, agent_id: AgentId, reason: str) -> None:
        self._note("not_ready", agent_id, reason)
        busy = self._views[agent_id].state in (AgentState.OFFERED, AgentState.TALKING)
        self.put(agent_id, None if busy else AgentState.NOT_READY, reason=reason)

    def extend_wrap_up(self, agent_id: AgentId) -> None:
        self._note("extend_wrap_up", agent_id)
        view = self._views[agent_id]
        self._views[agent_id] = replace(view, extensions_left=view.extensions_left - 1)
        self.put(agent_id, None)

    def may_extend(self, agent_id: AgentId, times: int) -> None:
        """The ACD lets this agent's wrap-up be made longer so often."""
        self._views[agent_id] = replace(self._views[agent_id], extensions_left=times)

    def set_disposition(
        self, agent_id: AgentId, call_id: CallId, disposition: str, note: str
    ) -> bool:
        if (agent_id, call_id) not in self.talked:
            return False
        self._note("set_disposition", agent_id, call_id, disposition, note)
        return True

    def put(
        self,
        agent_id: AgentId,
        state: AgentState | None,
        *,
        reason: str = "",
        call_id: str | None = None,
    ) -> None:
        """The ACD moved this agent (None: as it was)."""
        view = self._views[agent_id]
        if state is not None:
            call = CallId(call_id) if call_id else None
            view = replace(view, state=state, reason=reason, since=self._clock.now(), call_id=call)
            self._views[agent_id] = view
        self.desk.state_changed(view)

    def forget(self, agent_id: AgentId) -> None:
        """A new site file has no such agent."""
        del self._views[agent_id]

    async def was_asked(self, *request: object) -> None:
        async with asyncio.timeout(WITHIN_S):
            while request not in self.asked:
                self._changed.clear()
                await self._changed.wait()

    def _note(self, *request: object) -> None:
        self.asked.append(request)
        self._changed.set()


@dataclass
class FakeCalls:
    """Call records and their facts; newest first."""

    records: list[CallRecord]
    facts: dict[str, list[Fact]]

    async def get(self, call_id: CallId) -> CallRecord | None:
        return next((one for one in self.records if one.call_id == call_id), None)

    async def recent(self, limit: int, agent_id: AgentId | None = None) -> list[CallRecord]:
        mine = [one for one in self.records if agent_id is None or one.agent_id == agent_id]
        return mine[:limit]

    async def of_call(self, call_id: CallId) -> list[Fact]:
        return self.facts.get(call_id, [])

    async def since(
        self, since: datetime, *, mailbox: str = "", before: int | None = None, limit: int
    ) -> list[LeftMessage]:
        told = [
            LeftMessage(place=round(fact.at), number=number, left=fact)
            for facts in self.facts.values()
            for number, fact in enumerate((f for f in facts if isinstance(f, MessageLeft)), 1)
            if moment(fact.at) >= since and fact.mailbox == (mailbox or fact.mailbox)
        ]
        told.sort(key=lambda one: one.place, reverse=True)
        return [one for one in told if before is None or one.place < before][:limit]


@dataclass
class FakeCustomers:
    names: dict[int, str]

    async def find(self, customer_id: CustomerId) -> CustomerCard | None:
        name = self.names.get(customer_id)
        if name is None:
            return None
        return CustomerCard(customer_id=customer_id, name=name, vip_level="gold", tags=(), note="")


class DeskPage:
    """A browser's end of ``/ws/desk``."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def say(self, **message: object) -> None:
        await self.socket.send_str(json.dumps(message))

    async def next(self, kind: str) -> dict:
        """The next message of this type; others before it are passed over."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                message = json.loads(await self.socket.receive_str())
                if message["type"] == kind:
                    return message

    async def until_state(self, state: str) -> dict:
        while True:
            message = await self.next("state")
            if message["state"] == state:
                return message

    async def close_code(self) -> int:
        """Why the server closed; 1006 when it said nothing and was gone."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                frame = await self.socket.receive()
                if frame.type is WSMsgType.CLOSE:
                    return frame.data
                if frame.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
                    return self.socket.close_code or 0


class Browser:
    """One browser with its cookies."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.csrf = ""

    async def log_in(self, username: str, password: str = PASSWORD) -> dict:
        answer = await self.post("/api/login", {"username": username, "password": password})
        assert answer.status == 200, await answer.text()
        me = await answer.json()
        self.csrf = me["csrf"]
        return me

    async def post(self, path: str, body: object = None, **headers: str):
        headers.setdefault("X-CSRF-Token", self.csrf)
        return await self.client.post(path, json=body, headers=headers)

    async def get(self, path: str, **headers: str):
        return await self.client.get(path, headers=headers, allow_redirects=False)

    async def open_desk(self) -> DeskPage:
        return DeskPage(await self.client.ws_connect("/ws/desk", headers={"Origin": ORIGIN}))

    async def open_floor(self) -> DeskPage:
        return DeskPage(await self.client.ws_connect("/ws/floor", headers={"Origin": ORIGIN}))

    @property
    def token(self) -> str:
        cookies = self.client.session.cookie_jar.filter_cookies(self.client.make_url("/"))
        return cookies["cc_session"].value


@dataclass(kw_only=True)
class Centre:
    """All that a test may touch."""

    clock: HandClock
    site: Site
    door: FakeDoor
    desk: Desk
    acd: Acd
    callers: dict[CallId, Caller]
    """Who they are that wait in the ACD's queues."""
    live: LiveQueues
    accounts: Accounts
    passwords: Passwords
    logins: WebSessions
    database: Database
    calls: FakeCalls
    reports: SimpleNamespace
    health: dict[str, str]
    late_pops: list[tuple[OfferId, AgentId, float]]
    folder: Path
    parts: WebParts
    server: TestServer

    async def browser(self) -> Browser:
        return Browser(await self._client(self.server))

    _client: object = None

    async def agent_page(self, username: str = "wangfang") -> tuple[Browser, DeskPage]:
        """Logged in with the desk open, its first state read."""
        browser = await self.browser()
        await browser.log_in(username)
        page = await browser.open_desk()
        await page.next("state")
        return browser, page

    async def desk_has(self, agents: set[AgentId]) -> None:
        """Wait until these agents, and no others, have a live page."""
        async with asyncio.timeout(WITHIN_S):
            while self.desk.connected != agents:  # noqa: ASYNC110 - it tells pages, not tests
                await asyncio.sleep(0.005)

    def pop(self, *agents: AgentId, offer: str = "offer-1", call: str = "call-1", **more) -> Pop:
        card = Pop(
            offer_id=OfferId(offer),
            call_id=CallId(call),
            agents=agents,
            queue=QueueId("sales"),
            ani="13800000001",
            ani_verified=True,
            dnis="4001",
            language="zh-CN",
            vip_level="gold",
            customer=None,
            path=(),
            question="",
            waited_s=12.5,
            history=(),
            articles=(),
            decided_at=self.clock.now(),
        )
        return replace(card, **more)


def example_site() -> Site:
    file = Path(__file__).parents[2] / "site.example.yaml"
    return Site.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.fixture
def cheap_passwords():
    passwords = Passwords(CHEAP)
    yield passwords
    passwords.close()


@pytest.fixture(scope="session")
def staffed_file(tmp_path_factory) -> Path:
    """A database with four accounts, made once and copied for each test."""
    file = tmp_path_factory.mktemp("staffed") / "web.db"
    asyncio.run(_staff(file))
    return file


async def _staff(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    passwords = Passwords(CHEAP)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    accounts = Accounts(database.sessions, HandClock(), passwords)
    for username, role, agent in (
        ("wangfang", Role.AGENT, WANG),
        ("liqiang", Role.AGENT, LI),
        ("boss", Role.SUPERVISOR, None),
        ("root", Role.ADMINISTRATOR, None),
    ):
        await accounts.add(username, PASSWORD, role=role, agent_id=agent, name=username.title())
    await database.dispose()
    passwords.close()


@pytest.fixture
async def database(tmp_path: Path, staffed_file: Path) -> AsyncIterator[Database]:
    copy = tmp_path / "web.db"
    shutil.copy(staffed_file, copy)
    database = Database(f"sqlite+aiosqlite:///{copy}")
    yield database
    await database.dispose()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk_times() -> DeskTimes:
    """A test that needs shorter times overrides this."""
    return DeskTimes()


class NoVoice:
    """Prompts are there at once."""

    async def render_missing(self, prompts: object, progress: object) -> None:
        pass

    async def published(self) -> tuple[Article, ...]:
        return ()


@pytest.fixture
async def flow_desk(tmp_path: Path, clock: HandClock, database: Database) -> FlowDesk:
    """The flows of the example site, in a folder of their own, and who reloads them."""
    root = Path(__file__).parents[2]
    shutil.copy(root / "site.example.yaml", tmp_path / "site.yaml")
    folder = tmp_path / "flows"
    folder.mkdir()
    for flow in (root / "ivr_flows").glob("*.yaml"):
        shutil.copy(flow, folder)
    settings = Settings(home=tmp_path, site=tmp_path / "site.yaml", flows=folder)
    publishing = Publishing(settings, Publications(database.sessions, clock))
    in_force = InForce(await publishing.load())
    nothing = NoVoice()
    reload = Reload(
        settings=settings,
        in_force=in_force,
        sounds=cast(PromptStore, nothing),
        articles=cast(Articles, nothing),
        submit=lambda _: None,
        publishing=publishing,
        clock=clock,
    )
    await reload.begin(None, [])
    return FlowDesk(
        in_force=in_force,
        reload=reload,
        publishing=publishing,
        sums=FlowSums(database.sessions),
        clock=clock,
    )


@pytest.fixture
async def centre(
    aiohttp_client, tmp_path: Path, clock, cheap_passwords, database, desk_times, flow_desk
) -> AsyncIterator[Centre]:
    site = example_site()
    door = FakeDoor(clock, list(site.agents))
    late_pops: list[tuple[OfferId, AgentId, float]] = []
    desk = Desk(
        door,
        clock,
        lambda: site,
        on_late_pop=lambda *late: late_pops.append(late),
        times=desk_times,
    )
    door.desk = desk
    accounts = Accounts(database.sessions, clock, cheap_passwords)
    calls = FakeCalls(records=[], facts={})
    reports = SimpleNamespace(
        asked=[],
        answer=queue_report([], targets(site), Period(start=NOON, end=NOON + 1), NOON),
    )

    async def queues(since: datetime, until: datetime) -> object:
        reports.asked.append((since, until))
        return reports.answer

    async def surveys(since: datetime, until: datetime) -> SurveyReport:
        return survey_report(
            reports.answers, Period(start=since.timestamp(), end=until.timestamp())
        )

    reports.queues, reports.surveys, reports.answers = queues, surveys, []
    health = {"ami": "ok", "agi": "ok", "database": "ok"}

    async def how_is_it() -> dict[str, str]:
        return health

    acd = Acd(acd_rules(site, version="v1"), boot="b")
    callers: dict[CallId, Caller] = {}
    live = LiveQueues(acd=acd, site=lambda: site, clock=clock, who_is=callers.get, reports=reports)
    index = KnowledgeIndex(
        [
            Article(
                article_id=ArticleId("refund"),
                language="zh-CN",
                title="怎么申请退款",
                body="<b>七天</b>内可以申请退款。",
            )
        ]
    )
    parts = WebParts(
        clock=clock,
        site=lambda: site,
        accounts=accounts,
        logins=WebSessions(database.sessions, clock),
        desk=desk,
        live=live,
        calls=calls,
        facts=calls,
        spoken=calls,
        reports=reports,
        customers=FakeCustomers({7: "赵敏"}),
        knowledge=lambda: index,
        health=how_is_it,
        recordings=tmp_path / "recordings",
        messages=tmp_path / "messages",
        public_url=ORIGIN,
        flows=flow_desk,
        why=WhyProcess(tmp_path / "acd-journal"),
        static=tmp_path / "static",
    )
    server = BoundedServer(build_app(parts))
    await server.start_server()
    running = asyncio.create_task(live.run())
    yield Centre(
        clock=clock,
        site=site,
        door=door,
        desk=desk,
        acd=acd,
        callers=callers,
        live=live,
        accounts=accounts,
        passwords=cheap_passwords,
        logins=parts.logins,
        database=database,
        calls=calls,
        reports=reports,
        health=health,
        late_pops=late_pops,
        folder=tmp_path,
        parts=parts,
        server=server,
        _client=aiohttp_client,
    )
    await server.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class BoundedServer(TestServer):
    """A test server on the runner that production uses."""

    async def _make_runner(self, **_: object):
        return make_runner(self.app)


async def deaf_page(centre: Centre, token: str, path: str = "/ws/desk") -> socket.socket:
    """A WebSocket that was opened in order and is never read from again."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, (centre.server.host, centre.server.port))
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: desk.test",
        f"Origin: {ORIGIN}",
        f"Cookie: cc_session={token}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    )
    await loop.sock_sendall(raw, "\r\n".join((*lines, "", "")).encode())
    assert (await loop.sock_recv(raw, 12)) == b"HTTP/1.1 101"
    return raw
