"""What a caller hears and what becomes of its talk: rules of the site file, told as calls on a
made-up Asterisk."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import SignIn
from ccengine.acd.rules import personal_queue
from ccengine.ids import AgentId
from ccengine.ivr.load import check_flows
from ccengine.ivr.model import Flow
from ccengine.ivr.prompts import message_prompt
from ccengine.ivr.waits import Prompt
from ccengine.site.personal import queue_of
from tests.kit.quick_centre import Caller, Phone, QuickCentre, QuickSounds
from tests.kit.quick_time import in_quick_time
from tests.rules.site.as_a_call import shows
from tests.rules.site.site_text import sales, site

FLOW = """\
schema: 1
title: {zh-CN: 总机, en: Main}
start: sales
steps:
  sales: {type: enqueue, queue: sales, timed_out: end, no_agents: end, full: end}
  end: {type: hangup}
"""
NEXT = "您是下一位，请稍候。"
WAIT = "预计等待三到六分钟。"
BUSY = "{zh-CN: 今天很忙。, en: We are busy.}"


def flow_of(text: str) -> Flow:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.yaml").write_text(text, "utf-8")
        flows, problems = check_flows(Path(folder), None)
    assert problems == []
    (only,) = flows.values()
    return only


@pytest.fixture(scope="module")
def flow() -> Flow:
    return flow_of(FLOW)


Open = Callable[[str], QuickCentre]


@pytest.fixture
def centre(flow: Flow) -> Open:
    """``centre("music: calm")``: the queue ``sales`` with these rules."""
    return lambda rules: QuickCentre(site(sales(rules)), flow)


async def waiting(centre: QuickCentre) -> Caller:
    caller = centre.call()
    await centre.until(lambda: centre.waits(caller))
    return caller


def does(caller: Caller, what: str) -> list[str]:
    return [command for command in caller.commands if what in command]


@shows("queue.announce_every")
@in_quick_time
async def test_place_and_wait_are_told_at_entry_and_then_every_so_often(centre: Open) -> None:
    c = centre("announce_every: 40")
    c.floor.expected = Expected(low_s=190, high_s=350)
    caller = await waiting(c)
    await asyncio.sleep(35)
    assert caller.heard == [NEXT, WAIT]
    await asyncio.sleep(15)
    assert caller.heard == [NEXT, WAIT, NEXT, WAIT]
    await c.stop()


@shows("queue.announce_position", "queue.announce_wait")
@pytest.mark.parametrize(
    ("rules", "heard"),
    [
        ("announce_position: false", [WAIT]),
        ("announce_wait: false", [NEXT]),
        ("announce_every: null", []),
    ],
)
def test_what_of_them_is_told(centre: Open, rules: str, heard: list[str]) -> None:
    @in_quick_time
    async def run() -> None:
        c = centre(rules)
        c.floor.expected = Expected(low_s=190, high_s=350)
        caller = await waiting(c)
        await asyncio.sleep(20)
        assert caller.heard == heard
        await c.stop()

    run()


@shows("queue.messages", "message.say", "message.every")
@in_quick_time
async def test_a_message_is_heard_again_and_again(centre: Open) -> None:
    c = centre(f"announce_every: null\nmessages: {{busy: {{say: {BUSY}, every: 30}}}}")
    caller = await waiting(c)
    await asyncio.sleep(80)
    assert caller.heard == ["今天很忙。"] * 2
    await c.stop()


@shows("message.recording")
def test_a_recorded_message_wins_over_the_spoken_one() -> None:
    rules = f"messages: {{busy: {{say: {BUSY}, every: 30, recording: busy_day}}}}"
    (message,) = site(sales(rules)).queues["sales"].messages.values()
    prompt = message_prompt(message, "zh-CN")
    assert (prompt.name, prompt.text) == ("busy_day", "今天很忙。")


@shows("queue.music")
@in_quick_time
async def test_the_queues_own_music(centre: Open) -> None:
    c = centre("music: calm")
    caller = await waiting(c)
    assert does(caller, "calm") != []
    await c.stop()


@shows("queue.record")
@pytest.mark.parametrize("record", [True, False])
def test_talks_are_recorded_unless_the_queue_says_no(centre: Open, record: bool) -> None:
    @in_quick_time
    async def run() -> None:
        c = centre(f"record: {str(record).lower()}")
        caller = await waiting(c)
        assert (does(caller, "EXEC MixMonitor") != []) is record
        await c.stop()

    run()


class SoundFiles(QuickSounds):
    """Files have plain names, as rendered ones do."""

    def path(self, prompt: Prompt) -> str:
        return "/prompts/" + super().path(prompt).encode().hex()


@shows("queue.whisper", "queue.title")
@in_quick_time
async def test_the_agent_hears_the_queues_title_before_the_caller(centre: Open) -> None:
    c = centre("whisper: true\nannounce_every: null")
    c.floor.sounds = SoundFiles()
    c.phone_of["1001"] = Phone(answers=1.0, talks=3.0)
    await waiting(c)
    c.at_work("1001")
    await c.until(lambda: c.whispered != [])
    ((agent, file),) = c.whispered
    assert (agent, bytes.fromhex(file.removeprefix("/prompts/")).decode()) == ("1001", "销售")
    await c.stop()


@shows("callback.key", "callback.offer_every", "callback.trunk")
@in_quick_time
async def test_a_waiting_caller_is_told_which_key_to_press_to_be_called_back(
    centre: Open,
) -> None:
    c = centre("announce_every: null\ncallback: {trunk: carrier, key: '5', offer_every: 30}")
    caller = await waiting(c)
    await asyncio.sleep(20)
    assert caller.heard == []
    await asyncio.sleep(20)
    assert caller.heard == ["如需我们给您回电，请按5。您的排队位置将为您保留。"]
    await c.stop()


@shows("callback.times")
@in_quick_time
async def test_a_caller_may_choose_when_to_be_called_back(centre: Open) -> None:
    rules = "{trunk: carrier, offer_every: 20, times: [in 2h]}"
    c = centre(f"announce_every: null\ncallback: {rules}")
    caller = await waiting(c)
    await c.until(lambda: caller.heard != [])
    caller.press("1")
    await c.until(lambda: caller.heard[-1].startswith("确认请按1"))
    caller.press("1", "#")
    await c.until(lambda: caller.heard[-1] == "轮到您时回电请按1，预约其他时间请按2。")
    caller.press("2")
    await c.until(lambda: caller.heard[-1] == "两小时后回电，请按1。")
    caller.press("1")
    await c.until(caller.session_done)
    assert caller.heard[-1].startswith("回电已登记，我们会在两小时后给您去电。")
    await c.stop()


@shows("personal_queues.music", "personal_queues.record")
@in_quick_time
async def test_who_waits_for_one_agent_hears_the_music_of_such_queues() -> None:
    head = "personal_queues: {music: calm, record: false}\n"
    c = QuickCentre(site(head + sales()), flow_of(FLOW.replace("queue: sales", "agent: '1001'")))
    c.dispatch.submit(SignIn(agent_id=AgentId("1001")))
    caller = await waiting(c)
    assert does(caller, "calm") != []
    assert does(caller, "EXEC MixMonitor") == []
    await c.stop()


@shows("agent.name")
def test_an_agents_own_queue_bears_its_name() -> None:
    queue = queue_of(site("personal_queues: {}\n" + sales()), personal_queue(AgentId("1002")))
    assert queue is not None
    assert queue.title["zh-CN"] == "李强"
