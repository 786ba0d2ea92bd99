"""Callers who press keys at any moment, while rules speak, move and let go: nothing breaks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.model import Flow
from ccengine.journal.facts import (
    CallAbandoned,
    CallAnswered,
    CallbackAsked,
    CallQueued,
    FlowStepped,
)
from ccengine.site.model import Site
from tests.kit.quick_centre import Caller, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import small_site

SAY = {"zh-CN": "请稍候。", "en": "Please wait."}
FLOW = """
    schema: 1
    start: sales
    steps:
      sales:
        type: enqueue
        queue: sales
        timed_out: again
        no_agents: end
        full: end
        keys: {"9": again}
        branches: {sorry: end}
      again: {type: enqueue, queue: support, timed_out: end, no_agents: end, full: end,
        keys: {"0": end}, branches: {sorry: end}}
      end: {type: hangup}
"""


def _site() -> Site:
    raw = small_site().model_dump(by_alias=True)
    raw["trunks"]["carrier"] |= {"outbound": "192.0.2.1", "allowed": ["1"]}

    def queue(*rules: tuple[dict[str, int], Any], **changes: Any) -> dict[str, Any]:
        return {
            **raw["queues"]["sales"],
            "overflow": [
                {"name": f"rule_{number}", "when": when, "do": do}
                for number, (when, do) in enumerate(rules)
            ],
            "announce_every": 15,
            "whisper": True,
            "title": {"zh-CN": "q", "en": "q"},
            "messages": {"busy": {"say": SAY, "every": 15}},
            "callback": {"trunk": "carrier", "offer_every": 15},
        } | changes

    raw["queues"] = {
        "sales": queue(
            ({"waited": 6}, {"announce": "busy"}),
            ({"waited": 12}, "callback"),
            ({"waited": 40}, {"queue": "support"}),
        ),
        "support": queue(
            ({"waited": 70}, {"branch": "sorry"}), agents=["1002"], record=False, max_wait=90
        ),
    }
    return Site.model_validate(raw)


@pytest.fixture(scope="module")
def flow(flow_of: Callable[[str], Flow]) -> Flow:
    return flow_of(FLOW)


def _press_at_any_moment(caller: Caller, dice: random.Random) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(dice.randrange(8)):
        at = dice.uniform(0, 60)
        if dice.random() < 0.4:
            loop.call_later(at, caller.press, *dice.choice(["9", "0", "5#", "*"]))
            continue
        # The callback key, and a little later what confirms, or a number.
        loop.call_later(at, caller.press, "1")
        loop.call_later(at + 1, caller.press, *dice.choice(["1", "1", "13800000001#", "7#"]))
    if dice.random() < 0.3:
        loop.call_later(dice.uniform(0, 60), caller.hang_up)
    if dice.random() < 0.2:
        at = dice.uniform(0, 40)
        loop.call_later(at, caller.drop)
        loop.call_later(at + 1, _come_back, caller)


def _come_back(caller: Caller) -> None:
    if not caller.gone and caller.session_done() and not caller.variables.get("CC_DONE"):
        caller.connect()


def test_each_stay_ends_once_and_no_agent_is_kept(flow: Flow) -> None:
    seen: set[str] = set()
    for seed in range(30):
        _some_calls(flow, seed, seen)
    assert seen >= {"key_9", "key_0", "served", "sorry", "callback"}, "too tame a walk"


def _some_calls(flow: Flow, seed: int, seen: set[str]) -> None:
    @in_quick_time
    async def run() -> None:
        dice = random.Random(seed)
        centre = QuickCentre(_site(), flow)
        for agent in ("1001", "1002"):
            centre.phone_of[agent] = Phone(
                answers=dice.choice([None, 0.5, 4.0]),
                talks=dice.uniform(0.1, 8),
                leaves_whisper=dice.random() < 0.2,
            )
        callers = [centre.call() for _ in range(3)]
        for caller in callers:
            _press_at_any_moment(caller, dice)
        await asyncio.sleep(dice.uniform(0, 60))
        centre.at_work("1001", "1002")
        await asyncio.sleep(150)
        await centre.stop()
        await asyncio.sleep(60)
        assert centre.broken == []
        for caller in callers:
            moved = [f for f in centre.told(CallQueued, caller) if f.moved_from is not None]
            begun = len(centre.told(CallQueued, caller)) - len(moved)
            kinds: tuple[type[Any], ...] = (CallAbandoned, CallAnswered, CallbackAsked)
            over = sum(len(centre.told(kind, caller)) for kind in kinds)
            assert begun == over, (seed, caller.call_id)
            assert centre.is_over(caller)
        seen.update(fact.result for fact in centre.told(FlowStepped))
        assert len(centre.calls) == 0
        for agent in ("1001", "1002"):
            assert centre.state(agent) in ("ready", "not_ready"), agent

    run()
