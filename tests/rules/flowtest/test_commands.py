"""``ccengine flow run`` and ``flow test`` as they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from ccengine.cli.main import main
from ccengine.flowtest.case_file import read_cases
from tests.rules.flowtest.conftest import ROOT

FLOW = str(ROOT / "ivr_flows" / "main.yaml")
SITE = str(ROOT / "site.example.yaml")


def walk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, *more: str
) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["flow", "run", FLOW, "--site", SITE, *more]) == 0
    return capsys.readouterr().out


def test_a_walk_ends_as_a_case_that_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    typed = "/timeout\n3\n/answer 请重启光猫。\n\n7\n0\n/queue timed_out\n"
    told = walk(monkeypatch, capsys, typed)

    assert "  zh  您好，欢迎致电示范客服中心。" in told
    assert "keys: 1 → sales, 2 → support, 3 → broadband_fault, 0 → operator; /timeout" in told
    assert "[asks the knowledge base: 如何报修宽带]" in told
    assert "[ends: finished]" in told
    case = told.split("# This call as a case, for tests/main.yaml:\n")[1]

    flows = tmp_path / "flows"
    (flows / "tests").mkdir(parents=True)
    (flows / "main.yaml").write_text(Path(FLOW).read_text("utf-8"), "utf-8")
    cases = flows / "tests" / "main.yaml"
    cases.write_text(f"schema: 1\ncases:\n{case}", "utf-8")
    assert len(read_cases(cases)) == 1
    assert main(["flow", "test", str(flows)]) == 0


def test_what_cannot_be_done_gets_a_hint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = walk(monkeypatch, capsys, "hello\n/timeut\n/queue served\n/answer {\n/say hi\n")
    assert "? keys are 0 to 9, * and #; all else begins with /" in told
    assert "? there is no /timeut: did you mean 'timeout'?" in told
    assert told.count("? the flow waits for a key at welcome") == 3


def test_the_clock_the_caller_and_a_step_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = "/closed office\n/ani 13800000000\n/open office\n9\n/state\n2\n/back\n1\n/hangup\n"
    told = walk(monkeypatch, capsys, typed, "--at", "2026-10-01T10:00")
    # each of them begins anew, and so does a step back; the last is in the case
    assert told.count("您好，欢迎致电") == 6
    assert "main.main_menu  en  Thu 2026-10-01 10:00" in told
    assert "[waits in the queue support]" in told
    case = told.split("# This call as a case")[1]
    assert "at_step: sales" in case
    assert "ani: '13800000000'" in case
    assert "at: 2026-10-01T10:00" in case
    assert "hours: {office: open}" in case


def test_a_time_that_is_none_is_no_end_of_the_walk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = walk(monkeypatch, capsys, "/at soon\n/at 0001-01-01T00:00\n/hangup\n")
    assert "? 'soon' is no time; write it as 2026-10-01T10:00" in told
    assert "? no call is in the year 1; write one from 2000 to 2099" in told


def test_the_case_so_far_does_not_end_the_walk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = walk(monkeypatch, capsys, "9\n/case\n1\n/queue served\n")
    assert told.count("at_step: main_menu") == 1
    assert told.count("at_step: sales") == 1
    assert "[ends: finished]" in told


def test_keys_that_nothing_takes_yet_are_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = walk(monkeypatch, capsys, "1\n12\n/timeout\n")
    assert "   (1 key is kept)\n   (welcome)" in told
    assert "   (3 keys are kept)\n   (welcome)" in told


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The demo's flows without their cases."""
    (tmp_path / "tests").mkdir()
    for flow in (ROOT / "ivr_flows").glob("*.yaml"):
        (tmp_path / flow.name).write_text(flow.read_text("utf-8"), "utf-8")
    return tmp_path


def test_coverage_can_be_asked_for(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (demo / "tests" / "main.yaml").write_text(
        "schema: 1\ncases:\n  - {name: gone, steps: [hang_up], ends: hung_up}\n", "utf-8"
    )
    asked = ["flow", "test", str(demo), "--site", SITE]
    assert main(asked) == 0
    capsys.readouterr()
    assert main([*asked, "--min-coverage", "100"]) == 1
    told = capsys.readouterr()
    assert "1 case, 0 failed" in told.out
    assert "no case reaches the step 'main_menu'" in told.out
    assert "no case goes by next of 'welcome'" in told.out
    assert "covered less than 100 %" in told.err


def test_all_of_it_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "test", FLOW, "--site", SITE, "--explore", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["coverage"]["percent"] == 100.0
    assert all(case["passed"] for case in told["cases"])
    (walked,) = told["explored"]
    assert walked["whole"]
    assert {figure["name"] for figure in walked["figures"]} == {
        "first_choice_s",
        "person_s",
        "far_from_person_s",
        "deepest_choice",
    }


def test_a_failing_case_and_a_file_that_cannot_be_read_are_told(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = demo / "tests" / "main.yaml"
    cases.write_text("schema: 1\ncases:\n  - {name: a, steps: [hears: 早], ends: finished}\n")
    (demo / "tests" / "mian.yaml").write_text(cases.read_text("utf-8"), "utf-8")
    assert main(["flow", "test", str(demo), "--site", SITE]) == 1
    told = capsys.readouterr().out
    assert "there is no flow 'mian'\n    cure: did you mean 'main'?" in told
    assert "FAILED a" in told
