"""What callers hear and do while they wait, on the real thing."""

from __future__ import annotations

import tempfile
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from simphones import audio
from tests.kit.centre import Centre, Story, running_centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUSY_HZ, TITLE_HZ, AGENT_HZ = 1870.0, 2210.0, 1000
TEXT = {"zh-CN": "提示", "en": "A prompt"}


def _flow(queue: str) -> str:
    return f"""
        schema: 1
        start: wait
        steps:
          wait:
            type: enqueue
            queue: {queue}
            timed_out: late
            no_agents: nobody
            full: full
            closed: closed
            keys: {{"9": other}}
            branches: {"{sorry: late}" if queue == "ruled" else "{}"}
          late: {{type: hangup}}
          nobody: {{type: hangup}}
          full: {{type: hangup}}
          closed: {{type: hangup}}
          other: {{type: play, say: {{zh-CN: 其他, en: Else}}, next: end}}
          end: {{type: hangup}}
        """


def _rule(do: str | dict[str, str]) -> list[dict[str, Any]]:
    return [{"name": "later", "when": {"waited": 1}, "do": do}]


QUEUES: dict[str, dict[str, Any]] = {
    "plain": {"agents": ["1001"], "max_calls": 1},
    "ruled": {"agents": ["1001"], "overflow": _rule({"branch": "sorry"})},
    "message": {"agents": ["1001"], "overflow": _rule("voicemail")},
    "shut": {"agents": ["1001"], "hours": "never"},
    "spoken": {
        "agents": ["1002"],
        "whisper": True,
        "messages": {"busy": {"say": TEXT, "recording": "busy"}},
        "overflow": _rule({"announce": "busy"}),
    },
    "moving": {"agents": ["1003"], "overflow": _rule({"queue": "spoken"})},
}
NUMBERS = {f"42{number:02}": queue for number, queue in enumerate(QUEUES)}
DIALLED = {queue: number for number, queue in NUMBERS.items()}
TITLE = {"zh-CN": "队列", "en": "A queue"}
SITE: dict[str, Any] = {
    "schema": 1,
    "name": dict(TITLE),
    "time_zone": "Asia/Shanghai",
    "numbers": {number: {"flow": queue} for number, queue in NUMBERS.items()},
    "default_flow": "plain",
    "queues": {name: {"title": dict(TITLE)} | rules for name, rules in QUEUES.items()},
    "agents": {
        f"100{number}": {"name": f"A{number}", "username": f"agent{number}"}
        for number in range(1, 4)
    },
    "trunks": {"carrier": {"match": ["127.0.0.1"], "trusted": True}},
    "hours": {"never": {"week": {}}},
}


def _write_flows(folder: Path) -> None:
    for queue in QUEUES:
        (folder / f"{queue}.yaml").write_text(textwrap.dedent(_flow(queue)), "utf-8")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def queues() -> AsyncIterator[Centre]:
    with tempfile.TemporaryDirectory() as folder:
        _write_flows(Path(folder))
        async with running_centre(
            {"strategy": "linear", "ring_timeout": 8, "wrap_up": 1, "announce_every": None},
            site_as_written=SITE,
            recordings={"busy": (BUSY_HZ, 8.0), "title_spoken": (TITLE_HZ, 2.0)},
            settings={"flows": folder},
        ) as centre:
            yield centre


@pytest_asyncio.fixture(loop_scope="session")
async def centre(queues: Centre) -> AsyncIterator[Centre]:
    yield queues
    await queues.send_home()


async def _ended(centre: Centre, ani: str) -> Story:
    return await centre.story(ani, lambda story: "call.ended" in story.kinds(), within=15)


def _way(story: Story) -> str:
    return str(story.all("flow.stepped")[0]["result"])


async def test_an_exit_key_leads_to_its_step(centre: Centre) -> None:
    call = await centre.callers.call(DIALLED["plain"], ani="13955550001")
    await centre.story("13955550001", lambda story: "call.queued" in story.kinds())
    await call.press("5")
    await call.press("9")
    await call.ended(within=10)
    story = await _ended(centre, "13955550001")
    assert [(fact["step"], fact["result"]) for fact in story.all("flow.stepped")][:2] == [
        ("wait", "key_9"),
        ("other", "played"),
    ]
    assert story.one("call.abandoned")["reason"] == "exit_key"
    assert "13955550001" not in centre.log_text()


