"""A reload is whole or not at all; calls and the old files know nothing of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from ccengine.acd.inputs import Input, RulesReplaced
from ccengine.engine.flows import InForce
from ccengine.engine.reload import Reload
from ccengine.ids import AgentId, QueueId
from ccengine.ivr.speech import PromptStore
from ccengine.knowledge.store import Articles
from ccengine.settings import Settings
from ccengine.site.model import Site
from tests.rules.engine.test_flows import SITE, Files

AGENTS = "agents:\n"
WITH_ANOTHER = SITE.replace('["1001"]', '["1001", "1002"]').replace(
    AGENTS, f'{AGENTS}  "1002": {{name: 李强, username: liqiang}}\n'
)


class NoArticles:
    async def published(self) -> list[object]:
        return []


class Sounds:
    def __init__(self) -> None:
        self.fails: Exception | None = None

    async def render_missing(self, prompts: object, progress: object) -> None:
        if self.fails is not None:
            raise self.fails


class Running:
    """What a running engine reloads: its files, what is in force, and what the ACD was told."""

    def __init__(self, folder: Path) -> None:
        self.files = Files(folder)
        self.in_force = InForce(self.files.load())
        self.sounds = Sounds()
        self.said: list[Input] = []
        self.followed: list[Site] = []
        self.reload = Reload(
            settings=Settings(home=folder, site=self.files.site, flows=self.files.flows),
            in_force=self.in_force,
            sounds=cast(PromptStore, self.sounds),
            articles=cast(Articles, NoArticles()),
            submit=self.said.append,
        )
        self.reload.on_reloaded = self._follow

    async def _follow(self, site: Site) -> None:
        self.followed.append(site)


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return Running(tmp_path)


async def test_good_files_are_taken_up_and_all_are_told(running: Running) -> None:
    before = running.in_force.flow_for("4001")
    running.files.site.write_text(WITH_ANOTHER, "utf-8")
    running.files.flow("main", "！")
    await running.reload.now()
    assert set(running.in_force.site.agents) == {"1001", "1002"}
    assert running.in_force.flow_for("4001").version != before.version
    assert running.in_force.flow_of_version("main", before.version) is before
    (said,) = running.said
    assert isinstance(said, RulesReplaced)
    assert said.rules.queues[QueueId("sales")].agents == (AgentId("1001"), AgentId("1002"))
    assert running.followed == [running.in_force.site]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda files: files.site.write_text("schema: 1\n", "utf-8"),
        lambda files: files.site.write_bytes(b"\xff\xfe"),
        lambda files: files.site.write_text("[" * 3_000, "utf-8"),
        lambda files: files.site.unlink(),
        lambda files: (files.flows / "main.yaml").write_text("steps: [", "utf-8"),
        lambda files: (files.flows / "main.yaml").unlink(),
    ],
)
async def test_files_that_are_refused_change_nothing(
    running: Running, spoil: Callable[[Files], object]
) -> None:
    site, flows = running.in_force.site, dict(running.in_force.flows)
    spoil(running.files)
    await running.reload.now()
    assert running.in_force.site is site
    assert running.in_force.flows == flows
    assert (running.said, running.followed) == ([], [])


@pytest.mark.parametrize("error", [OSError("disk full"), RuntimeError("no voice")])
async def test_prompts_that_cannot_be_spoken_keep_the_old_files(
    running: Running, error: Exception
) -> None:
    """Better the old words than a caller in silence; the next attempt may do."""
    before = running.in_force.site
    running.files.site.write_text(WITH_ANOTHER, "utf-8")
    running.sounds.fails = error
    await running.reload.now()
    assert running.in_force.site is before
    running.sounds.fails = None
    await running.reload.now()
    assert set(running.in_force.site.agents) == {"1001", "1002"}
