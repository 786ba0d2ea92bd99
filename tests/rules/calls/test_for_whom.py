"""Whose phone rings, and what its agent hears first: whisper, last agent, rules of the site."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ids import AgentId
from ccengine.ivr.model import Flow
from ccengine.journal.facts import (
    CallAnswered,
    OfferEnded,
    OfferResult,
)
from ccengine.site.model import Site
from tests.kit.quick_centre import PROMPT_S, Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.queue_site import (
    FLOW,
    Open,
    centre_with,
    over,
    queue_site,
    waiting,
    ways_taken,
)

__all__ = ["centre_with"]

WHISPER = {"whisper": True, "title": {"zh-CN": "xiaoshou", "en": "sales"}}
LAST_AGENT = """
    schema: 1
    title: {zh-CN: 总机, en: Main}
    start: known
    steps:
      known: {type: enqueue, agent: last, timed_out: end, no_agents: stranger, full: end}
      stranger: {type: hangup, say: {zh-CN: 生客, en: A stranger}}
      end: {type: hangup}
"""


# -- whisper


@in_quick_time
async def test_the_agent_hears_the_queue_before_the_caller_is_there(centre_with: Open) -> None:
    centre = centre_with(**WHISPER)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=3.0)
    caller = await waiting(centre)
    since = asyncio.get_running_loop().time()
    centre.at_work("1001")
    await centre.until(lambda: centre.told(CallAnswered) != [])
    assert asyncio.get_running_loop().time() - since == pytest.approx(1 + PROMPT_S, abs=0.2)
    assert centre.whispered == [("1001", "xiaoshou")]
    assert caller.heard == []
    await over(centre)


@in_quick_time
async def test_an_agent_who_leaves_in_the_whisper_has_not_served(centre_with: Open) -> None:
    centre = centre_with(**WHISPER)
    centre.phone_of["1001"] = Phone(answers=1.0, leaves_whisper=True)
    centre.phone_of["1002"] = Phone(answers=1.0, talks=3.0)
    centre.at_work("1001", "1002")
    caller = centre.call()
    await centre.until(caller.session_done)
    (leg,) = centre.told(OfferEnded)
    assert (leg.agent_id, leg.result) == ("1001", OfferResult.REFUSED)
    (answered,) = centre.told(CallAnswered)
    assert answered.agent_id == "1002"
    await over(centre)


@in_quick_time
async def test_an_exit_key_in_the_whisper_leads_out(centre_with: Open) -> None:
    centre = centre_with(**WHISPER)
    centre.phone_of["1001"] = Phone(answers=1.0, talks=3.0)
    centre.at_work("1001")
    caller = centre.call()
    await centre.until(lambda: centre.whispered != [])
    caller.press("9")
    await centre.until(caller.session_done)
    assert ways_taken(centre)[0] == ("sales", "key_9")
    assert centre.told(CallAnswered) == []
    await over(centre)


# -- for one agent


@pytest.mark.parametrize("known", [True, False])
def test_a_customer_is_led_to_who_served_it_last(
    flow_of: Callable[[str], Flow], known: bool
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = QuickCentre(queue_site(), flow_of(LAST_AGENT))
        centre.floor.last_agent = AgentId("1002") if known else None
        centre.phone_of["1002"] = Phone(answers=1.0, talks=1.0)
        centre.at_work("1001", "1002")
        caller = centre.call()
        await centre.until(caller.session_done)
        assert [agent for agent, _, _ in centre.rings] == (["1002"] if known else [])
        assert caller.heard == ([] if known else ["生客"])
        assert ways_taken(centre)[0] == ("known", "served" if known else "no_agents")
        await over(centre)

    run()


@in_quick_time
async def test_a_sticky_queue_prefers_who_served_the_customer_last(centre_with: Open) -> None:
    centre = centre_with(sticky=20)
    centre.floor.last_agent = AgentId("1002")
    centre.at_work("1001", "1002")
    centre.call()
    await centre.until(lambda: centre.rings != [])
    assert centre.rings[0][0] == "1002"
    await centre.stop()


@in_quick_time
async def test_skills_of_the_flow_are_asked_for(flow_of: Callable[[str], Flow]) -> None:
    raw = queue_site().model_dump(by_alias=True)
    raw["skills"] = {"english": {"zh-CN": "英语", "en": "English"}}
    raw["agents"]["1001"]["skills"] = {"english": 1}
    raw["agents"]["1002"]["skills"] = {"english": 2}
    flow = flow_of(FLOW.replace("queue: sales\n", "queue: sales\n        skills: {english: 2}\n"))
    centre = QuickCentre(Site.model_validate(raw), flow)
    centre.at_work("1001", "1002")
    centre.call()
    await centre.until(lambda: centre.rings != [])
    assert centre.rings[0][0] == "1002"
    await centre.stop()


# -- by the site's own rules


def _rule(when: dict[str, int], do: Any) -> dict[str, Any]:
    return {"overflow": [{"name": "rule", "when": when, "do": do}]}


@pytest.mark.parametrize(
    ("sales", "way"),
    [
        (_rule({"waited": 5}, {"branch": "sorry"}), "sorry"),
        (_rule({"waited": 5}, "voicemail"), "voicemail"),
        (_rule({"position": 1}, {"branch": "sorry"}), "sorry"),
        ({"join_when_empty": "logged_out"}, "no_agents"),
    ],
)
def test_a_rule_of_the_site_leads_the_caller_on(
    centre_with: Open, sales: dict[str, Any], way: str
) -> None:
    @in_quick_time
    async def run() -> None:
        centre = centre_with(**sales)
        caller = centre.call()
        await centre.until(caller.session_done)
        assert ways_taken(centre)[0] == ("sales", way)
        await over(centre)

    run()


@in_quick_time
async def test_a_rule_moves_the_call_to_an_agent_of_another_queue(centre_with: Open) -> None:
    centre = centre_with(
        {"agents": ["1002"]}, agents=["1001"], **_rule({"waited": 5}, {"queue": "support"})
    )
    centre.phone_of["1002"] = Phone(answers=1.0, talks=1.0)
    centre.at_work("1002")
    caller = centre.call()
    await centre.until(caller.session_done)
    (answered,) = centre.told(CallAnswered)
    assert (answered.queue, answered.agent_id) == ("support", "1002")
    assert answered.waited_s == pytest.approx(6, abs=0.3)
    assert centre.floor.pops[0].queue == "support"
    await over(centre)
