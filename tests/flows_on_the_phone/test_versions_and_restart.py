"""New flows, broken ones and the way back, with calls up: each call keeps the flow it began in."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.kit.centre import PROJECT, Centre, running_centre

pytestmark = pytest.mark.asyncio(loop_scope="session")

SWAPPED = (('"1": sales', '"1": support'), ('"2": support', '"2": sales'))


async def ccengine(centre: Centre, *arguments: str) -> str:
    """A command of an operator beside the running engine."""
    settings = centre.settings
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ccengine", *arguments),
        env={
            **os.environ,
            "CCENGINE_HOME": str(settings.home),
            "CCENGINE_SITE": str(centre.site_file),
            "CCENGINE_FLOWS": str(settings.flows),
            "CCENGINE_DATABASE_URL": settings.database_url,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=PROJECT,
    )
    async with asyncio.timeout(30):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def queue_by_key_1(centre: Centre, ani: str) -> object:
    """A new caller presses 1 in the menu; the queue it gets to."""
    call = await centre.callers.call("4001", ani=ani)
    await centre.passed("opening_hours", ani=ani)
    await call.press("1")
    story = await centre.story(ani, lambda s: "call.queued" in s.kinds(), within=15)
    await call.hang_up()
    return story.one("call.queued")["queue"]


async def test_a_call_keeps_its_flow_through_a_new_one_a_broken_one_and_a_restart(
    tmp_path: Path,
) -> None:
    flows = tmp_path / "flows"
    shutil.copytree(PROJECT / "ivr_flows", flows)
    main = flows / "main.yaml"
    async with running_centre(settings={"flows": flows}) as centre:
        first = main.read_text("utf-8")
        call = await centre.callers.call("4001", ani="13977770001")
        await centre.passed("opening_hours", ani="13977770001")

        # another version is in force while the caller listens to the menu of the first
        second = first
        for old, new in SWAPPED:
            assert old in second
            second = second.replace(old, new, 1)
        main.write_text(second, "utf-8")
        await centre.logs("site.reloaded")
        assert await queue_by_key_1(centre, "13977770002") == "support"

        # the engine falls, and the folder that it finds is broken
        await centre.kill_engine()
        main.write_text(second.replace("type: menu", "type: menue", 1), "utf-8")
        await centre.start_engine()
        assert "flows.refused_at_start" in centre.log_text()
        assert "main.yaml:" in centre.log_text()

        # the caller's version is read from the database, and its key means what it heard
        await centre.story("13977770001", lambda s: "call.adopted" in s.kinds())
        await call.press("1")
        story = await centre.story("13977770001", lambda s: "call.queued" in s.kinds(), within=15)
        assert story.one("call.queued")["queue"] == "sales"
        assert story.one("flow.entered")
        await call.hang_up()

        # new callers have the newest good version, until somebody goes back
        assert await queue_by_key_1(centre, "13977770003") == "support"
        said = await ccengine(centre, "flow", "rollback", "1", "--note", "夜里有投诉")
        assert "publication 3: " in said
        assert main.read_text("utf-8") == first
        await centre.logs("site.reloaded", times=2)
        assert await queue_by_key_1(centre, "13977770004") == "sales"
        listed = await ccengine(centre, "flow", "versions", "main")
        assert [line.split()[0] for line in listed.splitlines()] == ["3", "2", "1"]
