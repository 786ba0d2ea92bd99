"""Steps with people and voices: whatever becomes of them, the call goes on somewhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccengine.ids import CallId
from ccengine.ivr.answers import (
    Answer,
    CallbackSettled,
    Collected,
    ConferenceLeft,
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
from ccengine.ivr.model import FlowContext, Leave, Memory, Scene, Stay, Step, UnexpectedAnswerError
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.ivr.waits import (
    CallbackWait,
    ConferenceWait,
    PlayWait,
    RecordWait,
    SurveyWait,
    TransferWait,
    Wait,
)

SAY = {"zh-CN": "请讲", "en": "Speak"}
REASON = {"say": SAY, "at_most": 2}
WRITTEN: dict[str, dict[str, Any]] = {
    "transfer inside": {"type": "transfer", "extension": "1001", "no_answer": "a"},
    "transfer outside": {
        "type": "transfer",
        "number": "13800000001",
        "no_answer": "a",
        "busy": "b",
        "unreachable": "c",
        "answered": "d",
        "not_allowed": "e",
    },
    "ring group": {"type": "ring_group", "extensions": ["1001", "1002"], "no_answer": "a"},
    "voicemail": {"type": "voicemail", "say": SAY, "mailbox": "s", "left": "a", "nothing": "b"},
    "record": {"type": "record", "say": SAY, "into": "said", "recorded": "a", "nothing": "b"},
    "conference": {"type": "conference", "room": "r", "full": "a", "failed": "b", "left": "c"},
    "callback": {"type": "callback", "queue": "s", "arranged": "a", "not_arranged": "b"},
    "survey": {
        "type": "survey",
        "survey": "s",
        "say": SAY,
        "reason": REASON,
        "answered": "a",
        "nothing": "b",
    },
}
WRITTEN["record confirmed"] = WRITTEN["record"] | {"confirm": True}
STEPS: dict[str, Step] = {
    name: STEP_TYPES[written["type"]].model_validate(written) for name, written in WRITTEN.items()
}
SCENE = Scene(
    context=FlowContext(
        call_id=CallId("c"),
        ani="",
        dnis="",
        vip_level="",
        language="en",
        is_open=lambda _name, _now: True,
    ),
    language="en",
    now=0.0,
)
RECORDED = [Recorded(reference=""), Recorded(reference="day/m.wav", seconds=2.0)]
ANSWERS: list[Answer] = [
    *(Played(key=key) for key in "0123456789*#"),
    Played(),
    *RECORDED,
    *(Transferred(result=result) for result in TransferResult),
    *(ConferenceLeft(result=result) for result in ("left", "full", "closed", "failed")),
    CallbackSettled(arranged=True, time="morning"),
    CallbackSettled(arranged=False),
    WrittenDown(),
    Collected(digits="1", by="timeout"),
    Listened(text="one", spoke=True),
    LookedUp(found=True),
    Routed(action="queue", target="sales"),
    QueueLeft(result=QueueResult.SERVED),
    KnowledgeFound(article_id=None),
]
MOST_ANSWERS = 30
"""More than any of these steps takes."""


def fits(wait: Wait, answer: Answer) -> bool:
    match wait:
        case PlayWait():
            # A key that does not end the wait is no answer to it.
            return isinstance(answer, Played) and (not answer.key or answer.key in wait.keys)
        case RecordWait():
            return isinstance(answer, Recorded)
        case TransferWait():
            return isinstance(answer, Transferred)
        case ConferenceWait():
            return isinstance(answer, ConferenceLeft)
        case CallbackWait():
            return isinstance(answer, CallbackSettled)
        case SurveyWait():
            return isinstance(answer, WrittenDown)
        case _:
            raise AssertionError(f"none of these steps waits so: {wait}")


def asked(step: Step) -> Memory:
    entered = step.enter(SCENE)
    assert isinstance(entered, Stay)
    return entered.memory


@pytest.mark.parametrize("name", sorted(STEPS))
@given(data=st.data())
def test_every_answer_leads_somewhere_and_the_step_comes_to_an_end(
    name: str, data: st.DataObject
) -> None:
    step = STEPS[name]
    ways = {way.at[-1]: way.to for way in step.ways()}
    memory = asked(step)
    for _ in range(MOST_ANSWERS):
        wait = step.wait(SCENE, memory)
        fitting = [answer for answer in ANSWERS if fits(wait, answer)]
        outcome = step.answered(SCENE, memory, data.draw(st.sampled_from(fitting)))
        if isinstance(outcome, Leave):
            # Where the file has no way of its own for a result, another takes it, or the end does.
            assert outcome.to in {None, *ways.values()}
            assert outcome.to == ways.get(outcome.result, outcome.to)
            assert outcome.to is not None or outcome.result not in ways
            return
        memory = outcome.memory
    raise AssertionError("the step goes on and on")


@pytest.mark.parametrize("name", sorted(STEPS))
@given(data=st.data())
def test_a_strange_answer_is_a_mistake_of_ours_and_said_so(name: str, data: st.DataObject) -> None:
    step, memory = STEPS[name], asked(STEPS[name])
    for _ in range(data.draw(st.integers(0, 4))):
        wait = step.wait(SCENE, memory)
        outcome = step.answered(
            SCENE, memory, data.draw(st.sampled_from([a for a in ANSWERS if fits(wait, a)]))
        )
        if isinstance(outcome, Leave):
            break
        memory = outcome.memory
    wait = step.wait(SCENE, memory)
    kinds = {type(answer) for answer in ANSWERS if fits(wait, answer)}
    strange = data.draw(st.sampled_from([a for a in ANSWERS if type(a) not in kinds]))
    with pytest.raises(UnexpectedAnswerError):
        step.answered(SCENE, memory, strange)


def test_a_key_from_the_talk_is_no_score_but_one_after_a_wrong_key_is() -> None:
    survey = STEPS["survey"]
    began = survey.enter(SCENE)
    assert isinstance(began, Stay)
    first = survey.wait(SCENE, began.memory)
    again = survey.answered(SCENE, began.memory, Played(key="9"))
    assert isinstance(again, Stay)
    second = survey.wait(SCENE, again.memory)
    assert isinstance(first, PlayWait)
    assert isinstance(second, PlayWait)
    assert (first.fresh, second.fresh) == (True, False)
