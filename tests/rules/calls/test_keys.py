"""Each key counts once and in its place, whoever tells it first: AMI's event or AGI's result."""

from __future__ import annotations

import random

import pytest

from ccengine.calls.keys import CLAIM_S, HABIT_S, MOST_KEYS, Keys
from ccengine.calls.live import LiveCall, LiveCalls
from ccengine.ids import CallId

ALL = "0123456789*#"


def taken(keys: Keys) -> str:
    """All that is there, in its order."""
    told = ""
    while key := keys.take(ALL):
        told += key
    return told


def test_told_twice_it_counts_once() -> None:
    for first in ("event", "result"):
        keys = Keys()
        if first == "event":
            keys.event("1", 10.0)
            keys.result("1", 10.001, event_comes=True)
        else:
            keys.result("1", 10.0, event_comes=True)
            keys.event("1", 10.001)
        assert taken(keys) == "1"


def test_taken_before_its_event_it_is_not_typed_ahead_by_it() -> None:
    keys = Keys()
    keys.result("1", 10.0, event_comes=True)
    assert taken(keys) == "1"
    keys.event("1", 10.5)
    assert taken(keys) == ""
    keys.event("1", 10.6)
    assert taken(keys) == "1"


def test_a_key_that_fell_between_two_commands_stands_before_the_one_told_sooner() -> None:
    keys = Keys()
    keys.result("2", 10.0, event_comes=True)
    assert keys.in_doubt(10.0)
    keys.event("1", 10.01)
    keys.event("2", 10.02)
    assert not keys.in_doubt(10.02)
    assert taken(keys) == "12"


def test_a_result_behind_a_key_already_taken_is_the_same_press() -> None:
    keys = Keys()
    keys.event("1", 10.0)
    assert taken(keys) == "1"
    keys.result("1", 10.12, event_comes=True)
    assert (taken(keys), keys.voided) == ("", 1)
    keys.result("1", 10.3, event_comes=True)
    keys.event("1", 10.301)
    assert taken(keys) == "1"


def test_without_a_link_results_alone_count() -> None:
    keys = Keys()
    keys.result("1", 10.0, event_comes=False)
    keys.result("1", 10.2, event_comes=False)
    assert not keys.in_doubt(10.2)
    assert taken(keys) == "11"


def test_an_event_much_later_is_another_press() -> None:
    keys = Keys()
    keys.result("1", 10.0, event_comes=True)
    assert taken(keys) == "1"
    keys.event("1", 10.0 + CLAIM_S + 0.01)
    assert taken(keys) == "1"


def test_a_wait_takes_its_keys_and_leaves_the_others() -> None:
    keys = Keys()
    for key in "19#":
        keys.event(key, 10.0)
    assert keys.take("9") == "9"
    assert taken(keys) == "1#"


def test_forgotten_keys_do_not_come_back_with_their_events() -> None:
    keys = Keys()
    keys.event("1", 10.0)
    keys.result("2", 10.1, event_comes=True)
    keys.forget()
    keys.event("2", 10.2)
    assert taken(keys) == ""


def test_no_more_are_kept_than_anybody_types_on_purpose() -> None:
    keys = Keys()
    for number in range(100):
        keys.event(str(number % 10), 10.0)
    assert len(keys) == MOST_KEYS


@pytest.mark.parametrize("first", ["event", "result"])
def test_the_key_that_ends_a_number_means_nothing_behind_a_full_one(first: str) -> None:
    keys = Keys()
    keys.ended("#", 10.0)
    if first == "event":
        keys.event("#", 10.1)
        keys.result("#", 10.101, event_comes=True)
    else:
        keys.result("#", 10.1, event_comes=True)
        keys.event("#", 10.101)
    assert (taken(keys), keys.voided) == ("", 1)
    keys.event("#", 10.2)
    assert taken(keys) == "#"


