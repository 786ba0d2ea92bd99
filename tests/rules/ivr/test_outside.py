"""Lookup and route steps: what they ask, what they learn, and where each answer leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ccengine.ivr.answers import Collected, LookedUp, Played, Routed
from ccengine.ivr.engine import FlowRun
from ccengine.ivr.load import check_flows
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import LookupWait, PlayWait, QueueWait, RouteWait
from tests.rules.site.site_text import sales, site

Dial = Any
Write = Callable[[str], Flow]

LOOKUP = """
start: given
steps:
  given: {{type: set, values: {{order: '"A 1"', amount: 3}}, next: ask}}
  ask:
    type: lookup
    {question}
    into: {{status: order.status, count: items.count}}
    cache: 30
    found: yes_
    nothing: no_
    failed: down
  yes_: {{type: play, say: {{zh-CN: "状态{{status}}", en: "Status {{status}}"}}, next: end}}
  no_: {{type: hangup, say: {{zh-CN: 没有, en: None}}}}
  down: {{type: hangup, say: {{zh-CN: 系统忙, en: Down}}}}
  end: {{type: hangup}}
"""
HTTP = 'http: {system: crm, path: "/orders/{order}", query: {n: "{amount}", t: "x{amount}"}}'


def asked(call: Dial) -> LookupWait:
    assert isinstance(call.wait, LookupWait), call.wait
    return call.wait


def test_what_is_asked_stands_in_the_wait(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(LOOKUP.format(question=HTTP)))
    assert asked(call) == LookupWait(
        kind="http",
        source="crm",
        path="/orders/A%201",
        values={"n": 3, "t": "x3"},
        wants=("order.status", "items.count"),
        cache_s=30.0,
        music="default",
    )


@pytest.mark.parametrize(
    ("question", "kind", "source", "values"),
    [
        (
            'sql: {query: last, parameters: {no: "{order}", n: 5}}',
            "sql",
            "last",
            {"no": "A 1", "n": 5},
        ),
        ("customer: {}", "customer", "", {"number": "13900000000"}),
        ('customer: {by: id, value: "{amount}"}', "customer", "", {"id": "3"}),
        ("last_agent: {}", "last_agent", "", {}),
        (
            'http: {system: crm, path: /new, json: {ok: true, n: "{amount}"}}',
            "http",
            "crm",
            {"ok": True, "n": 3},
        ),
    ],
)
def test_the_other_questions(
    dial: Dial, write_flow: Write, question: str, kind: str, source: str, values: object
) -> None:
    wait = asked(dial(write_flow(LOOKUP.format(question=question))))
    assert (wait.kind, wait.source, dict(wait.values)) == (kind, source, values)
    assert wait.method == ("POST" if "json" in question else "GET")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (LookedUp(found=True, values={"order.status": "sent"}), "found"),
        (LookedUp(found=False), "nothing"),
        (LookedUp(found=False, why="late"), "failed"),
        (LookedUp(found=True, values={"order.status": "长" * 800, "items.count": 1}), "found"),
    ],
)
def test_each_answer_has_its_way(
    dial: Dial, write_flow: Write, answer: LookedUp, result: str
) -> None:
    call = dial(write_flow(LOOKUP.format(question=HTTP)))
    call.answers(answer)
    assert call.way[-1] == ("ask", result)
    assert len(str(call.run.data["status"])) <= 200
    assert call.run.data["status"] == str(answer.values.get("order.status", ""))[:200]


def test_an_answer_takes_the_place_of_the_one_before(dial: Dial, write_flow: Write) -> None:
    text = (
        LOOKUP.format(question=HTTP)
        .replace("next: end}", "next: ask}")
        .replace("  end: {type: hangup}\n", "")
    )
    call = dial(write_flow(text))
    call.answers(LookedUp(found=True, values={"order.status": "sent", "items.count": 2}))
    assert (call.run.data["status"], call.run.data["count"]) == ("sent", 2)
    call.listens()
    call.answers(LookedUp(found=False, why="late"))
    assert (call.run.data["status"], call.run.data["count"]) == ("", "")


@pytest.mark.parametrize("order", ["", ".", "..", "a/b", "..%2f..", "a\\b"])
def test_a_value_that_leads_elsewhere_is_not_asked(
    dial: Dial, write_flow: Write, order: str
) -> None:
    text = LOOKUP.format(question=HTTP).replace("'\"A 1\"'", json.dumps(json.dumps(order)))
    call = dial(write_flow(text))
    assert call.way[-1] == ("ask", "failed")


def test_words_before_it(dial: Dial, write_flow: Write) -> None:
    text = LOOKUP.format(question=HTTP + "\n    say: {zh-CN: 请稍候, en: One moment}")
    call = dial(write_flow(text))
    call.hears("请稍候")
    call.listens()
    assert asked(call).source == "crm"


SECRET = """
start: pin
steps:
  pin:
    type: collect
    say: {zh-CN: 请输入密码, en: Your PIN please}
    into: pin
    digits: 6
    secret: true
    no_input: end
    invalid: end
    next: ask
  ask:
    type: lookup
    http: {system: bank, path: /pin, json: {pin: "{pin}"}}
    cache: 30
    found: end
    nothing: end
    failed: end
  end: {type: hangup}
