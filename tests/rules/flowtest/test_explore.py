"""Every path is walked: planted mistakes are found, each with a case that leads there."""

from __future__ import annotations

import itertools
from typing import cast

from ccengine.flowtest.explore_report import Walked, walked
from ccengine.flowtest.flow_files import FlowFiles
from ccengine.flowtest.recorder import as_yaml
from ccengine.flowtest.spoken_time import estimated
from ccengine.ids import FlowId
from ccengine.ivr.waits import Prompt
from tests.rules.flowtest.conftest import RunCases, WriteFlow

TRAP = """
    schema: 1
    start: hello
    steps:
      hello: {type: play, say: {zh-CN: 您好, en: Hello}, next: ask}
      ask:
        type: collect
        say: {zh-CN: 请输入订单号。, en: Please enter your order number.}
        into: order_no
        digits: {least: 6, most: 10}
        check: {pattern: "2[0-9]{5,9}"}
        no_input: people
        invalid: people
        next: tries
      tries: {type: set, values: {tries: 1}, next: which}
      which:
        type: branch
        when:
          - {if: len(order_no) == 7, next: seven}
          - {if: order_no == "200000", next: lost}
        else: people
      seven: {type: hangup, say: {zh-CN: 再见, en: Bye}}
      lost:
        type: menu
        say: {zh-CN: 重听请按1，人工请按0。, en: "To repeat press 1, for a person press 0."}
        keys: {"1": again, "0": gate}
        retries: 0
        no_input: again
        invalid: again
      gate:
        type: branch
        when: [{if: tries > 3, next: people}]
        else: lost
      again: {type: play, say: {zh-CN: 您在这里。, en: You are here.}, next: lost}
      people: {type: enqueue, queue: sales, timed_out: bye, no_agents: bye, full: bye}
      bye: {type: hangup}
"""


async def walk(files: FlowFiles) -> Walked:
    return await walked(files.flows[FlowId("main")], None, estimated)


async def test_a_trap_is_found_where_calls_fall_into_it(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    found = await walk(write_flow(TRAP))

    assert found.wrong
    told = [(finding.kind, finding.step) for finding, _ in found.findings]
    assert told == [
        ("no_way_out", "lost"),
        ("silence_without_end", "lost"),
        ("no_person", "lost"),
        ("unreached_way", "gate"),
    ]
    assert "nothing that was tried makes `tries > 3` true" in found.findings[3][0].said

    # its case leads there: ready to be kept beside the flow
    case = found.findings[0][1]
    assert {"press": "200000#"} in cast("list[object]", case["steps"])
    done = await run_in("schema: 1\ncases:\n" + as_yaml([case]))
    assert done.problems == ()
    assert [str(outcome) for outcome in done.failed] == []


async def test_a_step_that_breaks_is_told_with_its_case(write_flow: WriteFlow) -> None:
    # more steps than a call may take between two waits
    names = ["much", *(f"n{place}" for place in range(60)), "people"]
    chain = "".join(
        f"{name}: {{type: set, values: {{x: '1'}}, next: {then}}}\n              "
        for name, then in itertools.pairwise(names)
    )
    found = await walk(
        write_flow(f"""
            schema: 1
            start: ask
            steps:
              ask:
                type: menu
                say: {{zh-CN: 请按1或0。, en: Press 1 or 0.}}
                keys: {{"1": much, "0": people}}
                no_input: people
                invalid: people
              {chain}people: {{type: enqueue, queue: q, timed_out: bye, no_agents: bye, full: bye}}
              bye: {{type: hangup}}
        """)
    )
    broken = [finding for finding, _ in found.findings if finding.kind == "breaks"]
    assert len(broken) == 1
    assert "without waiting for the caller" in broken[0].said
    assert found.findings[0][1]["ends"] == "failed"


async def test_opening_hours_are_walked_both_ways(write_flow: WriteFlow) -> None:
    found = await walk(
        write_flow("""
            schema: 1
            start: now
            steps:
              now: {type: hours, hours: office, open: people, closed: night, holiday: feast}
              night: {type: hangup, say: {zh-CN: 晚上好。, en: Good night.}}
              feast: {type: hangup, say: {zh-CN: 节日好。, en: Happy holidays.}}
              people: {type: enqueue, queue: q, timed_out: bye, no_agents: bye, full: bye}
              bye: {type: hangup}
        """)
    )
    assert found.explored.coverage.missing_steps == []
    assert not found.wrong


async def test_the_figures_of_a_flow(write_flow: WriteFlow) -> None:
    def ten_seconds(prompt: Prompt) -> float:
        return 10.0

    files = write_flow("""
        schema: 1
        start: hello
        steps:
          hello: {type: play, say: {zh-CN: 您好, en: Hello}, next: first}
          first:
            type: menu
            say: {zh-CN: 一, en: One}
            keys: {"1": second}
            no_input: bye
            invalid: bye
          second:
            type: menu
            say: {zh-CN: 二, en: Two}
            keys: {"0": people}
            no_input: bye
            invalid: bye
          people: {type: enqueue, queue: q, timed_out: bye, no_agents: bye, full: bye}
          bye: {type: hangup}
    """)
    found = await walked(files.flows[FlowId("main")], None, ten_seconds)
    # ten seconds of greeting and ten of the menu; a caller who knows the way presses after one
    assert [(figure.name, figure.value) for figure, _ in found.figures] == [
        ("first_choice_s", 20.0),
        ("person_s", 12.0),
        ("far_from_person_s", 12.0),
        ("deepest_choice", 2),
    ]


async def test_what_no_later_step_asks_for_keeps_no_calls_apart(write_flow: WriteFlow) -> None:
    def flow(condition: str) -> str:
        return f"""
            schema: 1
            start: ask
            steps:
              ask:
                type: collect
                say: {{zh-CN: 请输入号码。, en: Your number please.}}
                into: number
                digits: {{least: 1, most: 6}}
                no_input: people
                invalid: people
                next: menu
              menu:
                type: menu
                say: {{zh-CN: 请按0。, en: Press 0.}}
                keys: {{"0": which}}
                no_input: people
                invalid: people
              which:
                type: branch
                when:
                  - if: {condition}
                    next: bye
                else: people
              people: {{type: enqueue, queue: q, timed_out: bye, no_agents: bye, full: bye}}
              bye: {{type: hangup}}
        """

    asked = await walk(write_flow(flow('number in ["1", "22", "333"]')))
    not_asked = await walk(write_flow(flow('caller.number in ["1", "22", "333"]')))

    def menus(found: Walked) -> int:
        """Situations at the menu, for one caller, who has pressed nothing there yet."""
        return sum(
            (state.step, state.arrival.ani) == ("menu", "13900000000")
            and not (state.run.memory["silences"] or state.run.memory["wrong"])
            for state in found.explored.states
        )

    assert menus(asked) >= 4  # each of the three, and any other
    assert menus(not_asked) == 1
    assert [finding.said for finding, _ in asked.findings] == []
