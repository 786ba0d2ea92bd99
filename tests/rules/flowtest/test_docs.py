"""What docs/flow-tools.md shows is true."""

from __future__ import annotations

import re
from pathlib import Path

from ccengine.flowtest.all_cases import run_cases
from ccengine.flowtest.case import CaseStep
from ccengine.flowtest.flow_files import read_flow_files
from ccengine.flowtest.walk import HELP
from ccengine.site.model import Site
from tests.rules.flowtest.conftest import ROOT

PAGE = (ROOT / "docs" / "flow-tools.md").read_text("utf-8")


async def test_the_cases_shown_pass_on_the_demo_s_flow(site: Site, tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(schema: 1\n.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "main.yaml"
    path.write_text(shown, "utf-8")
    done = await run_cases([path], read_flow_files(ROOT / "ivr_flows", site), site)
    assert done.problems == ()
    assert [str(outcome) for outcome in done.failed] == []
    assert len(done.outcomes) == 2


def test_every_step_of_a_case_is_explained() -> None:
    section = PAGE.split("## Case files")[1].split("## Coverage")[0]
    told = set(re.findall(r"^\| `([a-z_]+)", section, re.MULTILINE))
    assert told == set(CaseStep.model_fields)


def test_every_command_of_a_walk_is_in_its_help() -> None:
    section = PAGE.split("## Walk through a flow")[1].split("## Case files")[0]
    typed = set(re.findall(r"^\| .*$", section, re.MULTILINE))
    commands = {name for line in typed for name in re.findall(r"`/([a-z]+)", line)}
    assert commands - {"help"} == set(re.findall(r"/([a-z]+)", HELP)) - {"help", "quit"}
