"""Every input, command and fact comes back from its line exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccengine.acd.inputs import Join, NotReady, RulesReplaced
from ccengine.acd.rules import AcdRules, QueueRules, Strategy
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import FACT_TYPES
from ccengine.replay.codec import (
    ANSWER_TYPES,
    INPUT_TYPES,
    UnreadableError,
    UnwritableInputError,
    decode_answer,
    decode_input,
    decode_rules,
    encode_answer,
    encode_input,
    encode_rules,
)

MANY = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
st.register_type_strategy(float, NUMBERS)
st.register_type_strategy(str, WORDS)
st.register_type_strategy(
    Mapping,
    lambda hint: st.dictionaries(*(st.from_type(part) for part in get_args(hint)), max_size=3),
)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))


@pytest.mark.parametrize("kind", INPUT_TYPES, ids=lambda kind: kind.__name__)
@MANY
@given(data=st.data())
def test_an_input_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    said = data.draw(st.from_type(kind))
    assert decode_input(kind.__name__, encode_input(said)) == said


@pytest.mark.parametrize("kind", ANSWER_TYPES, ids=lambda kind: kind.__name__)
@MANY
@given(data=st.data())
def test_an_answer_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    word = data.draw(st.from_type(kind))
    (back,) = decode_answer(encode_answer([word]))
    assert back == word
    assert type(back) is kind


@MANY
@given(rules=st.from_type(AcdRules))
def test_rules_come_back_as_they_were(rules: AcdRules) -> None:
    assert decode_rules(encode_rules(rules)) == rules


def test_all_facts_are_known() -> None:
    assert set(FACT_TYPES) < set(ANSWER_TYPES)


def join(**what: float) -> Join:
    return Join(
        call_id=CallId("c"),
        queue=QueueId("sales"),
        **({"queued_at": 1.0} | what),  # type: ignore[arg-type]
    )


def test_a_number_that_is_none_is_refused_and_not_written_as_something_else() -> None:
    for number in (math.nan, math.inf, -math.inf):
        with pytest.raises(UnwritableInputError):
            encode_input(join(queued_at=number))
    hourless = QueueRules(
        queue=QueueId("q"), strategy=Strategy.RANDOM, agents=(), max_wait_s=math.inf
    )
    with pytest.raises(UnwritableInputError):
        encode_input(RulesReplaced(rules=AcdRules(queues={QueueId("q"): hourless})))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UnwritableInputError):
        encode_input(NotReady(agent_id=AgentId("ann"), reason="\ud83d"))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Join", b"{}"),
        ("Join", b'{"call_id":1,"queue":"q","queued_at":1}'),
        ("Join", b'{"call_id":"c","queue":"q","queued_at":null}'),
        ("Join", b"[" * 100_000),
        ("Join", b"\xff"),
        ("os.system", b'{"command":"true"}'),
        ("Offer", b"{}"),
    ],
)
def test_what_no_engine_wrote_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode_input(kind, body)


@pytest.mark.parametrize("body", [b"{}", b'["Offer"]', b'["Exit",{}]', b"[[],{}]", b"[1,2]"])
def test_an_answer_that_no_engine_wrote_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode_answer(body)
