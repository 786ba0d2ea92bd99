"""`ccengine flow check` as an author and an editor use it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ccengine.cli.main import main

ROOT = Path(__file__).parents[3]
GOOD = "schema: 1\nstart: bye\nsteps:\n  bye: {type: hangup}\n"
BAD = "schema: 1\nstart: by\nsteps:\n  bye: {type: hangup}\n"
DOUBTFUL = """\
schema: 1
start: mark
steps:
  mark: {type: set, values: {is_new: 1}, next: bye}
  bye: {type: hangup}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("good", GOOD), ("bad", BAD), ("doubtful", DOUBTFUL)):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_folder_is_checked_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "check", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        f"{folder}/bad.yaml:2:8: the flow starts at 'by', and there is no such step",
        "    cure: did you mean 'bye'?",
        f"warning: {folder}/doubtful.yaml:4:38: nothing reads 'is_new'",
        "    cure: remove it, or use it in a text or a branch",
        "1 problem",
    ]
    assert said.out == ""


def test_a_drafts_folder_need_not_hold_all_flows_of_the_site(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "schema: 1\nstart: a\nsteps:\n  a: {type: hours, hours: offce, open: b, closed: b}\n"
    (folder / "good.yaml").write_text(f"{wrong}  b: {{type: hangup}}\n", "utf-8")
    site = ROOT / "site.example.yaml"
    assert main(["flow", "check", "--site", str(site), str(folder / "good.yaml")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{folder}/good.yaml:4:27: the site file has no hours 'offce'",
        "    cure: did you mean 'office'?",
        "1 problem",
    ]


@pytest.mark.parametrize("command", [["flow", "schema"], ["flow", "check", "--json"]])
def test_a_reader_that_has_enough_is_no_mistake(command: list[str], folder: Path) -> None:
    """As `| head -0`: the pipe is closed before anything is printed."""
    paths = [str(folder)] if "check" in command else []
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "ccengine.cli.main", *command, *paths],
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_one_mistake_is_told_once_however_many_flows_lead_to_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, led in (("first", "second"), ("second", "bad")):
        text = f"schema: 1\nstart: go\nsteps:\n  go: {{type: goto, flow: {led}}}\n"
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    assert main(["flow", "check", str(folder)]) == 1
    assert capsys.readouterr().err.endswith("\n1 problem\n")
    assert main(["flow", "check", str(folder / "first.yaml")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{folder}/first.yaml:4:26: the flow 'second' has mistakes, or leads to one that has",
        "    cure: mend them first; this flow cannot be used without it",
        "1 problem",
    ]


def test_one_file_is_judged_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "check", str(folder / "good.yaml")]) == 0
    assert capsys.readouterr() == ("ok: 1 flow\n", "")


def test_warnings_are_problems_when_that_is_wanted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doubtful = str(folder / "doubtful.yaml")
    assert main(["flow", "check", doubtful]) == 0
    assert capsys.readouterr().out == "ok: 1 flow, 1 warning\n"
    assert main(["flow", "check", "--strict", doubtful]) == 1
    assert capsys.readouterr().err.endswith("1 problem\n")


def test_an_editor_gets_places_and_cures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "check", "--json", str(folder)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told[0] == {
        "file": f"{folder}/bad.yaml",
        "line": 2,
        "column": 8,
        "severity": "error",
        "message": "the flow starts at 'by', and there is no such step",
        "cure": "did you mean 'bye'?",
    }
    assert [it["severity"] for it in told] == ["error", "warning"]


def test_a_file_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["flow", "check", str(tmp_path / "no.yaml")]) == 1
    assert "there is no such file" in capsys.readouterr().err


def test_the_site_file_is_looked_at_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.yaml").unlink()
    (folder / "main.yaml").write_text(
        "schema: 1\nstart: q\nsteps:\n"
        "  q: {type: enqueue, queue: nobody, timed_out: bye, no_agents: bye, full: bye}\n"
        "  bye: {type: hangup}\n",
        "utf-8",
    )
    for shipped in (ROOT / "ivr_flows").glob("*.yaml"):
        if shipped.stem != "main":
            (folder / shipped.name).write_text(GOOD, "utf-8")
    assert main(["flow", "check", str(folder)]) == 0, "without a site its names are trusted"
    site = str(ROOT / "site.example.yaml")
    assert main(["flow", "check", "--site", site, str(folder)]) == 1
    assert "the site file has no queue 'nobody'" in capsys.readouterr().err


def test_a_recording_that_is_not_there_is_told_once_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCENGINE_HOME", str(tmp_path / "home"))
    flow = tmp_path / "flow.yaml"
    flow.write_text(
        "schema: 1\nstart: bye\nsteps:\n"
        "  bye: {type: hangup, say: {zh-CN: 再会。, en: So long.}, recording: so_long}\n",
        "utf-8",
    )
    assert main(["flow", "check", str(flow)]) == 0
    assert capsys.readouterr().out == "ok: 1 flow\n"
    recorded = tmp_path / "home" / "prompts" / "recorded" / "en"
    recorded.mkdir(parents=True)
    (recorded / "so_long.wav").write_bytes(b"RIFF")
    assert main(["flow", "check", str(flow)]) == 0
    assert "there is no recording 'so_long' in zh-CN\n" in capsys.readouterr().err


def test_the_example_of_the_documentation_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "flows-check.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "news.yaml").write_text(example, "utf-8")
    assert main(["flow", "check", "--strict", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "ok: 1 flow\n"
