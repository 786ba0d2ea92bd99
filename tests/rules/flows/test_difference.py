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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2": bye', '"2": news', "按 2 改为通向 news（原为 bye）"),
        ("no_input: bye", "no_input: news", "“无按键” 改为通向 news（原为 bye）"),
        ("新闻。", "好新闻。", "中文话术：“好新闻。”（原为 “新闻。”）"),
        ("Wrong.", "No.", "英文话术 invalid.say：“No.”（原为 “Wrong.”）"),
        ("retries: 1", "retries: 3", "retries：“3”（原为 “1”）"),
        ("    retries: 1\n", "", "retries：“2”（原为 “1”）"),
        ("en: Main", "en: Desk", "英文标题：“Desk”（原为 “Main”）"),
        ("news", "today", "由 news 改名而来"),
        (
            "bye: {type: hangup}",
            "bye: {type: goto, step: menu}",
            "现为“跳转”步骤（原为“挂机”）",
        ),
    ],
)
def test_each_sentence_is_there_in_chinese(old: str, new: str, said: str, tmp_path: Path) -> None:
    before = flows(tmp_path / "a", main=MAIN)
    after = flows(tmp_path / "b", main=MAIN.replace(old, new))
    assert changes(before, after)[0].said("zh-CN") == said


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
