"""A whole contact centre on this machine: Asterisk, the engine as a process, pages and phones."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import yaml
from argon2 import PasswordHasher

from ccengine.accounts.model import Role
from ccengine.accounts.passwords import Passwords, generate_password
from ccengine.accounts.store import Accounts
from ccengine.clock import EngineClock
from ccengine.db.session import Database
from ccengine.ids import AgentId
from ccengine.ivr.speech import PromptStore
from ccengine.ivr.waits import Prompt
from ccengine.seeds.load import seed
from ccengine.site.model import Site
from simphones import audio
from simphones.callers import Callers
from simphones.phones import Phone, Phones
from simphones.processes import DIES_WITH_US
from tests.kit import prompt_cache
from tests.kit.agent_page import AgentPage, open_page
from tests.kit.asterisk import PROJECT, AsteriskSite, running_asterisk

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What is stored says how it was made, so the engine checks these logins as quickly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A call as the supervisor's page shows it."""

    record: dict[str, Any]
    facts: list[dict[str, Any]]

    def kinds(self) -> list[str]:
        return [fact["kind"] for fact in self.facts]

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [fact for fact in self.facts if fact["kind"] == kind]

    def one(self, kind: str) -> dict[str, Any]:
        """The only fact of this kind; more than one, or none, is a mistake."""
        found = self.all(kind)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} facts {kind}: {self.kinds()}")
        return found[0]


