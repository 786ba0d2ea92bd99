"""A queue's gates: closed, full, empty; and those who wait when it becomes so."""

from __future__ import annotations

import pytest

from ccengine.acd.commands import Offer, Release
from ccengine.acd.inputs import QueueHours
from ccengine.acd.rules import Empty
from ccengine.acd.state import CallState
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import AbandonReason, CallAbandoned, CallQueued
from tests.rules.acd.floor_driver import Centre, queue

SALES = QueueId("sales")


def closes(centre: Centre, *, opens: bool = False) -> None:
    centre.say(QueueHours(queue=SALES, open=opens))


def refused(centre: Centre) -> AbandonReason:
    """The last call was let go at the gate: counted as offered, ended once, never in line."""
    release = centre.one(Release)
    ended = centre.one(CallAbandoned)
    assert centre.one(CallQueued).position == 0
    assert (ended.reason, ended.waited_s) == (release.reason, 0.0)
    assert centre.acd.call_state(release.call_id) is CallState.GONE
    return release.reason


def released(centre: Centre, words: object = None) -> list[tuple[str, AbandonReason]]:
    return [(r.call_id, r.reason) for r in centre.heard(Release, words)]  # type: ignore[arg-type]


def test_a_call_to_a_closed_queue_is_let_go_at_once() -> None:
    centre = Centre()
    centre.at_work("ann")
    closes(centre)
    centre.call("c1")
    assert refused(centre) is AbandonReason.CLOSED
    closes(centre, opens=True)
    centre.call("c2")
    assert centre.offered_to() == ("ann",)


def test_who_waits_at_closing_time_waits_on() -> None:
    centre = Centre()
    centre.call("c1")
    closes(centre)
    assert centre.waiting() == "c1"
    centre.at_work("ann")
    assert centre.one(Offer).call_id == "c1"


def test_who_waits_at_closing_time_is_let_go_if_the_queue_says_so() -> None:
    centre = Centre(queue(leave_when_closed=True))
    centre.call("c1")
    centre.call("c2")
    closes(centre)
    assert released(centre) == [("c1", AbandonReason.CLOSED), ("c2", AbandonReason.CLOSED)]


def test_a_call_that_rings_at_closing_time_may_still_be_answered() -> None:
    centre = Centre(queue(leave_when_closed=True))
    centre.at_work("ann")
    centre.call("c1")
    closes(centre)
    assert released(centre) == []
    centre.misses("ann")
    assert released(centre) == [("c1", AbandonReason.CLOSED)]


def test_a_full_queue_lets_nobody_in_until_somebody_has_left() -> None:
    centre = Centre(queue(max_calls=2))
    centre.at_work("ann")
    centre.call("rings")
    centre.call("waits")
    centre.call("third")
    assert refused(centre) is AbandonReason.QUEUE_FULL
    centre.leaves("waits")
    centre.call("fourth")
    assert centre.waiting() == "rings fourth"


def test_an_adopted_call_has_passed_the_gates_before() -> None:
    centre = Centre(queue(max_calls=1, join_when_empty=Empty.LOGGED_OUT))
    closes(centre)
    centre.call("c1", adopted=True)
    centre.call("c2", adopted=True)
    assert centre.waiting() == "c1 c2"


@pytest.mark.parametrize(
    ("when", "signed_in", "comes_in"),
    [
        (Empty.NEVER, "", True),
        (Empty.LOGGED_OUT, "", False),
        (Empty.LOGGED_OUT, "away", True),
        (Empty.NOT_READY, "away", False),
        (Empty.NOT_READY, "ready", True),
    ],
)
def test_who_may_enter_an_empty_queue(when: Empty, signed_in: str, comes_in: bool) -> None:
    centre = Centre(queue(agents="ann", join_when_empty=when))
    if signed_in:
        centre.sign_in("ann")
    if signed_in == "ready":
        centre.ready("ann")
    centre.call("c1")
    if comes_in:
        assert centre.waiting() == "c1"
    else:
        assert refused(centre) is AbandonReason.NO_AGENTS


def test_an_agent_who_talks_or_wraps_up_keeps_the_queue_from_being_empty() -> None:
    centre = Centre(queue(agents="ann", wrap_up=20, join_when_empty=Empty.NOT_READY))
    centre.at_work("ann")
    centre.call("c1")
    centre.answers("ann")
    centre.call("c2")
    centre.talk_ends("c1")
    centre.call("c3")
    assert centre.waiting() == "c2 c3"


def test_when_the_last_agent_signs_out_those_who_wait_are_let_go() -> None:
    centre = Centre(queue(leave_when_empty=Empty.LOGGED_OUT))
    centre.sign_in("ann")
    centre.sign_in("bob")
    centre.call("c1")
    centre.call("c2")
    centre.sign_out("ann")
    assert released(centre) == []
    centre.sign_out("bob")
    assert released(centre) == [("c1", AbandonReason.NO_AGENTS), ("c2", AbandonReason.NO_AGENTS)]


def test_when_the_last_agent_goes_on_a_break_those_who_wait_are_let_go() -> None:
    centre = Centre(queue(agents="ann", leave_when_empty=Empty.NOT_READY))
    centre.at_work("ann")
    centre.call("c1")
    centre.call("c2")
    centre.answers("ann")
    centre.not_ready("ann")
    assert released(centre) == []  # she talks, and is at work until that is over
    centre.talk_ends("c1")
    assert released(centre) == [("c2", AbandonReason.NO_AGENTS)]


def test_a_call_that_rings_at_the_last_agent_is_let_go_when_she_is_gone() -> None:
    centre = Centre(queue(agents="ann", leave_when_empty=Empty.LOGGED_OUT))
    centre.at_work("ann")
    centre.call("c1")
    centre.sign_out("ann")
    assert released(centre) == [("c1", AbandonReason.NO_AGENTS)]


def test_a_queue_with_other_agents_does_not_become_empty_with_this_one() -> None:
    centre = Centre(
        queue("sales", "ann", leave_when_empty=Empty.LOGGED_OUT),
        queue("support", "ann bob", leave_when_empty=Empty.LOGGED_OUT),
    )
    centre.sign_in("ann")
    centre.sign_in("bob")
    centre.call("c1", "sales")
    centre.call("c2", "support")
    centre.sign_out("ann")
    assert released(centre) == [("c1", AbandonReason.NO_AGENTS)]


def test_a_new_site_file_that_takes_the_last_agent_away_lets_those_who_wait_go() -> None:
    rules = queue(agents="ann", leave_when_empty=Empty.LOGGED_OUT)
    centre = Centre(rules)
    centre.sign_in("ann")
    centre.call("c1")
    centre.new_rules(queue(agents="bob", leave_when_empty=Empty.LOGGED_OUT))
    assert released(centre) == [("c1", AbandonReason.NO_AGENTS)]


def test_a_queue_that_a_new_site_file_brings_back_is_open_again() -> None:
    centre = Centre()
    closes(centre)
    centre.new_rules(queue("support"))
    centre.new_rules(queue())
    centre.call("c1")
    assert centre.acd.call_state(CallId("c1")) is CallState.WAITING
