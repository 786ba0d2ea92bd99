"""The floor that all three systems are measured on: one Asterisk, the same phones and callers.

ccengine runs as in service: the engine a process of its own, a flow (without prompts, straight to
the queue), the pop to a page that acknowledges it, knowledge, journal and call records on SQLite;
recording is off. app_queue and Dial are told to the same Asterisk by an addition to this copy of
its configuration. Nothing writes the dialplan's steps to a log, as in service.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from ccengine.asterisk.config import AsteriskLayout
from ccengine.asterisk.instance import Asterisk
from ccengine.site.model import Site
from simphones.light.callers import Callers
from simphones.light.phones import Phones, Ring
from tests.kit import prompt_cache
from tests.kit.agent_page import AgentPage
from tests.kit.asterisk import AsteriskSite, free_settings
from tests.kit.centre import Centre

_FIRST_EXTENSION = 2001
_RTP_PORTS = 1_000
_LOGINS_AT_ONCE = 4


class System(StrEnum):
    CCENGINE = "ccengine"
    APP_QUEUE = "app_queue"
    DIAL = "Dial"


class Team(StrEnum):
    """Who takes the calls: the set number of agents, or everybody."""

    SOME = "some"
    ALL = "all"


_NUMBERS = {
    (System.CCENGINE, Team.SOME): "7001",
    (System.CCENGINE, Team.ALL): "7002",
    (System.APP_QUEUE, Team.SOME): "7101",
    (System.APP_QUEUE, Team.ALL): "7102",
}
_DIAL_PREFIX = "72"

_DIALPLAN = """
[from-trunk](+)
exten => 7101,1,Answer()
 same => n,Queue(some)
 same => n,Hangup()
exten => 7102,1,Answer()
 same => n,Queue(all)
 same => n,Hangup()
exten => _72XXXX,1,Answer()
 same => n,Dial(PJSIP/${EXTEN:2},15)
 same => n,Hangup()