def test_another_key_or_a_late_one_is_no_habit() -> None:
    keys = Keys()
    keys.ended("#", 10.0)
    keys.event("1", 10.1)
    keys.event("#", 10.2)
    assert taken(keys) == "1#"
    keys.ended("#", 20.0)
    keys.event("#", 20.0 + HABIT_S + 0.1)
    assert taken(keys) == "#"


SOON, LATE = (0.001, 0.01, 0.05), (0.001, 0.05, 0.3, 0.9)
"""How long after its press AMI tells a key: always before the next press, or not."""


def _story(
    dice: random.Random, lags: tuple[float, ...] = SOON
) -> tuple[str, list[tuple[float, str, str]]]:
    """Keys as pressed, and all that is told of them: by event always, by result when a command
    waited; each later than pressed, either kind in the order of pressing."""
    pressed, told = "", []
    at = 10.0
    event_at = result_at = 0.0
    for _ in range(dice.randrange(1, 8)):
        at += dice.choice((0.06, 0.08, 0.2, 0.6))
        key = dice.choice("112#")
        pressed += key
        event_at = max(event_at, at + dice.choice(lags))
        told.append((event_at, "event", key))
        if dice.random() < 0.6:
            result_at = max(result_at, at + dice.choice((0.001, 0.01, 0.05)))
            told.append((result_at, "result", key))
    told.sort(key=lambda one: one[0])
    return pressed, told


@pytest.mark.parametrize("seed", range(150))
def test_whatever_comes_first_all_keys_are_there_once_and_in_order(seed: int) -> None:
    pressed, told = _story(random.Random(seed))
    keys = Keys()
    for at, kind, key in told:
        if kind == "event":
            keys.event(key, at)
        else:
            keys.result(key, at, event_comes=True)
    assert taken(keys) == pressed


def _take_as_a_session_does(told: list[tuple[float, str, str]], *, waits_for_events: bool) -> str:
    """Between two commands, where no result is still to come."""
    keys, got = Keys(), ""
    for place, (at, kind, key) in enumerate(told):
        if kind == "event":
            keys.event(key, at)
        else:
            keys.result(key, at, event_comes=True)
        # A command runs from before its key to its result.
        runs = any(later == "result" and ends - 0.3 <= at for ends, later, _ in told[place + 1 :])
        if not runs and not (waits_for_events and keys.in_doubt(at)):
            got += taken(keys)
    return got + taken(keys)


@pytest.mark.parametrize("seed", range(150))
def test_taken_as_they_come_all_count_once_and_in_order(seed: int) -> None:
    pressed, told = _story(random.Random(seed))
    got = _take_as_a_session_does(told, waits_for_events=True)
    assert got == pressed


@pytest.mark.parametrize("seed", range(150))
def test_when_events_are_late_or_lost_no_key_counts_twice(seed: int) -> None:
    """A link that falls loses events before anybody knows: keys may be lost, none is doubled."""
    dice = random.Random(seed)
    pressed, told = _story(dice, LATE)
    kept = [one for one in told if one[1] == "result" or dice.random() < 0.7]
    got = _take_as_a_session_does(kept, waits_for_events=False)
    for key in "12#":
        assert got.count(key) <= pressed.count(key)


async def test_a_key_before_the_call_is_ours_is_typed_ahead() -> None:
    calls = LiveCalls()
    for key in "12":
        calls.key_before("1795000000.7", key)
    call = LiveCall(
        call_id=CallId("0f8fad5b-d9cb-469f-a165-70867728950e"),
        uniqueid="1795000000.7",
        channel="PJSIP/trunk-carrier-00000001",
        ani="",
        dnis="4001",
        trunk="carrier",
        ani_verified=False,
        ani_malformed=False,
        vip_level="",
        language="zh-CN",
        arrived_at=0.0,
    )
    calls.add(call)
    assert [call.keypad.take(ALL), call.keypad.take(ALL), call.keypad.take(ALL)] == ["1", "2", ""]
