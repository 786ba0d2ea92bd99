"""The database does not take writes for a while: the call goes on, and is told later, once."""

from __future__ import annotations

import sqlite3

import pytest

from tests.kit.centre import Centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_call_is_served_while_the_database_is_locked(centre: Centre) -> None:
    await centre.boss()  # logged in while that can be written down
    page, phone = await centre.agent("1002")
    lock = sqlite3.connect(centre.settings.home / "ccengine.db", isolation_level=None)
    try:
        lock.execute("BEGIN IMMEDIATE")
        call = await centre.callers.call("4002", ani="13955550001")
        pop = await page.pop(within=20)
        await phone.rings(within=5)
        await phone.answer()
        await phone.talking(within=5)
        await centre.recorded(pop.message["call_id"], seconds=1)
        await call.hang_up()
        await page.becomes("wrap_up", within=5)
        await page.say(
            type="disposition", call_id=pop.message["call_id"], disposition="solved", note=""
        )
        assert (await centre.calls_of("13955550001")) == []
    finally:
        lock.execute("ROLLBACK")
        lock.close()

    story = await centre.story(
        "13955550001", lambda s: s.record["disposition"] == "solved", within=20
    )
    assert story.record["outcome"] == "answered"
    for kind in ("call.arrived", "call.queued", "call.answered", "talk.ended", "call.ended"):
        story.one(kind)
