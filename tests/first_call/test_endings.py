"""Calls that end in every other way: by the caller at any point, by the agent's no, by nobody."""

from __future__ import annotations

import asyncio

import pytest

from simphones.phones import Phone
from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

TO_SUPPORT = "4002"
"""Goes straight to the support queue."""


async def test_the_caller_hangs_up_in_the_menu(centre: Centre) -> None:
    call = await centre.callers.call("4001", ani="13911110001")
    await call.answered(within=5)
    await centre.story("13911110001", lambda s: "flow.entered" in s.kinds())
    await call.hang_up()

    story = await centre.story("13911110001", lambda s: "call.ended" in s.kinds())

    assert story.record["outcome"] == "left_in_flow"
    assert story.one("flow.ended")["step"] == "welcome"
    assert story.one("call.ended")["by"] == "caller"
    assert story.one("call.ended")["last_step"] == "welcome"


async def test_the_caller_hangs_up_as_it_is_answered(centre: Centre) -> None:
    """Whether the engine was asked already or not, nothing has failed this caller."""
    call = await centre.callers.call("4001", ani="13911110009")
    await call.answered(within=5)
    await call.hang_up()

    story = await centre.story("13911110009", lambda s: "call.ended" in s.kinds())

    assert story.record["outcome"] == "left_in_flow"
    assert story.one("call.ended")["by"] == "caller"


async def test_the_caller_hangs_up_in_the_queue(centre: Centre) -> None:
    call = await centre.callers.call(TO_SUPPORT, ani="13911110002")
    await call.answered(within=5)
    await centre.story("13911110002", lambda s: "call.queued" in s.kinds(), within=15)
    await call.hang_up()

    story = await centre.story("13911110002", lambda s: "call.ended" in s.kinds())

    assert story.record["outcome"] == "abandoned"
    assert story.one("call.abandoned")["reason"] == "hung_up"


async def test_the_caller_hangs_up_while_the_agent_rings(centre: Centre) -> None:
    page, phone = await centre.agent("1002")
    call = await centre.callers.call(TO_SUPPORT, ani="13911110003")
    await phone.rings(within=15)
    await call.hang_up()

    # the phone stops ringing, and the agent is free for the next caller at once
    ended = await phone.ended(within=5)
    assert ended.answered_at is None
    offered = next(i for i, one in enumerate(page.heard) if one.message.get("state") == "offered")
    await page.becomes("ready", within=5, after=offered)

    story = await centre.story("13911110003", lambda s: "call.ended" in s.kinds())
    assert story.one("offer.ended")["result"] == "withdrawn"
    assert story.record["outcome"] == "abandoned"


async def test_an_agent_rejects_and_another_is_offered_the_call(centre: Centre) -> None:
    phones = [(await centre.agent(extension))[1] for extension in ("1002", "1003")]
    call = await centre.callers.call(TO_SUPPORT, ani="13911110004")
    refusing, willing = await first_to_ring(phones)

    await refusing.reject()

    await willing.rings(within=5)
    await willing.answer()
    await willing.talking(within=5)
    await call.hang_up()

    story = await centre.story("13911110004", lambda s: "call.ended" in s.kinds())
    assert story.one("offer.ended")["result"] == "refused"
    assert story.one("offer.ended")["agent_id"] == refusing.extension
    assert story.one("call.answered")["agent_id"] == willing.extension
    assert story.one("talk.ended")["by"] == "caller"


async def test_an_agent_lets_it_ring_out_and_another_is_offered_the_call(centre: Centre) -> None:
    phones = [(await centre.agent(extension))[1] for extension in ("1002", "1003")]
    call = await centre.callers.call(TO_SUPPORT, ani="13911110005")
    silent, willing = await first_to_ring(phones)

    await willing.rings(within=8)
    await willing.answer()
    await willing.talking(within=5)
    await willing.hang_up()
    await call.ended(within=5)

    story = await centre.story("13911110005", lambda s: "call.ended" in s.kinds())
    missed = story.one("offer.ended")
    assert missed["result"] == "missed"
    assert missed["agent_id"] == silent.extension
    assert missed["rang_s"] == pytest.approx(4.0, abs=0.7)
    assert story.one("call.answered")["agent_id"] == willing.extension


async def first_to_ring(phones: list[Phone]) -> tuple[Phone, Phone]:
    """Of two agents, the one who is offered the call, and the other."""
    rings = [asyncio.create_task(phone.rings(within=15)) for phone in phones]
    await asyncio.wait(rings, return_when=asyncio.FIRST_COMPLETED)
    chosen = 0 if rings[0].done() else 1
    rings[1 - chosen].cancel()
    await asyncio.gather(*rings, return_exceptions=True)
    return phones[chosen], phones[1 - chosen]


async def test_all_operators_ring_and_one_gets_the_call(centre: Centre) -> None:
    _, first = await centre.agent("1001")
    _, second = await centre.agent("1004")
    call = await centre.callers.call("4001", ani="13911110006")
    await call.answered(within=5)
    await call.press("9")  # English, and at once: the greeting is cut
    await centre.passed("opening_hours", ani="13911110006")
    await call.press("0")

    await first.rings(within=15)
    await second.rings(within=5)
    await second.answer()
    await second.talking(within=5)
    loser = await first.ended(within=2)
    assert loser.answered_at is None
    await call.hang_up()

    story = await centre.story("13911110006", lambda s: "call.ended" in s.kinds())
    assert story.one("offer.made")["agents"] == ["1001", "1004"]
    assert story.one("call.answered")["agent_id"] == "1004"
    assert story.one("offer.ended")["result"] == "withdrawn"


async def test_a_number_that_nobody_routed_gets_the_default_flow(centre: Centre) -> None:
    call = await centre.callers.call("4999", ani="13911110007")
    await call.answered(within=5)
    await call.hang_up()

    story = await centre.story("13911110007", lambda s: "call.ended" in s.kinds())
    assert story.one("flow.entered")["flow"] == "main"


async def test_a_vip_is_served_before_one_who_came_a_little_earlier(centre: Centre) -> None:
    ordinary = await centre.callers.call(TO_SUPPORT, ani="13911110008")
    await centre.story("13911110008", lambda s: "call.queued" in s.kinds(), within=15)
    vip = await centre.callers.call(TO_SUPPORT, ani="13800000001")
    await centre.story(
        "13800000001",
        lambda s: "call.queued" in s.kinds() and s.record["outcome"] is None,
        within=15,
    )

    page, phone = await centre.agent("1002")
    pop = await page.pop(within=5)
    await phone.rings(within=5)

    assert pop.message["ani"] == "13800000001"
    await ordinary.hang_up()
    await vip.hang_up()
    await centre.story("13911110008", lambda s: "call.ended" in s.kinds())
