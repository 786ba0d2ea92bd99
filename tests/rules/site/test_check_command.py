"""`ccengine check` before a change goes live."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from ccengine.cli.check import add_arguments, run

ROOT = Path(__file__).parents[3]


def check(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def test_the_demo_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    code = check("--site", str(ROOT / "site.example.yaml"), "--flows", str(ROOT / "ivr_flows"))
    said = capsys.readouterr()
    assert code == 0
    # From November on the next year's holidays are missed, until they are announced.
    assert all("public holidays" in line for line in said.err.splitlines()[::2])
    ok, *table = said.out.splitlines()
    assert ok == "ok: 7 queues, 5 agents, 5 numbers, 6 flows"
    queues = ["sales", "support", "operator", "bank", "lost_cards", "parcels", "citizens"]
    assert [line.split()[0] for line in table] == ["queue", *queues]


def test_what_is_accepted_is_said_at_each_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site.yaml"
    example = (ROOT / "site.example.yaml").read_text("utf-8")
    many = example.replace(
        "calls_per_hour: 14, handling: 180", "calls_per_hour: 160, handling: 180"
    )
    site.write_text(many, "utf-8")
    assert check("--site", str(site), "--flows", str(ROOT / "ivr_flows")) == 1
    assert "more calls than the agents can take" in capsys.readouterr().err
    site.write_text("starvation: accept\n" + many, "utf-8")
    assert check("--site", str(site), "--flows", str(ROOT / "ivr_flows")) == 0
    said = capsys.readouterr()
    assert f"warning: {site}:" in said.err
    assert "accepted: more calls than the agents can take" in said.err
    assert "no end" in said.out


def test_problems_of_both_are_told_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site.yaml"
    example = (ROOT / "site.example.yaml").read_text("utf-8")
    site.write_text(example.replace("default_flow: main", "default_flow: mian"), "utf-8")
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "main.yaml").write_text("schema: 1\nstart: [\n", "utf-8")
    (flows / "straight_to_support.yaml").write_text("schema: 1\n", "utf-8")

    assert check("--site", str(site), "--flows", str(flows)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{site}:14:15: there is no flow 'mian'\n    cure: did you mean 'main'?" in said.err
    assert f"{flows / 'main.yaml'}:" in said.err
    assert "the key 'steps' is missing" in said.err


def test_no_site_file_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "site.yaml"
    assert check("--site", str(missing), "--flows", str(ROOT / "ivr_flows")) == 1
    assert f"{missing}:1:1: the file cannot be read" in capsys.readouterr().err