"""

# As quick as app_queue can be: the shortest retry, no announcements, no pause between calls.
_QUEUE = """
[{name}]
strategy = rrmemory
autofill = yes
ringinuse = no
wrapuptime = 0
timeout = 15
retry = 1
musicclass = default
announce-frequency = 0
announce-holdtime = no
announce-position = no
joinempty = yes
leavewhenempty = no
{members}
"""


class _BenchAsterisk(AsteriskSite):
    """Quiet, as in service, and with the other two systems told to it."""

    def __init__(self, home: Path, site: Site, teams: dict[Team, Sequence[str]]) -> None:
        rtp = random.randrange(20_000, 31_000 - _RTP_PORTS, 100)
        flows = home / "flows"
        super().__init__(
            home,
            site,
            free_settings(home, flows=flows, rtp_start=rtp, rtp_end=rtp + _RTP_PORTS - 1),
        )
        self._teams = teams
        self.layout = AsteriskLayout.of(self.settings, self.layout.program)
        self.instance = Asterisk(self.layout)
        flows.mkdir()
        for team in Team:
            text = yaml.safe_dump(_flow(team), allow_unicode=True, sort_keys=False)
            (flows / f"straight_to_{team}.yaml").write_text(text, "utf-8")

    def configure(self) -> None:
        super().configure()
        queues = "".join(
            _QUEUE.format(name=team, members="\n".join(f"member => PJSIP/{e}" for e in members))
            for team, members in self._teams.items()
        )
        for name, text in (("extensions.conf", _DIALPLAN), ("queues.conf", queues)):
            with (self.layout.etc / name).open("a", encoding="utf-8") as file:
                file.write(text)


@dataclass(slots=True, kw_only=True)
class Floor:
    centre: Centre
    callers: Callers
    phones: Phones
    teams: dict[Team, Sequence[str]]
    pages: dict[str, AgentPage]

    def number(self, system: System, team: Team, agent: str = "") -> str:
        """What a caller dials. ``Dial`` has no queue: its caller names the agent."""
        return _DIAL_PREFIX + agent if system is System.DIAL else _NUMBERS[system, team]

    def pop_came_first(self, ring: Ring) -> bool:
        """Whether this call's card was on the agent's page before its phone rang."""
        return any(
            heard.message["type"] == "pop"
            and heard.message["offer_id"] == ring.offer_id
            and heard.at <= ring.at
            for heard in reversed(self.pages[ring.extension].heard)
        )

    def pids(self, system: System) -> dict[str, int | None]:
        """The processes that a call of this system runs in."""
        pids = {"asterisk": self.centre.asterisk.instance.pid}
        return pids | ({"engine": self.centre.pid} if system is System.CCENGINE else {})

    async def send_engine_home(self) -> None:
        """No more ccengine: the other two then pay for no event that it wanted."""
        await self.centre.send_home()
        self.pages.clear()
        await self.centre.stop_engine()


@contextlib.asynccontextmanager
async def open_floor(
    *, agents: int, everybody: int, program: Sequence[str] = ("-m", "ccengine")
) -> AsyncIterator[Floor]:
    """Everything is ready for calls; gone with its files afterwards.

    ``program`` is what Python runs as the engine.
    """
    extensions = [str(_FIRST_EXTENSION + n) for n in range(max(agents, everybody))]
    teams: dict[Team, Sequence[str]] = {Team.SOME: extensions[:agents], Team.ALL: extensions}
    raw = _site(teams)
    home = Path(tempfile.mkdtemp(prefix="cb-"))
    try:
        async with contextlib.AsyncExitStack() as stack:
            asterisk = _BenchAsterisk(home, Site.model_validate(raw), teams)
            stack.callback(asterisk.close)
            asterisk.configure()
            site_file = home / "site.yaml"
            site_file.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
            await asterisk.start()
            centre = await stack.enter_async_context(Centre(asterisk, site_file))
            await centre.prepare()
            prompt_cache.fetch(centre.settings.prompts)
            await centre.start_engine(program=program)
            prompt_cache.keep(centre.settings.prompts)
            callers, phones = Callers(asterisk.sip), Phones(asterisk.sip)
            stack.callback(callers.wire.close)
            stack.callback(phones.wire.close)
            for extension in extensions:
                await phones.register(extension, asterisk.secrets.sip[extension])
            pages = await _sit_down(centre, extensions)
            yield Floor(centre=centre, callers=callers, phones=phones, teams=teams, pages=pages)
    finally:
        shutil.rmtree(home)


async def _sit_down(centre: Centre, extensions: Sequence[str]) -> dict[str, AgentPage]:
    """All agents at their pages, ready."""
    few = asyncio.Semaphore(_LOGINS_AT_ONCE)

    async def sit_down(extension: str) -> AgentPage:
        async with few:
            page = await centre.page(centre.asterisk.site.agents[extension].username)
            await page.reachable()
            await page.ready()
            return page

    pages = await asyncio.gather(*(sit_down(extension) for extension in extensions))
    return dict(zip(extensions, pages, strict=True))


def _site(teams: dict[Team, Sequence[str]]) -> dict[str, Any]:
    queue = {
        "strategy": "round_robin_memory",
        "ring_timeout": 15,
        "wrap_up": 0,
        "announce_every": None,
        "record": False,
    }
    return {
        "schema": 1,
        "name": {"zh-CN": "测速", "en": "Benchmark"},
        "time_zone": "Asia/Shanghai",
        "numbers": {
            _NUMBERS[System.CCENGINE, team]: {"flow": f"straight_to_{team}"} for team in Team
        },
        "default_flow": f"straight_to_{Team.SOME}",
        "queues": {
            str(team): queue
            | {"title": {"zh-CN": "技术支持", "en": "Support"}, "agents": list(members)}
            for team, members in teams.items()
        },
        "agents": {
            extension: {"name": f"坐席{extension}", "username": f"agent_{extension}"}
            for extension in teams[Team.ALL]
        },
        "trunks": {"carrier": {"match": ["127.0.0.1"], "trusted": True}},
        "dispositions": {"solved": {"title": {"zh-CN": "已解决", "en": "Solved"}}},
    }


def _flow(team: Team) -> dict[str, Any]:
    return {
        "schema": 1,
        "title": {"zh-CN": "测速", "en": "Benchmark"},
        "start": "wait",
        "steps": {
            "wait": {
                "type": "enqueue",
                "queue": str(team),
                "timed_out": "over",
                "no_agents": "over",
                "full": "over",
            },
            "over": {"type": "hangup"},
        },
    }
