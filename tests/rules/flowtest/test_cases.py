"""A case is lived through as a caller on a phone would."""

from __future__ import annotations

from tests.rules.flowtest.conftest import RunCases, WriteFlow

ORDERS = """
    schema: 1
    start: hello
    steps:
      hello: {type: play, say: {zh-CN: 您好。, en: Hello.}, next: ask}
      ask:
        type: collect
        say: {zh-CN: 请输入订单号。, en: Please enter your order number.}
        into: order_no
        digits: {least: 3, most: 6}
        no_input: people
        invalid: {say: {zh-CN: 订单号有误。, en: That is not right.}, next: people}
        next: look
      look:
        type: branch
        when: [{if: order_no == "123456", next: known}]
        else: menu
      known: {type: play, say: {zh-CN: 您的订单已发货。, en: It is on its way.}, next: bye}
      menu:
        type: menu
        say: {zh-CN: 人工服务请按0。, en: "For an operator, press 0."}
        keys: {"0": people}
        no_input: bye
        invalid: bye
        barge_in: false
      people:
        type: enqueue
        queue: sales
        timed_out: bye
        no_agents: bye
        full: bye
        keys: {"9": bye}
      bye: {type: hangup, say: {zh-CN: 再见。, en: Goodbye.}}
"""


async def test_digits_are_ended_by_length_terminator_or_silence(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(ORDERS)
    done = await run_in("""
        schema: 1
        cases:
          - name: full
            steps: [hears: 您好, hears: 订单号, press: "123456", hears: 已发货, hears: 再见]
            ends: finished
            at_step: bye
            data: {order_no: "123456"}
          - name: the pound key out of habit means nothing
            steps: [press: "654321#", hears: 请按0, press: "0", queue: served]
            ends: finished
            at_step: people
          - name: a short number and the pound key
            steps: [press: "123#", hears: 请按0, silence, hears: 请按0, silence, silence]
            ends: finished
            data: {order_no: "123"}
          - name: a pause ends it too
            steps: [press: "1234", silence, hears: 请按0, hang_up]
            ends: hung_up
            at_step: menu
            data: {order_no: "1234"}
          - name: too short
            steps: [press: "1#", hears: 订单号有误。请输入订单号。, press: "123456"]
            ends: finished
            at_step: bye
    """)
    assert [str(outcome) for outcome in done.failed] == []


async def test_keys_typed_ahead_wait_for_the_next_question_unless_it_begins_afresh(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow("""
        schema: 1
        start: first
        steps:
          first:
            type: menu
            say: {zh-CN: 一, en: One}
            keys: {"1": told}
            no_input: bye
            invalid: bye
          told: {type: play, say: {zh-CN: 请听。, en: Listen.}, next: second}
          second:
            type: menu
            say: {zh-CN: 二, en: Two}
            keys: {"2": third}
            no_input: bye
            invalid: bye
          third:
            type: menu
            say: {zh-CN: 三, en: Three}
            keys: {"3": people}
            no_input: bye
            invalid: bye
            barge_in: false
          people: {type: enqueue, queue: sales, timed_out: bye, no_agents: bye, full: bye}
          bye: {type: hangup}
    """)
    done = await run_in("""
        schema: 1
        cases:
          - name: over a prompt that no key interrupts
            steps: [press: "12", hears: 请听, hears: 三, press: "3", queue: served]
            ends: finished
            at_step: people
            way: [{first: "1"}, {told: played}, {second: "2"}, {third: "3"}, {people: served}]
          - name: not into a menu that is to be heard out
            steps: [press: "123", hears: 三, silence, silence, silence]
            ends: finished
            at_step: bye
    """)
    assert [str(outcome) for outcome in done.failed] == []
    heard = [line.text for line in done.outcomes[0].lines if line.who == "flow"]
    assert heard == ["一", "请听。", "三"]  # the second question is answered before it is asked


async def test_an_exit_key_leaves_the_queue_and_other_keys_do_nothing(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(ORDERS)
    done = await run_in("""
        schema: 1
        cases:
          - name: nine
            steps: [silence, silence, silence, asks: queue, press: "5", press: "9", hears: 再见]
            ends: finished
            at_step: bye
    """)
    assert [str(outcome) for outcome in done.failed] == []


async def test_a_failing_case_tells_the_dialogue_and_both_sides(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(ORDERS)
    done = await run_in("""
        schema: 1
        cases:
          - name: wrong hopes
            steps:
              - hears: 您好
              - press: "123456"
              - hears: 已签收
            ends: finished
    """)
    (failed,) = done.failed
    told = str(failed)
    assert "tests/main.yaml:8:9" in told
    assert "zh  请输入订单号。" in told
    assert "> presses 123456" in told
    assert "expected: hears 已签收" in told
    assert "您的订单已发货。" in told.split("got: ")[1]


async def test_the_end_is_compared_in_all_its_parts(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(ORDERS)
    done = await run_in("""
        schema: 1
        cases:
          - {name: result, steps: [hang_up], ends: finished}
          - {name: step, steps: [hang_up], ends: hung_up, at_step: ask}
          - name: data
            steps: [press: "123456"]
            ends: finished
            data: {order_no: 123456}
          - {name: way, steps: [hang_up], ends: hung_up, way: [{hello: played}]}
          - {name: not over, steps: [hears: 您好], ends: finished}
          - {name: nobody takes keys, steps: [press: "123456", press: "1"], ends: finished}
    """)
    why = {outcome.written.case.name: outcome.why for outcome in done.outcomes}
    assert "expected: ends finished\n     got: it ends hung_up at hello" in why["result"]
    assert "got: it ends hung_up at hello" in why["step"]
    assert "order_no = '123456'" in why["data"]
    assert "expected: the way hello (played)" in why["way"]
    assert "the flow waits for digits at ask" in why["not over"]
    assert "the call is over (finished at bye)" in why["nobody takes keys"]


async def test_what_no_case_goes_through_is_named(write_flow: WriteFlow, run_in: RunCases) -> None:
    write_flow(ORDERS)
    done = await run_in("""
        schema: 1
        cases:
          - {name: one, steps: [press: "123456"], ends: finished}
    """)
    coverage = done.coverage
    assert coverage.missing_steps == [("main", "menu"), ("main", "people")]
    missing = [(step, at) for _, step, at in coverage.missing_ways if step in ("ask", "look")]
    assert missing == [
        ("ask", ("no_input", "next")),
        ("ask", ("invalid", "next")),
        ("look", ("else",)),
    ]
    assert 0 < coverage.percent < 100


async def test_hours_follow_the_clock_of_the_case_and_what_it_states(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow("""
        schema: 1
        start: now
        steps:
          now: {type: hours, hours: office, open: day, closed: night}
          day: {type: hangup, say: {zh-CN: 白天好。, en: Good day.}}
          night: {type: hangup, say: {zh-CN: 晚上好。, en: Good night.}}
    """)
    done = await run_in("""
        schema: 1
        cases:
          - {name: stated, hours: {office: closed}, steps: [hears: 晚上好], ends: finished}
          - {name: open without a site file, steps: [hears: 白天好], ends: finished}
    """)
    assert [str(outcome) for outcome in done.failed] == []
