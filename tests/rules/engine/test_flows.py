"""Files in force: taken up whole or not at all, and never under a call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ccengine.engine import flows
from ccengine.engine.flows import MOST_VERSIONS, InForce, Loaded, load, stamp, watch
from ccengine.ids import FlowId
from ccengine.site.holidays import last_known_year
from ccengine.yamlsource.model import BadFileError

SITE = """\
schema: 1
name: {zh-CN: 客服, en: Service}
time_zone: Asia/Shanghai
numbers: {"4001": {flow: main}, "4002": {flow: other}}
default_flow: main
queues:
  sales: {title: {zh-CN: 销售, en: Sales}, strategy: random, agents: ["1001"]}
agents:
  "1001": {name: 王芳, username: wangfang}
hours:
  never: {week: {}}
"""
FLOW = """\
schema: 1
title: {{zh-CN: 总机, en: Main}}
start: hello
steps:
  hello: {{type: play, say: {{zh-CN: 您好{sign}, en: Hello}}, next: end}}
  end: {{type: hangup}}
"""


class Files:
    def __init__(self, folder: Path) -> None:
        self.site = folder / "site.yaml"
        self.flows = folder / "flows"
        self.flows.mkdir()
        self.site.write_text(SITE, "utf-8")
        self.flow("main", "。")
        self.flow("other", "。")

    def flow(self, name: str, sign: str) -> None:
        (self.flows / f"{name}.yaml").write_text(FLOW.format(sign=sign), "utf-8")

    def load(self) -> Loaded:
        return load(self.site, self.flows)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_numbers_lead_to_flows_and_an_unknown_one_to_the_default(files: Files) -> None:
    in_force = InForce(files.load())
    assert in_force.flow_for("4002").id == "other"
    for dnis in ("4001", "9999", "", "4002 "):
        assert in_force.flow_for(dnis).id == "main"


def test_hours_that_are_gone_from_the_file_are_open(files: Files) -> None:
    in_force = InForce(files.load())
    assert not in_force.is_open("never", 1_795_000_000.0)
    assert in_force.is_open("gone", 1_795_000_000.0)


def test_a_year_whose_holidays_are_not_known_is_told_once_a_day(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = "  never: {week: {}}\n  office: {week: {mon: ['09:00-18:00']}, holidays: cn}\n"
    files.site.write_text(SITE.replace("  never: {week: {}}\n", hours), "utf-8")
    in_force = InForce(files.load())
    new_year = datetime(last_known_year() + 1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    a_day = 24 * 3600.0

    said: list[int] = []

    class Log:
        def warning(self, event: str, *, year: int, cure: str) -> None:
            assert event == "holidays.unknown"
            said.append(year)

    monkeypatch.setattr(flows, "log", Log())

    def told(hours: str, at: float) -> list[int]:
        said.clear()
        in_force.is_open(hours, at)
        in_force.is_holiday(hours, at)
        return said

    assert told("office", new_year - 1) == []
    assert told("never", new_year) == []
    assert told("office", new_year) == [last_known_year() + 1]
    assert told("office", new_year + a_day - 1) == []
    assert told("office", new_year + a_day) == [last_known_year() + 1]


def test_all_that_is_wrong_comes_at_once_from_all_files(files: Files) -> None:
    files.site.write_text(SITE.replace("strategy: random", "strategy: best"), "utf-8")
    (files.flows / "main.yaml").write_text(FLOW.format(sign="").replace("hangup", "explode"))
    (files.flows / "other.yaml").write_text("schema: 1\nsteps: [", "utf-8")
    with pytest.raises(BadFileError) as refused:
        files.load()
    places = {Path(str(problem.file)).name for problem in refused.value.problems}
    assert places == {"site.yaml", "main.yaml", "other.yaml"}


def test_a_flow_that_a_number_needs_and_is_gone_is_refused(files: Files) -> None:
    (files.flows / "other.yaml").unlink()
    with pytest.raises(BadFileError):
        files.load()


def test_the_version_a_call_began_in_stays(files: Files) -> None:
    in_force = InForce(files.load())
    began = in_force.flow_for("4001")
    files.flow("main", "！")
    in_force.replace(files.load())
    now = in_force.flow_for("4001")
    assert now.version != began.version
    assert in_force.flow_of_version("main", began.version) is began
    assert in_force.flow_of_version("main", now.version) is now
    assert in_force.flow_of_version("main", "") is None


def test_what_is_in_force_is_never_forgotten_however_often_others_change(files: Files) -> None:
    loaded = files.load()
    in_force = InForce(loaded)
    kept = in_force.flow_for("4002")
    for number in range(MOST_VERSIONS + 10):
        changed = replace(loaded.flows[FlowId("main")], version=str(number))
        in_force.replace(replace(loaded, flows={**loaded.flows, FlowId("main"): changed}))
    assert in_force.flow_of_version("other", kept.version) is kept
    assert len(in_force._versions) <= MOST_VERSIONS


class Watched:
    """A watch over the files; ``reloads`` is how often it called."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.reloads = 0
        self.came = asyncio.Event()
        self.looked = 0

    async def changed(self) -> None:
        self.reloads += 1
        self.came.set()

    async def reloaded(self) -> None:
        await asyncio.wait_for(self.came.wait(), 5)
        self.came.clear()


async def _watched(files: Files, then: Callable[[Watched], Awaitable[None]]) -> None:
    watched = Watched(files)
    task = asyncio.create_task(watch(files.site, files.flows, watched.changed, 0.01))
    try:
        await asyncio.sleep(0.05)
        await then(watched)
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_changes_are_seen_once_each(files: Files) -> None:
    async def changes(watched: Watched) -> None:
        assert watched.reloads == 0
        files.flow("main", "！！")
        await watched.reloaded()
        files.site.write_text(SITE + "# more\n", "utf-8")
        await watched.reloaded()
        files.flow("third", "?")
        await watched.reloaded()
        (files.flows / "third.yaml").unlink()
        await watched.reloaded()
        (files.flows / "notes.txt").write_text("not a flow")
        await asyncio.sleep(0.05)
        assert watched.reloads == 4

    await _watched(files, changes)


async def test_a_site_file_that_is_gone_for_a_moment_stops_nothing(files: Files) -> None:
    """As an editor saves: away, then anew."""

    async def replaced(watched: Watched) -> None:
        files.site.unlink()
        await watched.reloaded()
        files.site.write_text(SITE, "utf-8")
        await watched.reloaded()

    await _watched(files, replaced)


def test_a_file_that_is_still_being_written_is_not_read(files: Files) -> None:
    """Two looks must see the same: the stamp tells name, moment and length."""
    before = stamp(files.site, files.flows)
    with files.site.open("a") as site:
        site.write("#")
        site.flush()
        assert stamp(files.site, files.flows) != before
    assert stamp(files.site / "nowhere", files.flows / "nowhere") == ()


def test_what_is_accepted_of_a_site_is_said_in_the_log_at_each_load(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, str]] = []

    class Log:
        def warning(self, event: str, **keys: str) -> None:
            said.append({"event": event, **keys})

    monkeypatch.setattr(flows, "log", Log())
    load_ = "load: {calls_per_hour: 90, handling: 60}"
    files.site.write_text(
        "starvation: accept\n" + SITE.replace('["1001"]}', f'["1001"], {load_}}}'), "utf-8"
    )
    in_force = InForce(files.load())
    in_force.replace(files.load())
    assert [log["event"] for log in said] == ["file.warning", "file.warning"]
    assert "accepted: more calls than the agents can take (150%" in said[0]["warning"]
    assert said[0]["at"] == "site.yaml:8"