"""


def test_a_secret_is_asked_with_and_lost_in_a_restart(dial: Dial, write_flow: Write) -> None:
    flow = write_flow(SECRET)
    call = dial(flow)
    call.answers(Collected(digits="842137", by="length"))
    wait = asked(call)
    assert (dict(wait.values), wait.secret, wait.cache_s) == ({"pin": "842137"}, True, 0.0)
    saved = json.dumps(call.run.save())
    assert "842137" not in saved
    assert "842137" not in repr(wait)

    again = FlowRun.restore(flow, json.loads(saved), call.is_open).wait
    assert isinstance(again, LookupWait)
    assert (again.secret_lost, dict(again.values)) == (True, {})


ROUTE = """
start: ask
steps:
  ask:
    type: route
    system: crm
    path: /route
    into: {order: order.id}
    queue: line
    agent: own
    play: end
    flows: {complaint: other}
    default: other
  line:
    type: enqueue
    queue: "{route.queue}"
    queues: [sales, support]
    timed_out: end
    no_agents: end
    full: end
  own: {type: enqueue, agent: "{route.agent}", timed_out: end, no_agents: end, full: end}
  other: {type: play, say: {zh-CN: 其他, en: Other}, next: end}
  end: {type: hangup}
"""


def test_it_says_who_calls(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(ROUTE))
    assert isinstance(call.wait, RouteWait)
    assert (call.wait.system, call.wait.path) == ("crm", "/route")
    assert call.wait.values["caller.number"] == "13900000000"
    assert call.wait.wants == ("order.id",)


def test_into_a_queue_with_head_start_and_skills(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(ROUTE))
    call.answers(Routed(action="queue", target="support", head_start_s=60.0, skills={"english": 2}))
    assert isinstance(call.wait, QueueWait)
    assert (call.wait.queue, call.wait.head_start_s) == ("support", 60.0)
    assert call.wait.skills == {"english": 2}


def test_to_an_agent(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(ROUTE))
    call.answers(Routed(action="agent", target="1002"))
    assert isinstance(call.wait, QueueWait)
    assert call.wait.queue == "personal_1002"


def test_its_words_are_spoken_before_the_way_is_taken(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(ROUTE))
    call.answers(Routed(action="queue", target="sales", say="您好，正在转接"))
    assert isinstance(call.wait, PlayWait)
    assert call.wait.prompts[0].live
    call.answers(Played())
    assert isinstance(call.wait, QueueWait)
    assert call.wait.queue == "sales"


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Routed(action="", why="late"), "default"),
        (Routed(action="flow", target="complaint"), "flow"),
        (Routed(action="flow", target="no_such"), "default"),
        (Routed(action="play"), "default"),
        (Routed(action="hangup"), "hangup"),
    ],
)
def test_each_action_has_its_way(
    dial: Dial, write_flow: Write, answer: Routed, result: str
) -> None:
    call = dial(write_flow(ROUTE))
    call.answers(answer)
    assert call.way[0] == ("ask", result)


HOURS = """
start: open_now
steps:
  open_now: {type: hours, hours: office, open: end, closed: end, holiday: feast}
  feast: {type: hangup, say: {zh-CN: 节日快乐, en: Happy holidays}}
  end: {type: hangup}
"""


def test_a_public_holiday_has_a_sentence_of_its_own(dial: Dial, write_flow: Write) -> None:
    flow = write_flow(HOURS)
    closed = dial(flow, is_open=False)
    assert closed.way[0] == ("open_now", "closed")
    run = FlowRun(flow, replace(closed.context, is_holiday=lambda name, now: name == "office"))
    run.start(1_000.0)
    assert run.path[0] == ("open_now", "holiday")


def test_a_query_gets_the_parameters_that_it_wants(tmp_path: Path) -> None:
    queries = 'queries: {last: {database: ccengine, sql: "SELECT :phone AS p, :n AS n"}}\n'
    (tmp_path / "written.yaml").write_text(
        """\
schema: 1
start: ask
steps:
  ask:
    type: lookup
    sql: {query: last, parameters: {phon: "{caller.number}", n: 1}}
    found: end
    nothing: end
    failed: end
  end: {type: hangup}
""",
        "utf-8",
    )
    _, problems = check_flows(tmp_path, site(sales("", queries)))
    assert [(p.at.line, p.message, p.cure) for p in problems] == [
        (6, "the query 'last' wants 'phone'", 'add `parameters: {phone: "{…}"}`'),
        (6, "the query 'last' has no parameter 'phon'", "did you mean 'phone'?"),
    ]
