"""What a business system wants done with a call, and what is believed of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ccengine.ivr.answers import Routed
from ccengine.ivr.waits import RouteWait
from tests.outside.conftest import World


async def routed(world: World, answer: object, language: str = "zh-CN") -> Routed:
    world.crm.says(json.dumps(answer))
    wait = RouteWait(
        system="crm",
        path="/route",
        values={"caller.number": "13800000001", "call.id": "c-1", "data.order": 7},
        wants=("order.id",),
    )
    return await world.outside.route(wait, language)


async def test_it_is_told_who_calls_and_says_the_queue(world: World) -> None:
    answer: dict[str, Any] = {
        "action": "queue",
        "queue": "sales",
        "head_start": 60,
        "skills": {"english": 2},
        "say": {"zh-CN": "请稍候", "en": "One moment"},
        "values": {"order": {"id": 7, "note": "not asked for"}},
        "more": "of no matter",
    }
    assert await routed(world, answer, "en") == Routed(
        action="queue",
        target="sales",
        head_start_s=60,
        skills={"english": 2},
        say="One moment",
        values={"order.id": 7},
    )
    head, _, body = world.crm.heard[0].partition("\r\n\r\n")
    assert head.startswith("POST /api/route ")
    assert json.loads(body) == {
        "caller": {"number": "13800000001"},
        "call": {"id": "c-1"},
        "data": {"order": 7},
    }


@pytest.mark.parametrize(
    ("answer", "action", "target"),
    [
        ({"action": "agent", "agent": "1001"}, "agent", "1001"),
        ({"action": "flow", "flow": "complaint"}, "flow", "complaint"),
        ({"action": "play", "say": "今天休息"}, "play", ""),
        ({"action": "hangup"}, "hangup", ""),
    ],
)
async def test_the_other_actions(world: World, answer: object, action: str, target: str) -> None:
    said = await routed(world, answer)
    assert (said.action, said.target, said.why) == (action, target, "")


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        {},
        {"action": "transfer", "number": "00881234"},
        {"action": "queue"},
        {"action": "queue", "queue": "no_such_queue"},
        {"action": "queue", "queue": ["sales"]},
        {"action": "queue", "queue": "sales", "head_start": 1e9},
        {"action": "queue", "queue": "sales", "head_start": "60"},
        {"action": "queue", "queue": "sales", "skills": {"english": 11}},
        {"action": "queue", "queue": "sales", "skills": {"no_such_skill": 1}},
        {"action": "agent", "agent": "9999"},
        {"action": "flow"},
        {"action": "play"},
        {"action": "play", "say": "长" * 301},
    ],
    ids=str,
)
async def test_what_is_wrong_in_it_is_no_answer(world: World, answer: object) -> None:
    said = await routed(world, answer)
    assert (said.action, said.why) == ("", "unreadable")


async def test_a_system_that_is_down_says_nothing(world: World) -> None:
    world.has(url="http://127.0.0.1:1")
    assert await routed(world, {}) == Routed(action="", why="unreachable")
