"""Flows that enter flows: in, back with a result, for good, too deep, and after a restart."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ccengine.ids import CallId, FlowId
from ccengine.ivr.engine import FlowRun
from ccengine.ivr.frames import TooDeepError
from ccengine.ivr.link import linked
from ccengine.ivr.load import check_flows, read_flows
from ccengine.ivr.model import Flow, FlowContext
from ccengine.ivr.saved import FlowChangedError
from ccengine.ivr.waits import EndWait, PlayWait
from ccengine.journal.facts import FlowStepped

Dial = Any
WriteFlows = Callable[..., dict[FlowId, Flow]]

MAIN = """
    start: identify
    steps:
      identify:
        type: flow
        flow: identify
        give: {tries: 1 + 1}
        take: {account: account_no}
        ways: {known: balance}
        else: bye
      balance:
        type: play
        say: {zh-CN: "账号{account|digits}", en: "Account {account|digits}"}
        next: bye
      bye: {type: hangup}
"""
IDENTIFY = """
    takes: [tries]
    start: ask
    steps:
      ask: {type: play, say: {zh-CN: "{tries|number}次", en: "{tries|number} tries"}, next: learn}
      learn: {type: set, values: {account_no: {text: "77{tries}"}}, next: which}
      which:
        type: branch
        when: [{if: 'account_no == "772"', next: known}]
        else: unknown
      known: {type: return, result: known}
      unknown: {type: return, result: unknown}
