"""Business systems on a real call: what they know is spoken, what they say is done, and one that
hangs holds no caller."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.kit.centre import Centre, running_centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

FLOW = """
schema: 1
start: balance
steps:
  balance:
    type: lookup
    http: {system: crm, path: "/balance/{caller.number}"}
    say: {zh-CN: 正在为您查询。, en: One moment.}
    deadline: 2
    into: {balance: account.balance}
    found: told
    nothing: ask
    failed: ask
  told:
    type: play
    say: {zh-CN: "您的余额是{balance|money}。", en: "Your balance is {balance|money}."}
    next: ask
  ask:
    type: route
    system: crm
    path: /route
    deadline: 1.5
    send: [balance]
    queue: routed
    default: operator
  routed:
    type: enqueue
    queue: "{route.queue}"
    queues: [operator, sales, support]
    timed_out: bye
    no_agents: bye
    full: bye
  operator: {type: enqueue, queue: operator, timed_out: bye, no_agents: bye, full: bye}
  bye: {type: hangup}
"""

KNOWN = "13955550001"
HANGS = "13955550002"


class Crm:
    def __init__(self) -> None:
        self.routed: list[dict[str, Any]] = []
        self.never = asyncio.Event()

    async def balance(self, request: web.Request) -> web.Response:
        await self._hang(request.match_info["number"])
        return web.json_response({"account": {"balance": 128.5}})

    async def route(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.routed.append(told)
        await self._hang(told["caller"]["number"])
        return web.json_response({"action": "queue", "queue": "support", "head_start": 60})

    async def _hang(self, number: str) -> None:
        if number == HANGS:
            await self.never.wait()

    def app(self) -> web.Application:
        self.never = asyncio.Event()
        app = web.Application()
        app.router.add_get("/balance/{number}", self.balance)
        app.router.add_post("/route", self.route)
        return app


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def crm() -> AsyncIterator[tuple[Crm, int]]:
    made = Crm()
    async with TestServer(made.app(), host="127.0.0.1") as server:
        assert server.port is not None
        yield made, server.port
        made.never.set()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asking(
    crm: tuple[Crm, int], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Centre]:
    flows: Path = tmp_path_factory.mktemp("flows")
    (flows / "main.yaml").write_text(FLOW, "utf-8")
    systems = {"crm": {"url": f"http://127.0.0.1:{crm[1]}", "deadline": 2}}
    async with running_centre(
        queues={"wrap_up": 1, "announce_every": 10},
        settings={"flows": flows},
        systems=systems,
        numbers={"4001": {"flow": "main"}},
        default_flow="main",
    ) as centre:
        yield centre


async def test_the_balance_is_spoken_and_the_system_chooses_the_queue(
    asking: Centre, crm: tuple[Crm, int]
) -> None:
    call = await asking.callers.call("4001", ani=KNOWN)
    await call.answered(within=5)
    story = await asking.story(KNOWN, lambda s: "call.queued" in s.kinds(), within=30)

    assert [fact["result"] for fact in story.all("outside.asked")] == ["found", "queue"]
    assert all(0 < fact["took_ms"] < 2_000 for fact in story.all("outside.asked"))
    steps = [(fact["step"], fact["result"]) for fact in story.all("flow.stepped")]
    assert steps == [("balance", "found"), ("told", "played"), ("ask", "queue")]
    assert story.one("call.queued")["queue"] == "support"
    told = crm[0].routed[-1]
    assert (told["caller"]["number"], told["data"]) == (KNOWN, {"balance": 128.5})
    assert "128" not in json.dumps(story.all("outside.asked"))
    assert "128.5" not in asking.log_text()
    await call.hang_up()
    await asking.story(KNOWN, lambda s: "call.ended" in s.kinds())


async def test_a_system_that_hangs_holds_nobody_longer_than_its_deadline(asking: Centre) -> None:
    call = await asking.callers.call("4001", ani=HANGS)
    await call.answered(within=5)
    story = await asking.story(HANGS, lambda s: "call.queued" in s.kinds(), within=30)

    asked = story.all("outside.asked")
    assert [fact["result"] for fact in asked] == ["late", "late"]
    assert 1_950 < asked[0]["took_ms"] < 2_600
    assert 1_450 < asked[1]["took_ms"] < 2_100
    assert story.one("call.queued")["queue"] == "operator"
    assert "call.broke" not in asking.log_text()
    await call.hang_up()
    await asking.story(HANGS, lambda s: "call.ended" in s.kinds())
