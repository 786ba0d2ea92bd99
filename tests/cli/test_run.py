"""``ccengine run`` when something that it needs is not there: a sentence, a cure, an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ccengine.engine.home import Home

PROJECT = Path(__file__).resolve().parents[2]


def run(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    given = {f"CCENGINE_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "ccengine", "run"],
        env=os.environ
        | {"CCENGINE_HOME": str(home), "CCENGINE_SITE": str(PROJECT / "site.example.yaml")}
        | given,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_no_database_server_is_said_with_a_cure(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://nobody:hidden@127.0.0.1:1/none"

    ended = run(tmp_path, database_url=url)

    assert ended.returncode == 2
    assert "cannot be used" in ended.stderr
    assert "CCENGINE_DATABASE_URL" in ended.stderr
    assert "hidden" not in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr + ended.stdout


def test_a_database_without_tables_is_said_with_a_cure(tmp_path: Path) -> None:
    ended = run(tmp_path)

    assert ended.returncode == 2
    assert "ccengine db upgrade" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout


def test_all_mistakes_of_site_and_flows_come_at_once(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    text = (PROJECT / "site.example.yaml").read_text("utf-8")
    site.write_text(text.replace("ring_all", "ring_al").replace("gold\n", "gould\n"), "utf-8")
    flows = tmp_path / "flows"
    flows.mkdir()
    for flow in (PROJECT / "ivr_flows").glob("*.yaml"):
        (flows / flow.name).write_text(flow.read_text("utf-8").replace("type: menu", "type: menue"))

    ended = run(tmp_path / "home", site=str(site), flows=str(flows))

    assert ended.returncode == 1
    for mistake in ("ring_al", "gould", "menue"):
        assert mistake in ended.stderr
    assert ended.stderr.count("cure:") >= 3


def test_a_second_engine_in_the_same_home_does_not_start(tmp_path: Path) -> None:
    with Home(tmp_path):
        ended = run(tmp_path)

    assert ended.returncode == 2
    assert "another engine runs" in ended.stderr