class Centre:
    """The parts of it; tests say what callers and agents do."""

    def __init__(self, asterisk: AsteriskSite, site_file: Path) -> None:
        self.site_file = site_file
        self.asterisk = asterisk
        self.settings = asterisk.settings
        self.callers = Callers(target=asterisk.sip)
        self._phones: Phones | None = None
        self.passwords: dict[str, str] = {}
        self._pages: list[AgentPage] = []
        self._boss: AgentPage | None = None
        self._engine: asyncio.subprocess.Process | None = None
        self._log = asterisk.home / "engine.log"

    async def prepare(self) -> None:
        """Database, example content, accounts."""
        database = Database(self.settings.database)
        try:
            await database.upgrade()
            clock = EngineClock()
            await seed(database.sessions, clock)
            accounts = Accounts(database.sessions, clock, Passwords(_QUICK))
            people: list[tuple[str, Role, AgentId | None]] = [
                (agent.username, Role.AGENT, AgentId(extension))
                for extension, agent in self.asterisk.site.agents.items()
            ]
            people.append(("boss", Role.SUPERVISOR, None))
            for username, role, agent_id in people:
                self.passwords[username] = generate_password()
                await accounts.add(
                    username, self.passwords[username], role=role, agent_id=agent_id, name=username
                )
        finally:
            await database.dispose()

    @property
    def pid(self) -> int:
        if self._engine is None:
            raise AssertionError("no engine runs")
        return self._engine.pid

    async def start_engine(
        self, *, within: float = 120.0, program: Sequence[str] = ("-m", "ccengine")
    ) -> None:
        with self._log.open("ab") as log:
            self._engine = await asyncio.create_subprocess_exec(
                *DIES_WITH_US, sys.executable, *program, "run",
                env=os.environ | self._environment(),
                stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL, cwd=PROJECT,
            )  # fmt: skip
        async with asyncio.timeout(within), aiohttp.ClientSession() as web:
            while not await self._healthy(web):
                if self._engine.returncode is not None:
                    raise AssertionError(f"the engine ended:\n{self.log_text()[-3000:]}")
                await asyncio.sleep(0.05)

    async def _healthy(self, web: aiohttp.ClientSession) -> bool:
        try:
            async with web.get(f"{self.settings.url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

    def _environment(self) -> dict[str, str]:
        values = self.settings.model_dump(exclude={"database_url", "public_url", "site"})
        given = {f"CCENGINE_{name.upper()}": str(value) for name, value in values.items()}
        given["CCENGINE_SITE"] = str(self.site_file)
        if self.settings.database_url:
            given["CCENGINE_DATABASE_URL"] = self.settings.database_url
        return given

    def log_text(self) -> str:
        return self._log.read_text("utf-8", errors="replace")

    async def kill_engine(self) -> None:
        """As a crash would: no good-bye."""
        if self._engine is not None and self._engine.returncode is None:
            self._engine.send_signal(signal.SIGKILL)
            await self._engine.wait()

    async def stop_engine(self) -> int:
        """SIGTERM; the exit code."""
        if self._engine is None:
            raise AssertionError("no engine runs")
        if self._engine.returncode is None:
            self._engine.terminate()
        async with asyncio.timeout(20):
            return await self._engine.wait()

    async def page(self, username: str, *, socket: bool = True) -> AgentPage:
        page = await open_page(self.settings.url, username, self.passwords[username], socket=socket)
        self._pages.append(page)
        return page

    async def sign_out(self, page: AgentPage) -> None:
        """End of the shift for one."""
        self._pages.remove(page)
        await page.log_out()
        await page.close()

    async def phone(self, extension: str, *, hz: int = 1000) -> Phone:
        if self._phones is None:
            self._phones = Phones()
        return await self._phones.register(
            extension, self.asterisk.secrets.sip[extension], target=self.asterisk.sip, hz=hz
        )

    async def customer(self, number: str, *, port: int, hz: int = 700) -> Phone:
        """The phone at which a customer is called back."""
        if self._phones is None:
            self._phones = Phones()
        return await self._phones.customer(number, port=port, hz=hz)

    async def agent(self, extension: str, *, hz: int = 1000) -> tuple[AgentPage, Phone]:
        """An agent with a registered phone and an open page, ready for calls."""
        phone = await self.phone(extension, hz=hz)
        page = await self.page(self.asterisk.site.agents[extension].username)
        await page.reachable()
        await page.ready()
        return page, phone

    async def boss(self) -> AgentPage:
        """The supervisor, who sees all calls and the report; logs in once for a test."""
        if self._boss is None:
            self._boss = await self.page("boss", socket=False)
        return self._boss

    async def story(
        self, ani: str, done: Callable[[Story], bool], *, within: float = 10.0
    ) -> Story:
        """The newest call from this number, as soon as the journal tells it to this point."""
        boss = await self.boss()
        story: Story | None = None
        try:
            async with asyncio.timeout(within):
                while True:
                    calls = (await boss.get("/api/calls?limit=20"))["calls"]
                    mine = [call for call in calls if call["ani"] == ani]
                    if mine:
                        whole = await boss.get(f"/api/calls/{mine[0]['call_id']}")
                        story = Story(record=whole["call"], facts=whole["facts"])
                        if done(story):
                            return story
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"the journal did not come to it: {story}") from None

    async def calls_of(self, ani: str) -> list[dict[str, Any]]:
        """What the journal has of this number by now, newest first."""
        calls = (await (await self.boss()).get("/api/calls?limit=20"))["calls"]
        return [call for call in calls if call["ani"] == ani]

    async def logs(self, event: str, *, times: int = 1, within: float = 15.0) -> None:
        """The engine's log says it, so often."""
        try:
            async with asyncio.timeout(within):
                while self.log_text().count(event) < times:  # noqa: ASYNC110 - a file
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{event} not logged: {self.log_text()[-2000:]}") from None

    async def passed(self, step: str, *, ani: str, within: float = 20.0) -> Story:
        """The caller is through with this step of its flow: the next one is what it hears."""
        return await self.story(
            ani,
            lambda story: any(fact["step"] == step for fact in story.all("flow.stepped")),
            within=within,
        )

    async def asterisk_plays_more(self, *, than: int, within: float = 10.0) -> None:
        """Asterisk has begun to play one more sound than so many (its log tells each)."""
        try:
            async with asyncio.timeout(within):
                while self.asterisk.log_text().count("Playing") <= than:  # noqa: ASYNC110 - a file
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"no sound was played within {within} s") from None

    async def asterisk_plays(self, prompt: Prompt, *, within: float = 30.0) -> None:
        """Asterisk has begun to play this prompt to somebody (its log tells each)."""
        sound = PromptStore(self.settings.prompts, self.settings.tts_command).path(prompt)
        await self.asterisk_says(f"Playing '{sound}", within=within)

    async def asterisk_says(self, text: str, *, within: float = 10.0) -> None:
        """Asterisk's log has it: a step of the dialplan, a sound that plays."""
        try:
            async with asyncio.timeout(within):
                while text not in self.asterisk.log_text():  # noqa: ASYNC110 - a file
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"Asterisk did not log {text!r} within {within} s") from None

    async def asterisk_shows(
        self, command: str, wanted: Callable[[str], object], *, within: float
    ) -> None:
        """The console's answer is the wanted one."""
        shown = ""
        try:
            async with asyncio.timeout(within):
                while not wanted(shown := await self.asterisk.cli(command)):  # noqa: ASYNC110 - a console
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{command} showed within {within} s only {shown}") from None

    async def recorded(self, call_id: str, seconds: float, *, within: float = 10.0) -> None:
        """Asterisk has recorded so much of this conversation (raw stereo, 16 bit, 8 kHz)."""
        wanted = int(seconds * 8_000 * 4)

        def size() -> int:
            return sum(
                raw.stat().st_size for raw in self.settings.recordings.glob(f"*/{call_id}.raw")
            )

        try:
            async with asyncio.timeout(within):
                while size() < wanted:  # noqa: ASYNC110 - Asterisk tells nobody of its files
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"only {size()} of {wanted} bytes were recorded") from None

    async def takes_message(self, call_id: str, *, within: float = 20.0) -> Path:
        """Asterisk has begun to record what this caller leaves behind."""
        message = self.settings.home / "voicemail" / f"{call_id}.wav"
        try:
            async with asyncio.timeout(within):
                while not message.exists():  # noqa: ASYNC110 - a file
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"no message is taken: {list(message.parent.iterdir())}") from None
        return message

    async def send_home(self) -> None:
        """All pages and phones away, as at the end of a shift; the engine stays."""
        for page in self._pages:
            await page.log_out()
            await page.close()
        self._pages.clear()
        self._boss = None
        if self._phones is not None:
            await self._phones.close()
            self._phones = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            sys.stderr.write(self.log_text()[-6000:])
        async with contextlib.AsyncExitStack() as last:
            last.push_async_callback(self.kill_engine)
            last.push_async_callback(self.callers.close)
            last.push_async_callback(self.send_home)


