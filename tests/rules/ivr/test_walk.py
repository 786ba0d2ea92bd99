"""Any caller at all: random keys, silences, queues and hang-ups through the demo's flows."""

from __future__ import annotations

import json
from typing import assert_never

from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.ids import ArticleId, CallId, FlowId
from ccengine.ivr.answers import (
    Answer,
    CallbackSettled,
    Collected,
    ConferenceLeft,
    HungUp,
    KnowledgeFound,
    Listened,
    LookedUp,
    Played,
    QueueLeft,
    QueueResult,
    Recorded,
    Routed,
    Transferred,
    TransferResult,
    WrittenDown,
)
from ccengine.ivr.engine import MAX_STEPS, FlowRun
from ccengine.ivr.model import Flow, FlowContext
from ccengine.ivr.waits import (
    CallbackWait,
    CollectWait,
    ConferenceWait,
    EndWait,
    KnowledgeWait,
    ListenWait,
    LookupWait,
    PlayWait,
    QueueWait,
    RecordWait,
    RouteWait,
    SurveyWait,
    TransferWait,
    Wait,
)
from ccengine.journal.facts import FlowEnded, FlowEntered


def fitting(wait: Wait) -> st.SearchStrategy[Answer]:
    """What the world may answer; now and then with something it was not asked."""
    match wait:
        case PlayWait():
            usual: st.SearchStrategy[Answer] = st.sampled_from("0123456789*#ABCD").map(
                lambda key: Played(key=key)
            ) | st.just(Played())
        case QueueWait():
            usual = st.sampled_from(QueueResult).map(lambda result: QueueLeft(result=result))
        case KnowledgeWait():
            usual = st.sampled_from(
                [
                    KnowledgeFound(article_id=None),
                    KnowledgeFound(article_id=ArticleId("a"), spoken="答"),
                ]
            )
        case CollectWait():
            usual = st.text("0123456789", max_size=wait.most).map(
                lambda digits: Collected(digits=digits, by="terminator")
            )
        case ListenWait():
            usual = st.sampled_from(["", *wait.keys]).map(lambda key: Listened(key=key))
        case LookupWait():
            usual = st.sampled_from(
                [LookedUp(found=True), LookedUp(found=False), LookedUp(found=False, why="late")]
            )
        case RouteWait():
            usual = st.just(Routed(action="", why="late"))
        case RecordWait():
            usual = st.sampled_from([Recorded(reference=""), Recorded(reference="m-1", seconds=2)])
        case TransferWait():
            usual = st.sampled_from(TransferResult).map(lambda it: Transferred(result=it))
        case ConferenceWait():
            usual = st.just(ConferenceLeft(result="left"))
        case CallbackWait():
            usual = st.booleans().map(lambda arranged: CallbackSettled(arranged=arranged))
        case SurveyWait():
            usual = st.just(WrittenDown())
        case EndWait():
            raise AssertionError("nothing answers an end")
        case _:
            assert_never(wait)
    strange: st.SearchStrategy[Answer] = st.sampled_from(
        [HungUp(), QueueLeft(result=QueueResult.SERVED), KnowledgeFound(article_id=None)]
    )
    return st.integers(0, 19).flatmap(lambda dice: strange if dice == 0 else usual)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_call_ends_once_and_within_the_budget(
    flows: dict[FlowId, Flow], data: st.DataObject
) -> None:
    flow = flows[data.draw(st.sampled_from(sorted(flows)))]
    open_now = data.draw(st.booleans())

    def is_open(name: str, now: float) -> bool:
        return open_now

    context = FlowContext(
        call_id=CallId("c"),
        ani="",
        dnis="",
        vip_level="",
        language=data.draw(st.sampled_from(["zh-CN", "en", "fr"])),
        is_open=is_open,
    )
    run = FlowRun(flow, context)
    turn = run.start(0.0)
    facts = list(turn.facts)
    answers = 0
    while not isinstance(turn.wait, EndWait):
        answers += 1
        assert answers <= MAX_STEPS + 2
        # After some answers the caller has had enough, so that examples stay small.
        usual = fitting(turn.wait) if answers < 40 else st.just(HungUp())
        if data.draw(st.integers(0, 9)) == 0:
            run = FlowRun.restore(flow, json.loads(json.dumps(run.save())), is_open)
        turn = run.resume(data.draw(usual), float(answers))
        facts += turn.facts
    assert [type(fact) for fact in facts].count(FlowEntered) == 1
    assert [type(fact) for fact in facts].count(FlowEnded) == 1
    assert isinstance(facts[-1], FlowEnded)
    assert facts[-1].result == turn.wait.result
