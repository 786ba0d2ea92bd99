"""What changed is said in steps, ways and texts, not in lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccengine.flows.difference import changes, text_changes
from ccengine.ids import FlowId
from ccengine.ivr.load import read_flows
from ccengine.ivr.model import Flow

MAIN = """\
schema: 1
title: {zh-CN: 总机, en: Main}
start: menu
no_human: a test
steps:
  menu:
    type: menu
    say: {zh-CN: 请按1。, en: Press 1.}
    keys: {"1": news, "2": bye}
    retries: 1
    no_input: bye
    invalid: {say: {zh-CN: 按错了。, en: Wrong.}, next: bye}
  news: {type: play, say: {zh-CN: 新闻。, en: News.}, next: bye}
  bye: {type: hangup}
"""


def flows(folder: Path, **texts: str) -> dict[FlowId, Flow]:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    read = read_flows(folder, None)
    assert read.problems == ()
    return read.flows


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2": bye', '"2": news', ["main.menu: key 2 now leads to news (was bye)"]),
        (
            '"2": bye',
            '"3": bye',
            [
                "main.menu: key 3 leads to bye (new)",
                "main.menu: key 2 no longer leads to bye",
            ],
        ),
        ("no_input: bye", "no_input: news", ["main.menu: no_input now leads to news (was bye)"]),
        ("新闻。", "好新闻。", ["main.news: text in zh-CN: “好新闻。” (was “新闻。”)"]),
        ("Wrong.", "No.", ["main.menu: text of invalid.say in en: “No.” (was “Wrong.”)"]),
        ("retries: 1", "retries: 3", ["main.menu: retries: “3” (was “1”)"]),
        ("en: Main", "en: Desk", ["main: title in en: “Desk” (was “Main”)"]),
        ("news", "today", ["main.today: renamed from news"]),
        ("menu:\n    type", "home:\n    type", ["main.home: renamed from menu"]),
        ("start: menu", "start: menu  # first", []),
    ],
)
def test_one_change_is_one_sentence(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    changed = MAIN.replace(old, new)
    if "home" in new:
        changed = changed.replace("start: menu", "start: home")
    assert changed != MAIN
    before, after = flows(tmp_path / "a", main=MAIN), flows(tmp_path / "b", main=changed)
    assert [str(change) for change in changes(before, after)] == said


def test_steps_and_flows_come_and_go(tmp_path: Path) -> None:
    more = MAIN.replace("next: bye}\n  bye", "next: more}\n  more: {type: goto, step: bye}\n  bye")
    before = flows(tmp_path / "a", main=MAIN, old=MAIN)
    after = flows(tmp_path / "b", main=more, new=MAIN)
    assert [str(change) for change in changes(before, after)] == [
        "main.news: next now leads to more (was bye)",
        "main.more: new step (goto)",
        "new: new flow",
        "old: flow removed",
    ]
    assert [change.what for change in changes(after, before)][-1] == "flow_added"


def test_the_lines_are_there_too() -> None:
    said = text_changes({FlowId("main"): "a\nb"}, {FlowId("main"): "a\nc"})
    assert said.splitlines()[-2:] == ["-b", "+c"]
    assert text_changes({}, {}) == ""
