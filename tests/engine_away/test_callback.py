"""A caller who asked to be called back is called when its turn has come, on the real thing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ccengine.ivr import announce
from tests.kit.centre import Centre, running_centre
from tests.kit.ports import kept_port

ANI = "13800000051"
CALLER_HZ, AGENT_HZ = 700, 1000


def _site(port: int, first: str) -> dict[str, Any]:
    callback = {"first": first, "trunk": "carrier", "ring": 10, "retry_after": 30, "attempts": 2}
    return {
        "queues": {
            "callback": callback | {"offer_every": None},
            "overflow": [{"name": "nobody_free", "when": {"agents_ready": 0}, "do": "callback"}],
            "messages": {},
            "widen": [],  # all agents at once
            "announce_every": None,
            "record": True,
            "wrap_up": 0,
        },
        "trunks": {
            "carrier": {
                "match": ["127.0.0.1"],
                "trusted": True,
                "outbound": f"127.0.0.1:{port}",
                "caller_id": "4001",
                "allowed": ["1"],
            }
        },
    }


async def _asks_to_be_called_back(centre: Centre) -> str:
    """Nobody is there yet; the caller asks for a callback and hangs up. The callback's id."""
    call = await centre.callers.call("4002", ani=ANI, hz=CALLER_HZ)
    await call.answered(within=5)
    await centre.asterisk_plays(announce.callback_offer("1", "zh-CN"))
    await call.press("1")  # yes, call me back
    await centre.asterisk_plays(announce.callback_number_is("zh-CN"))
    await call.press("1")  # at this number
    await call.ended(within=20)
    story = await centre.story(ANI, lambda story: "call.ended" in story.kinds(), within=10)
    assert story.record["outcome"] == "callback"
    return str(story.one("callback.asked")["callback_id"])


@pytest.mark.parametrize("first", ["caller", "agent"])
async def test_the_customer_is_called_when_its_turn_has_come(first: str) -> None:
    port = kept_port()
    async with running_centre(**_site(port, first)) as centre:
        customer = await centre.customer(ANI, port=port, hz=CALLER_HZ)
        callback_id = await _asks_to_be_called_back(centre)
        _, phone = await centre.agent("1005", hz=AGENT_HZ)
        if first == "caller":
            ring = await customer.rings(within=15)
            await customer.answer()
            await phone.rings(within=15)
            await phone.answer()
        else:
            await phone.rings(within=15)
            await phone.answer()
            ring = await customer.rings(within=15)
            await customer.answer()
        assert ring.invite.header("From").count("4001") == 1
        await asyncio.gather(customer.talking(within=10), phone.talking(within=10))
        await centre.recorded(callback_id, 2.0)
        await phone.hang_up()
        heard = await customer.ended(within=10)
        story = await centre.story(ANI, lambda story: "call.ended" in story.kinds(), within=15)
        assert story.record["call_id"] == callback_id
        assert story.record["outcome"] == "answered"
        assert story.one("callback.ended")["result"] == "connected"
        assert story.one("call.answered")["agent_id"] == "1005"
        assert heard.heard is not None


async def test_an_engine_that_starts_again_calls_each_customer_once() -> None:
    """Killed while one callback waits, and again while the customer's phone rings."""
    port = kept_port()
    async with running_centre(**_site(port, "caller")) as centre:
        customer = await centre.customer(ANI, port=port, hz=CALLER_HZ)
        callback_id = await _asks_to_be_called_back(centre)
        await centre.kill_engine()
        await centre.start_engine()
        assert [call["outcome"] for call in await centre.calls_of(ANI)] == ["callback"]
        _, phone = await centre.agent("1005", hz=AGENT_HZ)
        await customer.rings(within=15)
        await centre.kill_engine()
        await centre.start_engine()
        await customer.ended(within=15)  # the old leg, before any other
        # What the agent said a moment before the fall may be lost with it: it says so again.
        page = await centre.page(centre.asterisk.site.agents["1005"].username)
        await page.reachable()
        await page.ready()
        await customer.rings(within=15)
        await customer.answer()
        await phone.rings(within=15)
        await phone.answer()
        await asyncio.gather(customer.talking(within=10), phone.talking(within=10))
        await phone.hang_up()
        await customer.ended(within=10)
        story = await centre.story(ANI, lambda story: "call.ended" in story.kinds(), within=15)
        assert story.record["call_id"] == callback_id
        assert story.record["outcome"] == "answered"
        assert story.one("callback.ended")["result"] == "connected"
        assert story.all("callback.attempted") == []
