"""An answer read out, and what the caller says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.answers import Collected, QueueResult
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import KnowledgeWait, QueueWait
from ccengine.journal.facts import ArticleRead

Dial = Any
Write = Callable[[str], Flow]

FLOW = """
start: what
steps:
  what: {type: collect, say: {zh-CN: 编号, en: No}, into: code, digits: 3,
    no_input: person, invalid: person, next: answer}
  answer:
    type: knowledge
    question: {zh-CN: "故障代码{code}", en: "Fault {code}"}
    helped: {helped: good, not_helped: person, timeout: 4}
    nothing: person
  good: {type: hangup}
  person:
    type: enqueue
    queue: support
    question: {zh-CN: "故障代码{code}怎么办", en: "What to do about fault {code}"}
    timed_out: good
    no_agents: good
    full: good
"""


def asked(dial: Dial, write_flow: Write) -> Any:
    call = dial(write_flow(FLOW))
    call.answers(Collected(digits="404", by="length"))
    assert isinstance(call.wait, KnowledgeWait)
    assert call.wait.question == "故障代码404"
    call.is_told("请重启路由器。")
    call.hears("请重启路由器")
    call.listens()
    call.hears("解决了请按1")
    return call


def read(call: Any) -> list[tuple[str, bool | None]]:
    return [(f.article_id, f.helped) for f in call.facts if isinstance(f, ArticleRead)]


@pytest.mark.parametrize(
    ("key", "way", "helped"), [("1", "helped", True), ("2", "not_helped", False)]
)
def test_the_caller_says_whether_it_helped(
    dial: Dial, write_flow: Write, key: str, way: str, helped: bool
) -> None:
    call = asked(dial, write_flow)
    call.presses(key)
    assert call.way[1] == ("answer", way)
    assert read(call) == [("a-1", helped)]


def test_who_says_nothing_of_it_is_asked_once_more(dial: Dial, write_flow: Write) -> None:
    call = asked(dial, write_flow)
    call.listens()
    assert call.hears("解决了请按1").fresh
    call.listens()
    assert call.way[1] == ("answer", "no_input")
    assert read(call) == [("a-1", None)]


def test_a_caller_queues_with_its_question(dial: Dial, write_flow: Write) -> None:
    call = asked(dial, write_flow)
    call.presses("2")
    assert isinstance(call.wait, QueueWait)
    assert call.wait.question == "故障代码404怎么办"
    call.leaves_queue(QueueResult.TIMED_OUT)
    call.ends("finished", step="good")


@pytest.mark.parametrize("heard_to_its_end", [False, True])
def test_who_hangs_up_has_been_read_the_article(
    dial: Dial, write_flow: Write, heard_to_its_end: bool
) -> None:
    call = dial(write_flow(FLOW))
    call.answers(Collected(digits="404", by="length"))
    call.is_told("请重启路由器。")
    if heard_to_its_end:
        call.listens()
    call.hangs_up()
    assert read(call) == [("a-1", None)]
    call.ends("hung_up", step="answer")


def test_who_hangs_up_in_the_search_was_read_nothing(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(FLOW))
    call.answers(Collected(digits="404", by="length"))
    call.hangs_up()
    assert read(call) == []


def test_who_hangs_up_after_its_answer_is_counted_once(dial: Dial, write_flow: Write) -> None:
    call = asked(dial, write_flow)
    call.presses("2")
    call.hangs_up()
    assert read(call) == [("a-1", False)]
