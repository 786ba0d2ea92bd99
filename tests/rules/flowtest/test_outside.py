"""What systems, queues and phones answer in a case reaches the flow as on the phone."""

from __future__ import annotations

from tests.rules.flowtest.conftest import RunCases, WriteFlow

BALANCE = """
    schema: 1
    start: pin
    steps:
      pin:
        type: collect
        say: {zh-CN: 请输入密码。, en: Your PIN please.}
        into: pin
        digits: 6
        secret: true
        no_input: people
        invalid: people
        next: ask
      ask:
        type: lookup
        http: {system: bank, method: POST, path: /balance, json: {pin: "{pin}"}}
        into: {balance: account.balance}
        found: enough
        nothing: people
        failed: people
      enough:
        type: branch
        when: [{if: balance > 100, next: rich}]
        else: poor
      rich: {type: hangup, say: {zh-CN: "余额{balance|money}。", en: "You have {balance|money}."}}
      poor: {type: hangup, say: {zh-CN: 余额不足。, en: Not enough.}}
      people: {type: enqueue, queue: sales, timed_out: poor, no_agents: poor, full: poor}
"""


async def test_answers_by_system_and_in_the_steps(write_flow: WriteFlow, run_in: RunCases) -> None:
    write_flow(BALANCE)
    done = await run_in("""
        schema: 1
        cases:
          - name: by system
            answers: {bank: {account: {balance: 123, owner: nobody}}}
            steps: [press: "123456", hears: 一百二十三]
            ends: finished
            at_step: rich
            data: {balance: 123}
          - name: in the steps
            steps: [press: "123456", asks: bank, lookup: {account: {balance: 3}}, hears: 不足]
            ends: finished
            at_step: poor
          - name: late
            steps: [press: "123456", lookup: late, asks: queue sales, queue: no_agents]
            ends: finished
          - name: knows nothing
            answers: {bank: [nothing]}
            steps: [press: "123456", queue: full]
            ends: finished
    """)
    assert [str(outcome) for outcome in done.failed] == []


async def test_a_pin_is_not_in_the_dialogue(write_flow: WriteFlow, run_in: RunCases) -> None:
    write_flow(BALANCE)
    done = await run_in("""
        schema: 1
        cases:
          - {name: pin, steps: [press: "192837", lookup: late, queue: served], ends: finished}
    """)
    (outcome,) = done.outcomes
    assert outcome.passed, str(outcome)
    told = "\\n".join(map(str, outcome.lines))
    assert "> presses ••••••" in told
    assert "192837" not in told


async def test_a_question_without_an_answer_says_so(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(BALANCE)
    done = await run_in("""
        schema: 1
        cases:
          - {name: none, steps: [press: "123456"], ends: finished}
          - {name: wrong kind, steps: [press: "123456", queue: served], ends: finished}
          - name: no answer at all
            answers: {bank: perhaps}
            steps: [press: "123456", hears: 余额]
            ends: finished
    """)
    why = [outcome.why for outcome in done.outcomes]
    assert "at ask the call asks bank POST (secret)" in why[0]
    assert "expected: a call that waits for a queue" in why[1]
    assert "expected: an answer that fits" in why[2]
    assert "perhaps" in why[2]