@contextlib.asynccontextmanager
async def running_centre(
    queues: Mapping[str, object] | None = None,
    *,
    site_as_written: Mapping[str, Any] | None = None,
    recordings: Mapping[str, tuple[float, float]] | None = None,
    settings: Mapping[str, object] | None = None,
    **site_changes: Any,
) -> AsyncIterator[Centre]:
    """A contact centre of a test's own: the example's, or as a test has written it.

    ``queues``: what is changed in every queue.
    ``recordings``: Mandarin recordings by name, each a tone of so many Hz and seconds.
    """
    example = (PROJECT / "site.example.yaml").read_text("utf-8")
    raw = copy.deepcopy(dict(site_as_written or yaml.safe_load(example))) | site_changes
    for queue in raw["queues"].values():
        queue |= copy.deepcopy(dict(queues or {}))  # a part shared by all would be an anchor
    with tempfile.TemporaryDirectory(prefix="cs-") as folder:
        site_file = Path(folder) / "site.yaml"
        site_file.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
        site = Site.model_validate(raw)
        async with (
            running_asterisk(site=site, **dict(settings or {})) as asterisk,
            Centre(asterisk, site_file) as centre,
        ):
            await centre.prepare()
            for name, (hz, seconds) in (recordings or {}).items():
                recorded = centre.settings.prompts / "recorded" / "zh-CN" / f"{name}.wav"
                recorded.parent.mkdir(parents=True, exist_ok=True)
                audio.write_wav(recorded, audio.tone(hz, seconds))
            prompt_cache.fetch(centre.settings.prompts)
            await centre.start_engine()
            prompt_cache.keep(centre.settings.prompts)
            yield centre
