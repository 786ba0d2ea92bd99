"""Each recipe is a flow without fault or warning, its paths are right, and no type is left out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ccengine.flowtest.explore_report import walked
from ccengine.flowtest.spoken_time import estimated
from ccengine.ids import FlowId
from ccengine.ivr.load import read_flows
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.site.model import Site

ROOT = Path(__file__).parents[3]
COOKBOOK = (ROOT / "docs" / "flow-cookbook.md").read_text("utf-8")
RECIPES = dict(re.findall(r"## ([^\n]+)\n.*?```yaml\n(.*?)```", COOKBOOK, re.DOTALL))


@pytest.mark.parametrize("title", RECIPES)
async def test_each_recipe_works_in_the_example_site(
    title: str, tmp_path: Path, site: Site
) -> None:
    for flow in (ROOT / "ivr_flows").glob("*.yaml"):
        shutil.copy(flow, tmp_path)
    (tmp_path / "recipe.yaml").write_text(RECIPES[title], "utf-8")

    read = read_flows(tmp_path, site)
    assert [str(problem) for problem in (*read.problems, *read.warnings)] == []

    walk = await walked(read.flows[FlowId("recipe")], site, estimated)
    assert walk.explored.whole
    assert [finding.said for finding, _ in walk.findings if finding.kind != "no_person"] == []


def test_each_step_type_has_a_recipe() -> None:
    used = set(re.findall(r"type: (\w+)", "".join(RECIPES.values())))
    assert used == set(STEP_TYPES)
