"""Rules that look through flows into others: what they refuse, and what they must let pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccengine.ivr.load import read_flows

ENDS = "  bye: {type: hangup}\n"
SALES = "  sales: {type: enqueue, queue: sales, timed_out: bye, no_agents: bye, full: bye}\n"
AT_ONCE = "schema: 1\nstart: back\nsteps:\n  back: {type: return, result: done}\n"
MENU = """\
schema: 1
start: ask
steps:
  ask:
    type: menu
    say: {zh-CN: 继续请按1。, en: "To go on, press 1."}
    keys: {"1": back}
    no_input: back
    invalid: back
  back: {type: return, result: done}
"""


def told(folder: Path, **flows: str) -> list[str]:
    """Messages, each with its file."""
    for name, text in flows.items():
        text = text if text.startswith("schema") else f"schema: 1\nstart: first\nsteps:\n{text}"
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    read = read_flows(folder, None)
    return [
        f"{Path(problem.file).stem}:{problem.at.line}: {problem.message}"
        for problem in (*read.problems, *read.warnings)
    ]


def test_a_round_through_a_flow_that_returns_at_once_spins(tmp_path: Path) -> None:
    assert told(tmp_path, main="  first: {type: flow, flow: sub, else: first}\n", sub=AT_ONCE) == [
        "main:4: the steps first → first go round without ever waiting for the caller",
    ]


def test_a_round_through_a_flow_that_listens_does_not_spin(tmp_path: Path) -> None:
    main = f"  first: {{type: flow, flow: sub, ways: {{done: sales}}}}\n{SALES}{ENDS}"
    again = main.replace("timed_out: bye", "timed_out: first")
    assert told(tmp_path, main=again, sub=MENU) == []


def test_the_same_flow_twice_in_a_row_is_no_round(tmp_path: Path) -> None:
    main = (
        "  first: {type: flow, flow: sub, else: second}\n"
        "  second: {type: flow, flow: sub, else: bye}\n" + ENDS
    )
    assert told(tmp_path, main=main, sub=AT_ONCE) == []


def test_flows_that_go_to_one_another_at_once_spin(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        one="  first: {type: goto, flow: two}\n",
        two="  first: {type: goto, flow: one}\n",
    )
    assert found[0] == (
        "one:4: the steps first → first (of two) → first go round "
        "without ever waiting for the caller"
    )


def test_a_human_behind_the_return_is_a_human(tmp_path: Path) -> None:
    main = f"  first: {{type: flow, flow: sub, else: sales}}\n{SALES}{ENDS}"
    assert told(tmp_path, main=main, sub=MENU) == []


def test_a_human_in_another_flow_is_a_human(tmp_path: Path) -> None:
    ask = MENU.replace("  back: {type: return, result: done}", "  back: {type: goto, flow: queue}")
    assert told(tmp_path, main=ask, queue=f"{SALES}{ENDS}".replace("sales:", "first:", 1)) == []


def test_a_return_to_where_no_human_is_helps_nobody(tmp_path: Path) -> None:
    main = f"  first: {{type: flow, flow: sub, else: bye}}\n{ENDS}"
    assert told(tmp_path, main=main, sub=MENU) == [
        "sub:4: from the menu 'ask' no caller can get to a human"
    ]


def test_whoever_may_yet_enter_a_flow_may_have_a_human(tmp_path: Path) -> None:
    assert told(tmp_path, sub=MENU) == []


@pytest.mark.parametrize(("flows", "refused"), [(8, False), (9, True)])
def test_eight_flows_inside_one_another_are_the_most(
    tmp_path: Path, flows: int, refused: bool
) -> None:
    chain = {
        f"f{n}": f"  first: {{type: flow, flow: f{n + 1}, else: bye}}\n{ENDS}"
        for n in range(1, flows)
    }
    found = told(tmp_path, **chain, **{f"f{flows}": AT_ONCE})
    assert ["f8:4: 9 flows would be inside one another by here"] * refused == found
