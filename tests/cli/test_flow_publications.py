"""``ccengine flow publish``, ``versions``, ``diff``, ``rollback``, ``draw`` and ``figures``."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ccengine.cli.main import main
from ccengine.db.session import Database
from ccengine.ids import CallId, FlowId
from ccengine.journal.entry import entry
from ccengine.journal.facts import Fact, FlowEnded, FlowEntered, FlowStepped
from ccengine.journal.store import append
from ccengine.settings import Settings

PROJECT = Path(__file__).parents[2]
MAIN = FlowId("main")


@pytest.fixture
def flows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of flows of a centre with a database of its own, where nothing was published."""
    folder = tmp_path / "flows"
    folder.mkdir()
    for flow in (PROJECT / "ivr_flows").glob("*.yaml"):
        shutil.copy(flow, folder)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("CCENGINE_HOME", str(home))
    monkeypatch.setenv("CCENGINE_DATABASE_URL", "")
    monkeypatch.setenv("CCENGINE_SITE", str(PROJECT / "site.example.yaml"))
    monkeypatch.setenv("CCENGINE_FLOWS", str(folder))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(["db", "upgrade"]) == 0
    return folder


def changed(folder: Path, old: str, new: str) -> None:
    file = folder / "main.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def journal(*facts: Fact) -> None:
    async def write() -> None:
        database = Database(Settings().database)
        entries = [entry(f"f{number}", fact.at, fact) for number, fact in enumerate(facts)]
        async with database.engine.begin() as connection:
            await connection.run_sync(append, entries)
        await database.dispose()

    asyncio.run(write())


def test_published_compared_and_rolled_back(
    flows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (flows / "main.yaml").read_text("utf-8")
    published = ["flow", "publish", str(flows), "--author", "li.na", "--note"]
    assert main([*published, "第一版"]) == 0
    changed(flows, '"1": sales', '"1": operator\n      "5": sales')
    capsys.readouterr()
    assert main(["flow", "diff"]) == 0
    assert capsys.readouterr().out == (
        "main.main_menu: key 1 now leads to operator (was sales)\n"
        "main.main_menu: key 5 leads to sales (new)\n"
    )
    assert main(["flow", "diff", "--language", "zh-CN"]) == 0
    assert "main.main_menu: 按 1 改为通向 operator（原为 sales）\n" in capsys.readouterr().out

    assert main([*published, "销售转总机"]) == 0
    assert "publication 2" in capsys.readouterr().out
    assert main(["flow", "diff", "1", "2", "--text"]) == 0
    assert '+      "1": operator' in capsys.readouterr().out
    assert main(["flow", "rollback", "--note", "投诉"]) == 0
    assert "publication 3" in capsys.readouterr().out
    assert (flows / "main.yaml").read_text("utf-8") == first

    assert main(["flow", "versions"]) == 0
    listed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in listed] == ["3", "2", "1"]
    assert listed[1][3] == "li.na"
    assert [line[-1] for line in listed] == ["投诉", "销售转总机", "第一版"]
    assert main(["flow", "versions", "straight_to_support"]) == 0
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["1"]


def test_flows_with_mistakes_are_told_and_not_published(
    flows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(flows, "type: menu", "type: menue")
    assert main(["flow", "publish", str(flows), "--note", "x"]) == 1
    said = capsys.readouterr().err
    assert "main.yaml" in said
    assert "nothing was changed" in said
    assert main(["flow", "versions"]) == 0
    assert capsys.readouterr().out == "nothing was published yet\n"


def test_what_is_not_there_is_said(flows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "rollback"]) == 1
    assert main(["flow", "rollback", "7"]) == 1
    assert main(["flow", "diff", "7", "8"]) == 1
    assert main(["flow", "diff", "nowhere"]) == 1
    assert main(["flow", "versions", "nowhere"]) == 0
    assert capsys.readouterr().out == "no publication has a flow 'nowhere'\n"
    assert main(["flow", "draw", str(flows / "nowhere.yaml")]) == 1
    assert main(["flow", "figures", "nowhere"]) == 1
    assert "there are" in capsys.readouterr().err


def test_a_flow_is_drawn_into_a_file_and_as_text(
    flows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "main.svg"
    file = str(flows / "main.yaml")
    assert main(["flow", "draw", file, "-o", str(out), "--language", "zh-CN"]) == 0
    steps = [one.get("data-step") for one in ElementTree.parse(out).iter()]
    assert "main_menu" in steps
    assert main(["flow", "draw", file, "--mermaid"]) == 0
    assert capsys.readouterr().out.startswith("flowchart")
    assert main(["flow", "draw", file, "-o", str(tmp_path / "no" / "main.svg")]) == 2
    changed(flows, "type: menu", "type: menue")
    assert main(["flow", "draw", file]) == 1


def test_figures_by_flow_and_by_day_and_step(
    flows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    calls = [CallId(f"call-{number}") for number in range(4)]
    told: list[Fact] = [
        FlowEntered(at=now, call_id=call, flow=MAIN, version="v", language="zh-CN")
        for call in calls
    ]
    told += [
        FlowStepped(
            at=now, call_id=call, flow=MAIN, step="welcome", step_type="language", result="kept"
        )
        for call in calls
    ]
    told += [
        FlowEnded(at=now, call_id=call, flow=MAIN, step="main_menu", result="hung_up", took_s=4.0)
        for call in calls[:3]
    ]
    journal(*told)
    assert main(["flow", "figures"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("main "))
    assert row.split() == ["main", "4", "100.0%", "100.0%", "0"]

    assert main(["flow", "figures", "main", "--days", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[0] == "day"
    assert [line.split()[1] for line in lines[2:5]] == ["0", "0", "4"]
    menu = next(line for line in lines if line.startswith("main_menu"))
    assert menu.split() == ["main_menu", "3", "100.0%", "0.0%", "0.0%", "4", "s"]
    assert main(["flow", "figures", "straight_to_support", "--language", "zh-CN"]) == 0
    assert "自助完成率" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["flow", "figures", "--days", "0"])


def test_a_list_that_nobody_reads_on_is_no_trouble_of_the_disk(flows: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "ccengine.cli.main", "flow", "diff", "--text"],
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")
