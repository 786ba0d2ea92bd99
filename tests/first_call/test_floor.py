"""What waiting callers are told, and what their supervisor sees, are the same."""

from __future__ import annotations

import asyncio
import tempfile
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ccengine.clock import EngineClock
from ccengine.db.session import Database
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.ivr import announce
from ccengine.ivr.speech import PromptStore
from ccengine.ivr.waits import Prompt
from ccengine.journal.facts import CallAnswered, Fact, WaitExpected
from ccengine.journal.spool import Spool
from ccengine.journal.writer import JournalWriter
from tests.kit.agent_page import AgentPage
from tests.kit.centre import Centre, running_centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

LESSONS = 40
FIRST, SECOND = "13800000071", "13900000072"
TITLE = {"zh-CN": "咨询", "en": "Advice"}
FLOW = """
    schema: 1
    start: wait
    steps:
      wait: {type: enqueue, queue: advice, timed_out: end, no_agents: end, full: end, closed: end}
      end: {type: hangup}
    """
SITE: dict[str, Any] = {
    "schema": 1,
    "name": dict(TITLE),
    "time_zone": "Asia/Shanghai",
    "numbers": {"4300": {"flow": "advice"}},
    "default_flow": "advice",
    "queues": {
        "advice": {
            "title": dict(TITLE),
            "strategy": "linear",
            "agents": ["1001"],
            "wrap_up": 0,
            "announce_every": 10,
        }
    },
    "agents": {"1001": {"name": "A1", "username": "agent1"}},
    "trunks": {"carrier": {"match": ["127.0.0.1"], "trusted": True}},
}


def _lessons(now: float) -> list[Fact]:
    """Yesterday's callers waited ten to twenty times as long as the plain estimate said."""
    facts: list[Fact] = []
    for number in range(LESSONS):
        call_id, queue = CallId(f"00000000-0000-4000-8000-{number:012}"), QueueId("advice")
        waited_s = 20.0 if number % 2 else 40.0
        at = now - 86_400.0 + 60.0 * number
        facts += [
            WaitExpected(
                at=at, call_id=call_id, queue=queue,
                plain_s=2.0, low_s=20.0, high_s=40.0, vip=False, told=True,
            ),
            CallAnswered(
                at=at + waited_s, call_id=call_id, queue=queue,
                offer_id=OfferId(f"o-{number}"), agent_id=AgentId("1001"), waited_s=waited_s,
            ),
        ]  # fmt: skip
    return facts


async def _teach(centre: Centre) -> None:
    """The engine is started again on a journal that has yesterday's waits."""
    assert await centre.stop_engine() == 0
    database = Database(centre.settings.database)
    clock = EngineClock()
    writer = JournalWriter(database.hops, Spool(centre.settings.spool), projector=None, clock=clock)
    await writer.start()
    writer.put(_lessons(clock.now()))
    await writer.stop()
    await database.dispose()
    await centre.start_engine()


@pytest_asyncio.fixture(loop_scope="session")
async def centre() -> AsyncIterator[Centre]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "advice.yaml").write_text(textwrap.dedent(FLOW), "utf-8")
        async with running_centre(site_as_written=SITE, settings={"flows": folder}) as centre:
            await _teach(centre)
            yield centre


def _calls(message: dict[str, Any], *numbers: str) -> bool:
    """The floor shows exactly these callers in line, in this order."""
    if message["type"] != "floor":
        return False
    shown = [call["number"] for call in message["calls"]]
    return shown == [f"{number[:3]}****{number[-4:]}" for number in numbers]


async def _floor(boss: AgentPage, *numbers: str) -> list[dict[str, Any]]:
    heard = await boss.until(lambda said: _calls(said, *numbers), within=15)
    return list(heard.message["calls"])


def _spoken(call: dict[str, Any]) -> tuple[Prompt, Prompt]:
    """What the caller has to hear, by what the page shows of it."""
    wait = call["expected"]
    assert wait is not None, "the page shows no expected wait"
    return (
        announce.queue_position(call["position"], "zh-CN"),
        announce.expected_wait(wait["low_s"], wait["high_s"], "zh-CN"),
    )


async def _is_told(centre: Centre, prompts: tuple[Prompt, ...], *, after: int = 0) -> None:
    """Asterisk plays these, one after the other, somewhere behind this point of its log."""
    store = PromptStore(centre.settings.prompts, centre.settings.tts_command)
    for prompt in prompts:
        wanted = f"Playing '{store.path(prompt)}"
        async with asyncio.timeout(30):
            while (found := centre.asterisk.log_text().find(wanted, after)) < 0:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        after = found + 1


async def test_callers_are_told_what_the_supervisor_sees(centre: Centre) -> None:
    # Given one agent, who has had a short call, and is in another one
    _, phone = await centre.agent("1001")
    earlier = await centre.callers.call("4300", ani="13800000070")
    await phone.rings(within=15)
    await phone.answer()
    await phone.talking(within=10)
    await earlier.hang_up()
    await phone.ended(within=10)
    present = await centre.callers.call("4300", ani="13800000073")
    await phone.rings(within=15)
    await phone.answer()
    await phone.talking(within=10)
    boss = await centre.page("boss", socket=False)
    await boss.connect("/ws/floor")
    await boss.until(lambda said: said["type"] == "floor" and not said["calls"], within=10)

    # when two callers come to wait
    first = await centre.callers.call("4300", ani=FIRST)
    (alone,) = await _floor(boss, FIRST)
    assert alone["position"] == 1
    await _is_told(centre, _spoken(alone))
    second = await centre.callers.call("4300", ani=SECOND)
    ahead, behind = await _floor(boss, FIRST, SECOND)

    # then the page and the callers' ears agree
    assert (ahead["position"], behind["position"]) == (1, 2)
    assert behind["expected"]["low_s"] > ahead["expected"]["low_s"]
    await _is_told(centre, _spoken(behind))
    told_by_now = len(centre.asterisk.log_text())

    # and when the agent has taken the first, they agree again
    await present.hang_up()
    await phone.ended(within=10)
    await phone.rings(within=15)
    await phone.answer()
    (left,) = await _floor(boss, SECOND)
    assert (left["position"], left["state"]) == (1, "waiting")
    await _is_told(centre, _spoken(left), after=told_by_now)

    # and an empty floor is shown as soon as the last has gone
    mark = len(boss.heard)
    await second.hang_up()
    await boss.until(
        lambda said: said["type"] == "floor" and not said["calls"], within=10, after=mark
    )
    await first.hang_up()