"""


def put(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        written = "schema: 1\nno_human: a test\n" + textwrap.dedent(text)
        (folder / f"{name}.yaml").write_text(written, "utf-8")


@pytest.fixture
def write_flows(tmp_path: Path) -> WriteFlows:
    def write(**texts: str) -> dict[FlowId, Flow]:
        put(tmp_path, texts)
        flows, problems = check_flows(tmp_path, None)
        assert problems == []
        return flows

    return write


def test_a_flow_is_entered_with_what_it_takes_and_returns_with_what_it_learnt(
    write_flows: WriteFlows, dial: Dial
) -> None:
    call = dial(write_flows(main=MAIN, identify=IDENTIFY)[FlowId("main")])
    call.hears("二", "次")
    assert call.run.flow_now.id == "identify"
    call.listens()
    call.hears("账号", "七", "七", "二")
    assert call.run.data == {"account": "772"}
    call.listens()
    call.ends("finished", step="bye")
    steps = [(f.flow, f.step, f.result) for f in call.facts if isinstance(f, FlowStepped)]
    assert steps == [
        ("identify", "ask", "played"),
        ("identify", "learn", "set"),
        ("identify", "which", "when_1"),
        ("identify", "known", "known"),
        ("main", "identify", "known"),
        ("main", "balance", "played"),
        ("main", "bye", "hung_up_by_flow"),
    ]


def test_a_call_is_taken_up_again_inside_the_other_flow(
    write_flows: WriteFlows, dial: Dial
) -> None:
    flow = write_flows(main=MAIN, identify=IDENTIFY)[FlowId("main")]
    call = dial(flow)
    call.run = FlowRun.restore(flow, call.run.save(), call.is_open)
    call.wait = call.run.wait
    call.hears("二", "次")
    call.listens()
    call.hears("账号", "七", "七", "二")


def test_a_change_of_the_other_flow_is_a_change_of_this_one(
    write_flows: WriteFlows, dial: Dial
) -> None:
    before = write_flows(main=MAIN, identify=IDENTIFY)[FlowId("main")]
    saved = dial(before).run.save()
    after = write_flows(identify=IDENTIFY.replace("次", "回"))
    assert after[FlowId("main")].version != before.version
    with pytest.raises(FlowChangedError):
        FlowRun.restore(after[FlowId("main")], saved, lambda hours, now: True)


def test_a_flow_that_leads_nowhere_has_the_version_of_its_file(
    write_flows: WriteFlows, tmp_path: Path
) -> None:
    flows = write_flows(main=MAIN, identify=IDENTIFY)
    drafts = read_flows(tmp_path, None).drafts
    assert flows[FlowId("identify")].version == drafts[FlowId("identify")].document.version
    assert flows[FlowId("main")].version != drafts[FlowId("main")].document.version
    assert set(flows[FlowId("main")].others) == {"identify"}


def test_who_goes_to_another_flow_for_good_returns_to_where_this_one_would_have(
    write_flows: WriteFlows, dial: Dial
) -> None:
    flows = write_flows(
        main="""
            start: enter
            steps:
              enter: {type: flow, flow: relay, ways: {}, else: after}
              after: {type: hangup, say: {zh-CN: 再见, en: Bye}}
        """,
        relay="""
            start: on
            steps:
              on: {type: goto, flow: last, give: {word: '"go"'}}
        """,
        last="""
            takes: [word]
            start: which
            steps:
              which: {type: branch, when: [{if: 'word == "go"', next: say}], else: back}
              say: {type: play, say: {zh-CN: 到了, en: Here}, next: back}
              back: {type: return, result: done}
        """,
    )
    call = dial(flows[FlowId("main")])
    call.hears("到了")
    assert set(flows[FlowId("main")].others) == {"relay", "last"}
    call.listens()
    call.hears("再见")
    assert call.way[0] == ("on", "last")
    assert call.way[-1] == ("enter", "done")


def test_flows_may_lead_to_each_other_in_a_ring_and_still_no_call_goes_round_for_ever(
    write_flows: WriteFlows, dial: Dial
) -> None:
    ring = """
        start: say
        steps:
          say: {{type: play, say: {{zh-CN: 请听, en: Listen}}, next: on}}
          on: {{type: goto, flow: {other}}}
    """
    flows = write_flows(ping=ring.format(other="pong"), pong=ring.format(other="ping"))
    ping, pong = flows[FlowId("ping")], flows[FlowId("pong")]
    assert ping.others[FlowId("pong")] is pong
    assert pong.others[FlowId("ping")] is ping
    assert "others" not in repr(ping)
    call = dial(ping)
    while isinstance(call.wait, PlayWait):
        call.listens()
    assert call.wait == EndWait(result="failed")
    assert "more than 500 steps in one call" in str(call.errors[0])


def test_no_more_than_eight_flows_wait_for_each_others_return(
    write_flows: WriteFlows, dial: Dial, tmp_path: Path
) -> None:
    def deep(levels: int) -> dict[str, str]:
        texts = {
            f"f{level}": f"""
                start: down
                steps:
                  down: {{type: flow, flow: f{level + 1}, else: up}}
                  up: {{type: return, result: up}}
            """
            for level in range(levels - 1)
        }
        last = """
            start: say
            steps:
              say: {type: play, say: {zh-CN: 到底, en: Bottom}, next: up}
              up: {type: return, result: up}
        """
        return {**texts, f"f{levels - 1}": last}

    call = dial(write_flows(**deep(8))[FlowId("f0")])
    call.hears("到底")
    call.listens()
    call.ends("finished", step="up")
    put(tmp_path, deep(9))
    read = read_flows(tmp_path, None)
    assert FlowId("f0") not in read.flows
    unchecked = linked(read.drafts, ()).flows
    deeper = dial(unchecked[FlowId("f0")])
    assert isinstance(deeper.errors[0], TooDeepError)


def test_what_a_flow_is_given_is_bounded_like_what_it_learns(
    write_flows: WriteFlows, dial: Dial
) -> None:
    given = ", ".join(f"n{i}: {{text: '{'长' * 150}'}}" for i in range(8))
    names = ", ".join(f"n{i}" for i in range(8))
    flows = write_flows(
        main=f"""
            start: enter
            steps:
              enter: {{type: flow, flow: big, give: {{{given}}}, else: bye}}
              bye: {{type: hangup}}
        """,
        big=f"""
            takes: [{names}]
            start: read
            steps:
              read: {{type: branch, when: [{{if: {" or ".join(names.split(", "))}, next: up}}],
                else: up}}
              up: {{type: return, result: up}}
        """,
    )
    call = dial(flows[FlowId("main")])
    assert call.errors == []
    call.ends("finished", step="bye")


def test_a_flow_that_leads_to_a_faulty_one_is_told_and_not_used(
    write_flows: WriteFlows, tmp_path: Path
) -> None:
    write_flows(main=MAIN, identify=IDENTIFY)
    (tmp_path / "identify.yaml").write_text("schema: 1\nstart: x\nsteps: [\n", "utf-8")
    read = read_flows(tmp_path, None)
    assert read.flows == {}
    assert all(problem.file.endswith("identify.yaml") for problem in read.problems)
    assert [problem.message for problem in read.following] == [
        "the flow 'identify' has mistakes, or leads to one that has"
    ]


def test_faults_spread_to_all_that_lead_to_them_and_no_further(
    write_flows: WriteFlows, tmp_path: Path
) -> None:
    on = "start: on\nsteps:\n  on: {{type: goto, flow: {}}}\n"
    write_flows(
        a=on.format("b"), b=on.format("c"), c="start: e\nsteps:\n  e: {type: hangup}\n", **{
            "d": "start: e\nsteps:\n  e: {type: hangup}\n"
        }
    )  # fmt: skip
    links = linked(read_flows(tmp_path, None).drafts, {FlowId("c")})
    assert set(links.flows) == {"d"}
    assert [Path(problem.file).stem for problem in links.problems] == ["a", "b"]


def test_a_return_in_a_flow_that_a_number_leads_to_ends_the_call(
    write_flows: WriteFlows,
) -> None:
    flows = write_flows(
        main="""
            start: back
            steps:
              back: {type: return, result: done}
        """
    )
    context = FlowContext(
        call_id=CallId("c-1"), ani="1", dnis="2", vip_level="", language="en",
        is_open=lambda hours, now: True,
    )  # fmt: skip
    assert FlowRun(flows[FlowId("main")], context).start(0.0).wait == EndWait(result="finished")
