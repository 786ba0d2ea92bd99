"""The enqueue step: what it asks for, and where each way out of a queue leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.answers import QueueLeft, QueueResult
from ccengine.ivr.engine import FlowRun
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import EndWait, QueueWait
from ccengine.journal.facts import FlowEnded

Dial = Any
Write = Callable[[str], Flow]

FLOW = """
start: queue
steps:
  queue:
    type: enqueue
    queue: sales
    skills: {{english: 2}}
    timed_out: late
    no_agents: nobody
    full: late
    keys: {{"9": other, "*": other}}
    branches: {{sorry: other}}
    {extra}
  late: {{type: hangup, say: {{zh-CN: 坐席全忙, en: All busy}}}}
  nobody: {{type: hangup, say: {{zh-CN: 没有坐席, en: Nobody here}}}}
  other: {{type: hangup, say: {{zh-CN: 其他, en: Something else}}}}
"""


def test_the_wait_says_what_is_asked_for(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(FLOW.format(extra="")))
    assert call.wait == QueueWait(
        queue="sales",  # type: ignore[arg-type]
        language="zh-CN",
        skills={"english": 2},
        keys="9*",
    )


@pytest.mark.parametrize(
    ("left", "hears", "result"),
    [
        (QueueLeft(result=QueueResult.KEY, key="9"), "其他", "key_9"),
        (QueueLeft(result=QueueResult.BRANCH, branch="sorry"), "其他", "sorry"),
        (QueueLeft(result=QueueResult.BRANCH, branch="new"), "坐席全忙", "new"),
        (QueueLeft(result=QueueResult.CLOSED), "没有坐席", "closed"),
        (QueueLeft(result=QueueResult.NO_AGENTS), "没有坐席", "no_agents"),
        (QueueLeft(result=QueueResult.FULL), "坐席全忙", "full"),
        (QueueLeft(result=QueueResult.TIMED_OUT), "坐席全忙", "timed_out"),
        (QueueLeft(result=QueueResult.CALLBACK), "回电已登记", "callback"),
    ],
)
def test_each_way_out_leads_where_the_author_says(
    dial: Dial, write_flow: Write, left: QueueLeft, hears: str, result: str
) -> None:
    call = dial(write_flow(FLOW.format(extra="")))
    call.answers(left)
    call.hears(hears)
    call.listens()
    assert call.way[0] == ("queue", result)
    assert isinstance(call.wait, EndWait)


def test_ways_of_their_own(dial: Dial, write_flow: Write) -> None:
    extra = "closed: other\n    voicemail: other\n    callback: other"
    flow = write_flow(FLOW.format(extra=extra))
    for result in (QueueResult.CLOSED, QueueResult.VOICEMAIL, QueueResult.CALLBACK):
        call = dial(flow)
        call.leaves_queue(result)
        call.hears("其他")


def test_a_message_is_left_by_the_dialplan(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(FLOW.format(extra="")))
    call.leaves_queue(QueueResult.VOICEMAIL)
    assert call.wait == EndWait(result="voicemail")
    assert [fact.result for fact in call.facts if isinstance(fact, FlowEnded)] == ["voicemail"]


@pytest.mark.parametrize(
    ("agent", "wanted"),
    [
        ("last", QueueWait(queue="", language="zh-CN", last_agent=True)),  # type: ignore[arg-type]
        ('"1001"', QueueWait(queue="personal_1001", language="zh-CN")),  # type: ignore[arg-type]
    ],
)
def test_a_call_for_one_agent(dial: Dial, write_flow: Write, agent: str, wanted: QueueWait) -> None:
    flow = write_flow(f"""
        start: queue
        steps:
          queue: {{type: enqueue, agent: {agent}, timed_out: end, no_agents: end, full: end}}
          end: {{type: hangup}}
        """)
    assert dial(flow).wait == wanted


@pytest.mark.parametrize("after", ["joined", "parted"])
def test_a_saved_run_goes_on_at_the_step_it_stood_in(
    dial: Dial, write_flow: Write, after: str
) -> None:
    flow = write_flow(FLOW.format(extra=""))
    call = dial(flow)
    if after == "parted":
        call.leaves_queue(QueueResult.CALLBACK)
    again = FlowRun.restore(flow, call.run.save(), call.is_open)
    assert again.wait == call.wait


@pytest.mark.parametrize(
    ("kind", "queue"), [("gold", "sales"), ("iron", "support"), ("", "support")]
)
def test_a_queue_may_be_named_by_what_is_known(
    dial: Dial, write_flow: Write, kind: str, queue: str
) -> None:
    call = dial(
        write_flow(f"""
        start: learn
        steps:
          learn: {{type: set, values: {{to: '"{kind}"'}}, next: sort}}
          sort:
            type: branch
            when: [{{if: 'to == "gold"', next: gold}}]
            else: wait
          gold: {{type: set, values: {{to: '"sales"'}}, next: wait}}
          wait:
            type: enqueue
            queue: "{{to}}"
            queues: [support, sales]
            head_start: 30
            max_wait: 90
            timed_out: end
            no_agents: end
            full: end
          end: {{type: hangup}}
        """)
    )
    assert call.wait == QueueWait(
        queue=queue,  # type: ignore[arg-type]
        language="zh-CN",
        head_start_s=30.0,
        max_wait_s=90.0,
    )
