"""``ccengine plan``, as typed, with an exported file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from ccengine.cli import plan
from ccengine.journal.codec import encode
from ccengine.site.load import load_site
from tests.rules.plan.past_day import busy_day, day, told

PROJECT = Path(__file__).parents[3]
EXAMPLE = PROJECT / "site.example.yaml"
AGENTS = "1001 1002 1003"


def typed(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    plan.add_arguments(parser)
    return plan.run(parser.parse_args([str(word) for word in words]))


@pytest.fixture(autouse=True)
def in_force(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CCENGINE_HOME", str(tmp_path))
    monkeypatch.setenv("CCENGINE_SITE", str(EXAMPLE))
    monkeypatch.setenv("CCENGINE_FLOWS", str(PROJECT / "ivr_flows"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    """Forty calls of the example site, as `ccengine journal export` writes them."""
    flows = [path.stem for path in (PROJECT / "ivr_flows").glob("*.yaml")]
    facts = told(day(busy_day(40, 3), AGENTS), load_site(EXAMPLE, flows))
    path = tmp_path / "day.jsonl"
    lines = [json.dumps({"kind": fact.kind, "body": encode(fact)}) for fact in facts]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """One agent fewer in sales, and no head start for gold."""
    text = EXAMPLE.read_text("utf-8")
    assert '["1001", "1002", "1003"]' in text
    text = text.replace('["1001", "1002", "1003"]', '["1001", "1002"]')
    path = tmp_path / "changed.yaml"
    path.write_text(text.replace("head_start: 120", "head_start: 0"), encoding="utf-8")
    return path


def test_the_table_tells_trust_and_all_sides(
    traffic: Path, changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(changed, "--traffic", traffic, "--seeds", "2", "--lang", "zh-CN") == 0

    said = capsys.readouterr().out
    assert said.startswith("40 通来电")
    assert "可信：" in said
    assert "王芳" in said


def test_json_and_picture(
    traffic: Path, changed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = tmp_path / "plan.svg"
    words = ("--traffic", traffic, "--seeds", "2", "--json", "--picture", drawn)
    assert typed(changed, *words) == 0

    body = json.loads(capsys.readouterr().out)
    assert body["trusted"] is True
    assert body["as_it_was"]["queues"]["sales"]["offered"] == 40
    assert body["difference"]["queues"]["sales"]["asa_s"]["mean"] > 0
    assert drawn.read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "this is not JSON"),
        ("[" * 50_000, "this is not JSON"),
        ("[1]", "this is no"),
        ('{"kind": 5, "body": {}}', "this is no"),
        ('{"kind": "call.hijacked", "body": {}}', "is no fact that this version knows"),
        ('{"kind": "call.answered", "body": {"at": "noon"}}', "is no fact that this version knows"),
        ("x" * 70_000, "far too long"),
    ],
)
def test_a_broken_line_is_named_with_its_cure(
    traffic: Path, changed: Path, capsys: pytest.CaptureFixture[str], line: str, says: str
) -> None:
    lines = traffic.read_text("utf-8").splitlines()
    traffic.write_text("\n".join([*lines[:2], line, *lines[2:]]), encoding="utf-8")

    assert typed(changed, "--traffic", traffic) == 1

    error = capsys.readouterr().err
    assert f"{traffic}:3: " in error
    assert says in error
    assert "cure:" in error


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--like", "1009=1001"), "write NEW=OLD"),
        (("--seeds", "0"), "--seeds must be"),
        (("--picture", "plan.exe"), "--picture must end in"),
        (("--from", "someday"), "is neither"),
        (("--from", "2020-01-01", "--to", "2020-01-01"), "no call entered a queue"),
    ],
)
def test_wrong_words_are_refused(
    traffic: Path,
    changed: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    says: str,
) -> None:
    assert typed(changed, "--traffic", traffic, *words) == 1
    assert says in capsys.readouterr().err


def test_a_faulty_site_file_is_told_with_line_and_cure(
    traffic: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(EXAMPLE.read_text("utf-8").replace("least_recent", "by_mood"), "utf-8")

    assert typed(broken, "--traffic", traffic) == 1
    assert "broken.yaml:" in capsys.readouterr().err


def test_a_file_that_is_not_there(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(changed, "--traffic", "nowhere.jsonl") == 2
    assert "nowhere.jsonl" in capsys.readouterr().err
