"""Site file and flows change while calls are up: none of them is touched."""

from __future__ import annotations

import pytest
import yaml

from tests.kit.centre import Centre, running_centre

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_waiting_call_lives_through_a_bad_and_a_good_new_site_file() -> None:
    async with running_centre(queues={"wrap_up": 1}) as centre:
        good = centre.site_file.read_text("utf-8")
        call = await centre.callers.call("4002", ani="13966660001")
        await centre.story("13966660001", lambda s: "call.queued" in s.kinds(), within=15)

        # a mistake is refused as a whole, with its line, and the old file stays in force
        centre.site_file.write_text(good.replace("least_recent", "least_recnt"), "utf-8")
        await centre.logs("site.refused")
        assert "site.yaml:" in centre.log_text()

        # 1001 joins the support queue, and is offered the call that was waiting
        site = yaml.safe_load(good)
        site["queues"]["support"]["agents"].append("1001")
        centre.site_file.write_text(yaml.safe_dump(site, allow_unicode=True), "utf-8")
        await centre.logs("site.reloaded")
        page, phone = await centre.agent("1001")
        pop = await page.pop(within=5)
        assert pop.message["ani"] == "13966660001"
        await phone.rings(within=5)
        await phone.answer()
        await phone.talking(within=5)
        assert await call.hears(1000, within=5)

        # a new file in the middle of the talk changes nothing for it
        centre.site_file.write_text(good, "utf-8")
        await centre.logs("site.reloaded", times=2)
        assert page.state == "talking"
        await call.hang_up()
        await page.becomes("wrap_up", within=5)
        story = await centre.story("13966660001", lambda s: "call.ended" in s.kinds())
        assert story.record["outcome"] == "answered"


async def test_an_engine_with_a_faulty_file_does_not_start(centre: Centre) -> None:
    await centre.kill_engine()
    good = centre.site_file.read_text("utf-8")
    centre.site_file.write_text(good.replace("ring_all", "ring_al"), "utf-8")
    try:
        with pytest.raises(AssertionError, match="ring_al") as refused:
            await centre.start_engine()
        assert "site.yaml:" in str(refused.value)
        assert "cure:" in str(refused.value)
    finally:
        centre.site_file.write_text(good, "utf-8")
        await centre.start_engine()
