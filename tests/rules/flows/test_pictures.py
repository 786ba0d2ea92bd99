"""A flow's picture and Mermaid text: all of it, the same each time, and safe to show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from ccengine.flows.chart import chart
from ccengine.flows.mermaid import mermaid, quoted
from ccengine.flows.picture import Mark, picture
from ccengine.flows.typeset import cut, lines, wide
from ccengine.ids import FlowId
from ccengine.ivr.load import read_flows
from ccengine.ivr.model import Flow

SHIPPED = Path(__file__).parents[3] / "ivr_flows"
SVG = "{http://www.w3.org/2000/svg}"


def flow_of(steps: dict[str, object], tmp_path: Path) -> Flow:
    first = next(iter(steps))
    said = {"schema": 1, "start": first, "no_human": "a test", "steps": steps}
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    read = read_flows(tmp_path, None)
    assert read.problems == ()
    return read.flows[FlowId("one")]


def both(text: str) -> dict[str, str]:
    return {"zh-CN": text, "en": text}


SHIPPED_FLOWS = list(read_flows(SHIPPED, None).flows.values())


@pytest.mark.parametrize("flow", SHIPPED_FLOWS, ids=lambda flow: flow.id)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_shipped_flow_is_drawn_whole_and_always_alike(flow: Flow, language: str) -> None:
    drawn = picture(flow, language)
    assert drawn == picture(flow, language)
    root = ET.fromstring(drawn)
    assert {card.get("data-step") for card in root.iter() if card.get("data-step")} == set(
        flow.steps
    )
    # A way is a line or is told by its target's name.
    shown = {card.get("data-to") for card in root.iter() if card.get("data-to")}
    assert shown == {branch.to for step in flow.steps.values() for branch in step.ways()}
    assert "style=" not in drawn
    assert "<script" not in drawn


def _boxes(drawn: str) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for card in ET.fromstring(drawn).iter(f"{SVG}g"):
        name = card.get("data-step")
        if name is None:
            continue
        x, y = map(float, re.findall(r"[-\d.]+", card.get("transform", "")))
        rect = card.find(f"{SVG}rect")
        assert rect is not None
        found[name] = (x, y, float(rect.get("width", 0)), float(rect.get("height", 0)))
    return found


@pytest.mark.parametrize("flow", SHIPPED_FLOWS, ids=lambda flow: flow.id)
def test_no_card_lies_on_another(flow: Flow) -> None:
    boxes = list(_boxes(picture(flow, "zh-CN")).values())
    for number, (x, y, wide_, high) in enumerate(boxes):
        for other_x, other_y, other_wide, other_high in boxes[:number]:
            apart = (
                x + wide_ <= other_x
                or other_x + other_wide <= x
                or y + high <= other_y
                or other_y + other_high <= y
            )
            assert apart


def test_a_way_back_is_named_and_a_way_on_is_a_line(tmp_path: Path) -> None:
    flow = flow_of(
        {
            "menu": {
                "type": "menu",
                "say": both("1"),
                "keys": {"1": "again", "2": "end"},
                "no_input": "end",
                "invalid": "end",
            },
            "again": {"type": "play", "say": both("再来一次"), "next": "menu"},
            "end": {"type": "hangup"},
        },
        tmp_path,
    )
    drawn = chart(flow, "en")
    (back,) = drawn.nodes["again"].ways
    assert (back.to, back.line) == ("menu", False)
    again, end = drawn.nodes["menu"].ways
    assert (again.keys, again.line) == (("1",), True)
    assert (end.keys, end.words) == (("2",), ("no input", "invalid"))
    assert drawn.columns == [["menu"], ["again", "end"]]


def test_what_a_flow_says_cannot_become_markup(tmp_path: Path) -> None:
    evil = '</text><script>alert("1")</script>&amp; |"] --> x'
    flow = flow_of({"end": {"type": "hangup", "say": both(evil), "title": both(evil)}}, tmp_path)
    drawn = picture(flow, "en", title=evil, marks={"end": Mark(text=evil, heat=7)})
    assert "<script" not in drawn
    ET.fromstring(drawn)
    said = mermaid(flow, "en")
    (box,) = [line for line in said.splitlines() if line.startswith("    s0(")]
    assert re.fullmatch(r'    s0\(\["[^"\[\]<>|]*<br/>[^"\[\]<>|]*"\]\)', box)


def test_mermaid_has_a_line_for_each_step_and_way() -> None:
    flow = next(flow for flow in SHIPPED_FLOWS if flow.id == "main")
    said = mermaid(flow, "zh-CN").splitlines()
    assert said[0] == "flowchart LR"
    pairs = {(name, branch.to) for name, step in flow.steps.items() for branch in step.ways()}
    assert len(said) == 2 + len(flow.steps) + len(pairs)
    assert any(re.fullmatch(r'    s\d+ -->\|"1"\| s\d+', line) for line in said)


def test_quoted_leaves_words_and_numbers_the_rest() -> None:
    assert quoted('按1 "x" #') == "按1 #34;x#34; #35;"


def test_chinese_counts_in_full_squares() -> None:
    assert wide("您好", 10) == 20
    assert wide("Hello", 10) < 35
    assert cut("您好，欢迎致电", 10, 40) == "您好，…"
    assert cut("您好", 10, 20) == "您好"
    assert lines("您好，欢迎致电示范客服中心。", 10, 50, 2) == ["您好，欢迎", "致电示范…"]
    assert lines("For sales press one", 10, 60, 3) == ["For sales", "press one"]


def test_thirty_ways_to_one_step_are_named(tmp_path: Path) -> None:
    steps: dict[str, object] = {
        f"s{number}": {
            "type": "menu",
            "say": both("x"),
            "keys": {"1": f"s{number + 1}" if number < 29 else "end"},
            "no_input": "end",
            "invalid": "end",
        }
        for number in range(30)
    }
    flow = flow_of({**steps, "end": {"type": "hangup"}}, tmp_path)
    drawn = chart(flow, "en")
    to_end = [way for node in drawn.nodes.values() for way in node.ways if way.to == "end"]
    assert not any(way.line for way in to_end)
    ET.fromstring(picture(flow, "en"))