async def test_an_exit_key_stops_the_ringing(centre: Centre) -> None:
    _, phone = await centre.agent("1001")
    call = await centre.callers.call(DIALLED["plain"], ani="13955550002")
    await phone.rings(within=5)
    pressed_at = time.time()
    await call.press("9")
    rang = await phone.ended(within=5)
    assert rang.answered_at is None
    assert rang.ended_at - pressed_at < 1.0
    story = await _ended(centre, "13955550002")
    assert _way(story) == "key_9"
    assert story.one("offer.ended")["result"] == "withdrawn"


async def test_an_overflow_branch_is_taken(centre: Centre) -> None:
    call = await centre.callers.call(DIALLED["ruled"], ani="13955550003")
    await call.ended(within=10)
    story = await _ended(centre, "13955550003")
    assert _way(story) == "sorry"
    assert story.one("call.abandoned")["reason"] == "overflow"


async def test_a_message_is_left_when_a_rule_says_so(centre: Centre) -> None:
    call = await centre.callers.call(DIALLED["message"], ani="13955550009")
    await centre.asterisk_says("/system/zh-CN/leave_message")
    story = await centre.story("13955550009", lambda story: "flow.ended" in story.kinds())
    assert story.one("flow.ended")["result"] == "voicemail"
    await centre.takes_message(story.record["call_id"])
    await call.hang_up()
    story = await _ended(centre, "13955550009")
    assert story.record["outcome"] == "abandoned"


async def test_a_closed_queue_lets_go_at_once(centre: Centre) -> None:
    call = await centre.callers.call(DIALLED["shut"], ani="13955550004")
    await call.ended(within=10)
    assert _way(await _ended(centre, "13955550004")) == "closed"


async def test_a_full_queue_takes_no_more(centre: Centre) -> None:
    first = await centre.callers.call(DIALLED["plain"], ani="13955550005")
    await centre.story("13955550005", lambda story: "call.queued" in story.kinds())
    second = await centre.callers.call(DIALLED["plain"], ani="13955550006")
    await second.ended(within=10)
    assert _way(await _ended(centre, "13955550006")) == "full"
    await first.hang_up()


async def test_the_answer_cuts_a_message_and_the_agent_alone_hears_the_whisper(
    centre: Centre,
) -> None:
    call = await centre.callers.call(DIALLED["spoken"], ani="13955550007")
    assert await call.hears(BUSY_HZ, within=10), "eight seconds long"
    begun = time.monotonic()
    _, phone = await centre.agent("1002", hz=AGENT_HZ)
    await phone.rings(within=5)
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(AGENT_HZ, within=8)
    assert time.monotonic() - begun < 8, "before the message would have been over"
    await call.listened(1.5, within=8)  # the music before the talk has notes of its own
    heard = call.heard()
    assert not audio.hears(heard[-8_000:], BUSY_HZ)
    assert not audio.hears(heard, TITLE_HZ)
    await call.hang_up()
    assert audio.hears((await phone.ended(within=5)).heard(), TITLE_HZ)
    story = await _ended(centre, "13955550007")
    assert story.record["outcome"] == "answered"


async def test_a_moved_caller_is_served_where_it_was_moved_to(centre: Centre) -> None:
    _, phone = await centre.agent("1002", hz=AGENT_HZ)
    call = await centre.callers.call(DIALLED["moving"], ani="13955550008")
    await phone.rings(within=10)
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(AGENT_HZ, within=8)
    await phone.hang_up()
    await call.ended(within=5)
    story = await _ended(centre, "13955550008")
    assert story.one("call.answered")["queue"] == "spoken"
    assert story.one("call.answered")["waited_s"] > 0.9, "counted from the first queue"
    assert _way(story) == "served"
    assert "call.broke" not in centre.log_text()
