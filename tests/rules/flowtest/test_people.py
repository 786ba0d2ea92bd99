"""Transfers, messages, conferences, callbacks and surveys in cases."""

from __future__ import annotations

from tests.rules.flowtest.conftest import RunCases, WriteFlow

PEOPLE = """
    schema: 1
    start: menu
    steps:
      menu:
        type: menu
        say: {zh-CN: 请选择。, en: Please choose.}
        keys: {"1": desk, "2": mail, "3": room, "4": again, "5": happy}
        no_input: bye
        invalid: bye
      desk: {type: transfer, extension: "1001", no_answer: mail, busy: again, answered: happy}
      mail:
        type: voicemail
        say: {zh-CN: 请留言。, en: Please leave a message.}
        mailbox: sales
        left: bye
        nothing: sorry
      room: {type: conference, room: weekly, full: sorry, failed: sorry, left: bye}
      again: {type: callback, queue: sales, arranged: bye, not_arranged: sorry}
      happy:
        type: survey
        survey: service
        say: {zh-CN: 请评价，1到5。, en: "Please rate us, 1 to 5."}
        answered: bye
        nothing: bye
      sorry: {type: hangup, say: {zh-CN: 很抱歉。, en: Sorry.}}
      bye: {type: hangup, say: {zh-CN: 再见。, en: Goodbye.}}
"""


async def test_what_becomes_of_each_is_said_in_the_case(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(PEOPLE)
    done = await run_in("""
        schema: 1
        cases:
          - name: answered, then rated
            steps: [press: "1", asks: rings 1001, transfer: answered, hears: 请评价, press: "5",
                    hears: 再见]
            ends: finished
          - name: nobody answers, and a message is left
            steps: [press: "1", transfer: no_answer, hears: 请留言, asks: for sales,
                    record: {seconds: 8}, hears: 再见]
            ends: finished
          - name: no message after all
            steps: [press: "2", hears: 请留言, record: nothing, hears: 很抱歉]
            ends: finished
          - name: the pound key ends a message
            steps: [press: "2", hears: 请留言, press: "#", hears: 再见]
            ends: finished
          - name: a message that is spoken
            steps: [press: "2", says: 请给我回电, hears: 再见]
            ends: finished
          - name: the room is full
            steps: [press: "3", asks: conference, conference: full, hears: 很抱歉]
            ends: finished
          - name: left the room
            steps: [press: "3", conference: left, hears: 再见]
            ends: finished
          - name: busy, so call back
            steps: [press: "1", transfer: busy, asks: callback of sales, callback: arranged,
                    hears: 再见]
            ends: finished
          - name: no callback
            steps: [press: "4", callback: refused, hears: 很抱歉]
            ends: finished
          - name: hangs up while it rings
            steps: [press: "1", asks: rings, hang_up]
            ends: hung_up
            at_step: desk
    """)
    assert done.problems == ()
    assert [str(outcome) for outcome in done.failed] == []


CONFIRMED = """
    schema: 1
    start: address
    steps:
      address: {type: record, say: {zh-CN: 请说地址。, en: Your address.}, into: spoken,
        confirm: true, recorded: bye, nothing: bye}
      bye: {type: hangup, say: {zh-CN: 再见。, en: Goodbye.}}
"""


async def test_a_recording_is_heard_said_again_and_accepted(
    write_flow: WriteFlow, run_in: RunCases
) -> None:
    write_flow(CONFIRMED)
    done = await run_in("""
        schema: 1
        cases:
          - name: heard, said again, accepted
            steps: [says: 中山路一号, hears: 试听请按1, press: "1",
                    asks: plays what the caller has recorded, press: "2", hears: 请说地址,
                    says: 中山路二号, press: "3", hears: 再见]
            ends: finished
          - name: silence accepts
            steps: [says: 中山路一号, hears: 确认请按3, silence, hears: 再见]
            ends: finished
        """)
    assert [str(outcome) for outcome in done.failed] == []
