"""What a caller records for its flow, and what it makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.answers import Played, Recorded
from ccengine.ivr.model import Flow
from ccengine.ivr.steps.record import MOST_ASKED
from ccengine.ivr.waits import PlayWait, RecordWait

Dial = Any
Write = Callable[[str], Flow]

FLOW = """
start: address
steps:
  address: {type: record, say: {zh-CN: 地址, en: Address}, into: spoken, confirm: true,
    recorded: end, nothing: again}
  again: {type: hangup}
  end: {type: hangup}
"""


def recorded(dial: Dial, write_flow: Write) -> Any:
    call = dial(write_flow(FLOW))
    assert isinstance(call.wait, RecordWait)
    call.answers(Recorded(reference="day/one.wav", seconds=3))
    assert isinstance(call.wait, PlayWait)
    assert not call.wait.message
    return call


@pytest.mark.parametrize("key", ["3", ""])
def test_a_key_or_silence_accepts(dial: Dial, write_flow: Write, key: str) -> None:
    call = recorded(dial, write_flow)
    call.answers(Played(key=key))
    call.ends("finished", step="end")
    assert call.run.data["spoken"] == "day/one.wav"


def test_it_is_played_and_asked_again(dial: Dial, write_flow: Write) -> None:
    call = recorded(dial, write_flow)
    call.answers(Played(key="1"))
    assert call.wait.message == "day/one.wav"
    call.answers(Played(key="9"))
    assert not call.wait.message
    call.answers(Played(key="3"))
    call.ends("finished", step="end")


def test_what_is_said_again_takes_the_place_of_the_first(dial: Dial, write_flow: Write) -> None:
    call = recorded(dial, write_flow)
    call.answers(Played(key="2"))
    assert isinstance(call.wait, RecordWait)
    call.answers(Recorded(reference="day/two.wav", seconds=3))
    call.answers(Played(key="3"))
    assert call.run.data["spoken"] == "day/two.wav"


def test_who_takes_it_back_and_says_nothing_has_recorded_nothing(
    dial: Dial, write_flow: Write
) -> None:
    call = recorded(dial, write_flow)
    call.answers(Played(key="2"))
    call.answers(Recorded(reference=""))
    call.ends("finished", step="again")


@pytest.mark.parametrize("key", ["1", "2", "9"])
def test_it_comes_to_an_end(dial: Dial, write_flow: Write, key: str) -> None:
    call = recorded(dial, write_flow)
    questions = 0
    while not call.way:
        if isinstance(call.wait, RecordWait):
            call.answers(Recorded(reference="day/more.wav"))
            continue
        questions += bool(call.wait.keys)
        call.answers(Played(key=key if call.wait.keys else ""))
    assert questions == MOST_ASKED
    assert call.way[0] == ("address", "recorded")
    assert call.run.data["spoken"].startswith("day/")
