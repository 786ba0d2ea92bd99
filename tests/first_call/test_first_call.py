"""The test that matters most: a caller comes from the trunk, and an agent helps it."""

from __future__ import annotations

import hashlib
import wave
from typing import Any

import pytest

from simphones import audio
from tests.kit.centre import Centre, running_centre
from tests.kit.postgres import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALLER_HZ = 440.0
AGENT_HZ = 1000
VIP = "13800000001"


async def test_a_caller_chooses_sales_and_talks_with_an_agent(centre: Centre) -> None:
    await a_whole_call(centre)


async def test_the_same_with_postgresql() -> None:
    server = PostgresServer()
    try:
        url = await server.create_database("ccengine")
        async with running_centre({"wrap_up": 1}, settings={"database_url": url}) as centre:
            await a_whole_call(centre)
    finally:
        server.remove()


async def a_whole_call(centre: Centre) -> None:
    before = await sales_row(centre)

    # Given an agent of the sales queue with a phone and an open page
    page, phone = await centre.agent("1001", hz=AGENT_HZ)

    # when a known VIP calls, hears the greeting and presses 1 (RFC 4733)
    call = await centre.callers.call("4001", ani=VIP, hz=CALLER_HZ)
    await call.answered(within=5)
    await centre.passed("opening_hours", ani=VIP)
    await call.press("1")

    # then the pop is on the page before the INVITE is at the phone
    pop = await page.pop(within=15)
    ring = await phone.rings(within=5)
    assert pop.at < ring.at
    card = pop.message
    assert card["ani"] == VIP
    assert card["vip_level"] == "gold"
    assert card["customer"]["name"]
    assert [step["step"] for step in card["path"]] == ["welcome", "opening_hours", "main_menu"]
    assert len(card["articles"]) == 3

    # and the phone was told which call it is, and where its page is
    assert ring.invite.header("X-CC-Call-Id") == card["call_id"]
    assert card["call_id"] in ring.invite.header("X-CC-Pop-Url")
    assert ring.invite.header("Call-Info").endswith("purpose=info")

    # when the agent answers, each hears the other
    await phone.answer()
    await phone.talking(within=5)
    assert await call.hears(AGENT_HZ, within=5)
    await page.becomes("talking", within=5)
    await centre.recorded(card["call_id"], seconds=2)

    # when the agent hangs up, the caller's call ends too
    await phone.hang_up()
    result = await call.ended(within=10)
    assert result.by == "far"
    spoken = await phone.ended(within=5)
    assert audio.hears(spoken.heard(), CALLER_HZ)

    # and the agent codes the call and is ready again
    await page.becomes("wrap_up", within=5)
    mark = len(page.heard)
    await page.say(type="disposition", call_id=card["call_id"], disposition="solved", note="办好了")
    await page.becomes("ready", within=5, after=mark)

    # then the journal holds the whole story, once
    story = await centre.story(
        VIP,
        lambda s: "recording.stored" in s.kinds() and s.record["disposition"] == "solved",
    )
    assert story.record["outcome"] == "answered"
    assert story.record["agent_id"] == "1001"
    assert story.record["note"] == "办好了"
    assert story.one("pop.delivered")["before_ring"] is True
    assert story.record["pop_latency_ms"] == story.one("pop.delivered")["latency_ms"]
    assert story.one("talk.ended")["by"] == "agent"
    assert story.one("call.ended")["outcome"] == "answered"

    # the recording has both voices, each on its own side, and is the file that was summed
    stored = story.one("recording.stored")
    recording = centre.settings.recordings / stored["path"]
    (caller_side, agent_side), rate = audio.read_wav(recording)
    assert rate == 8_000
    assert audio.hears(caller_side, CALLER_HZ)
    assert not audio.hears(caller_side, AGENT_HZ)
    assert audio.hears(agent_side, AGENT_HZ)
    assert not audio.hears(agent_side, CALLER_HZ)
    assert hashlib.sha256(recording.read_bytes()).hexdigest() == stored["sha256"]
    with wave.open(str(recording)) as sound:
        assert sound.getnframes() / rate == pytest.approx(stored["duration_s"], abs=0.01)

    # and the report counts it, once
    after = await sales_row(centre)
    assert after["offered"] == before["offered"] + 1
    assert after["answered"] == before["answered"] + 1
    assert after["abandoned"] == before["abandoned"]


async def sales_row(centre: Centre) -> dict[str, Any]:
    report = await (await centre.boss()).get("/api/report/queues")
    assert report["balanced"] is True
    row: dict[str, Any] = next(row for row in report["rows"] if row["queue"] == "sales")
    return row
