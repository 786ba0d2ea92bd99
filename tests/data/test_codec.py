"""Facts come back from the journal as they were put, whatever they hold."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given

from ccengine.ids import AgentId, CallId
from ccengine.journal.codec import UnknownFact, UnwritableFactError, decode, encode, kind_of
from ccengine.journal.entry import DamagedLineError, entry, from_line, to_line
from ccengine.journal.facts import FACT_TYPES, AgentState, AgentStateChanged, Fact, WrapUpEnded
from tests.data.any_fact import ANY_FACT
from tests.data.stories import SALES, START, WANG, arrived


@given(fact=ANY_FACT)
def test_every_fact_comes_back_as_it_was(fact: Fact) -> None:
    body = json.loads(json.dumps(encode(fact), allow_nan=False))
    assert decode(kind_of(fact), body) == fact


@given(fact=ANY_FACT)
def test_every_fact_comes_back_from_a_line_of_the_spool(fact: Fact) -> None:
    kept = entry("boot-1", 5.0, fact)
    line = to_line(kept)
    assert line.count(b"\n") == 1
    assert from_line(line) == kept


def test_kinds_are_told_apart_by_their_names() -> None:
    assert len({fact_type.kind for fact_type in FACT_TYPES}) == len(FACT_TYPES)


def test_a_kind_of_a_newer_version_is_named_and_kept_whole() -> None:
    body = {"at": START, "call_id": "call-1", "mood": "glad"}
    fact = decode("caller.mood", body)
    assert fact == UnknownFact(at=START, stored_kind="caller.mood", body=body)
    assert (kind_of(fact), encode(fact)) == ("caller.mood", body)


def test_a_fact_of_a_newer_version_with_one_more_field_is_still_read() -> None:
    fact = arrived("call-1")
    assert decode(fact.kind, {**encode(fact), "carrier_says": "mobile"}) == fact


def test_a_fact_of_an_older_version_gets_the_defaults() -> None:
    fact = AgentStateChanged(at=START, agent_id=AgentId("1001"), state=AgentState.READY)
    body = {"at": START, "agent_id": "1001", "state": "ready"}
    assert decode(fact.kind, body) == fact


@pytest.mark.parametrize(
    "damage", [{"state": "asleep"}, {"agent_id": 5}, {"at": "noon"}, {"at": None}, {"at": True}]
)
def test_a_damaged_fact_is_named_not_guessed(damage: dict[str, object]) -> None:
    fact = AgentStateChanged(at=START, agent_id=AgentId("1001"), state=AgentState.READY)
    read = decode(fact.kind, {**encode(fact), **damage})
    assert isinstance(read, UnknownFact)
    assert read.stored_kind == "agent.state"


def test_what_a_hostile_caller_sends_as_a_number_can_be_stored() -> None:
    body = encode(arrived("call-1", ani="138\x00'\udcff"))
    assert body["ani"] == "138�'?"
    json.dumps(body).encode("utf-8")


@pytest.mark.parametrize("seconds", [math.nan, math.inf])
def test_a_duration_that_is_no_number_is_refused(seconds: float) -> None:
    fact = WrapUpEnded(at=START, call_id=CallId("c"), queue=SALES, agent_id=WANG, wrap_up_s=seconds)
    with pytest.raises(UnwritableFactError, match=r"wrap_up\.ended"):
        encode(fact)


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'{"id":"a","put":1', b"\xff\xfe", b"null"])
def test_a_line_that_is_no_fact_is_damaged(line: bytes) -> None:
    with pytest.raises(DamagedLineError):
        from_line(line)
