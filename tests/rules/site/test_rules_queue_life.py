"""What becomes of a waiting call: each rule of the site file, told as a call."""

from __future__ import annotations

import pytest

from ccengine.acd.commands import Offer, Release
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    CallAbandoned,
    CallbackAttempted,
    CallbackEnd,
    CallbackEnded,
    CallFact,
)
from ccengine.reports.queues import Period, QueueRow, queue_report
from ccengine.reports.store import targets
from tests.rules.site.as_a_call import SiteCentre, centre, shows

SUPPORT = """\
  support: {title: {zh-CN: 支持, en: Support}, strategy: linear, wrap_up: 0, agents: ["1003"]}
"""


def released(c: SiteCentre) -> tuple[str, AbandonReason]:
    release = c.one(Release)
    return release.call_id, release.reason


@shows("queue.max_wait")
def test_a_caller_is_let_go_after_the_longest_wait() -> None:
    c = centre("max_wait: 60")
    c.rings("ada")
    assert c.heard(Release, c.pass_time(59)) == []
    (release,) = c.heard(Release, c.pass_time(1))
    assert release.reason is AbandonReason.TIMED_OUT


@shows("queue.max_calls")
def test_a_full_queue_lets_the_next_caller_go() -> None:
    c = centre("max_calls: 2")
    for call in ("ada", "bob", "cyd"):
        c.rings(call)
    assert released(c) == ("cyd", AbandonReason.QUEUE_FULL)
    c.leaves("ada")
    c.rings("dan")
    assert c.heard(Release) == []


@shows("queue.hours")
def test_a_closed_queue_lets_nobody_in_and_keeps_who_waits() -> None:
    c = centre("hours: office")
    c.rings("ada")
    c.opens(False)
    c.rings("bob")
    assert released(c) == ("bob", AbandonReason.CLOSED)
    assert c.waiting() == "ada"
    c.opens(True)
    c.rings("cyd")
    assert c.waiting() == "ada cyd"


@shows("queue.when_closed")
def test_at_closing_time_all_may_be_let_go() -> None:
    c = centre("hours: office\nwhen_closed: release")
    c.rings("ada")
    c.opens(False)
    assert released(c) == ("ada", AbandonReason.CLOSED)


@shows("queue.join_when_empty")
@pytest.mark.parametrize(
    ("empty", "logged_out", "not_ready"),
    [("never", False, False), ("logged_out", True, False), ("not_ready", True, True)],
)
def test_a_caller_who_finds_nobody(empty: str, logged_out: bool, not_ready: bool) -> None:
    c = centre(f"join_when_empty: {empty}")
    c.rings("ada")
    assert [r.reason for r in c.heard(Release)] == [AbandonReason.NO_AGENTS] * logged_out
    c.sign_in("1001")
    c.rings("bob")
    assert [r.reason for r in c.heard(Release)] == [AbandonReason.NO_AGENTS] * not_ready
    c.at_work("1001")
    c.rings("cyd")
    assert c.heard(Release) == []


@shows("queue.leave_when_empty")
@pytest.mark.parametrize(
    ("empty", "break_", "log_out"),
    [("never", False, False), ("logged_out", False, True), ("not_ready", True, False)],
)
def test_callers_whom_everybody_leaves(empty: str, break_: bool, log_out: bool) -> None:
    c = centre(f"leave_when_empty: {empty}")
    c.everybody_talks("1001")
    c.rings("ada")
    c.talk_ends("with 1001")
    c.refuses("1001")
    c.not_ready("1001")
    assert [r.reason for r in c.heard(Release)] == [AbandonReason.NO_AGENTS] * break_
    c.sign_out("1001")
    assert [r.reason for r in c.heard(Release)] == [AbandonReason.NO_AGENTS] * log_out


# -- wrap-up


def wrapping_up(rules: str) -> SiteCentre:
    """Agent 1001 has just ended its talk."""
    c = centre(rules)
    c.at_work("1001")
    c.talks("1001", "ada", 60)
    assert c.state("1001") is AgentState.WRAP_UP
    return c


@shows("queue.wrap_up")
def test_wrap_up_ends_after_its_time() -> None:
    c = wrapping_up("wrap_up: 40")
    c.pass_time(39)
    assert c.state("1001") is AgentState.WRAP_UP
    c.pass_time(1)
    assert c.state("1001") is AgentState.READY


@shows("queue.wrap_up_mode")
def test_wrap_up_until_the_agent_is_done() -> None:
    c = wrapping_up("wrap_up: 40\nwrap_up_mode: until_done")
    c.pass_time(3_600)
    assert c.state("1001") is AgentState.WRAP_UP
    c.ready("1001")
    assert c.state("1001") is AgentState.READY


@shows("queue.wrap_up_extension", "queue.wrap_up_extensions")
def test_an_agent_may_take_more_time_so_often() -> None:
    c = wrapping_up("wrap_up: 40\nwrap_up_extension: 30\nwrap_up_extensions: 1")
    c.extends_wrap_up("1001")
    c.extends_wrap_up("1001")
    assert "longer 1 times" in c.ignored()
    c.pass_time(69)
    assert c.state("1001") is AgentState.WRAP_UP
    c.pass_time(1)
    assert c.state("1001") is AgentState.READY


# -- personal queues


@shows(
    "personal_queues.ring_timeout",
    "personal_queues.max_wait",
    "personal_queues.wrap_up",
)
def test_a_call_for_one_agent_rings_nobody_else() -> None:
    c = centre(head="personal_queues: {ring_timeout: 33, wrap_up: 7, max_wait: 50}\n")
    c.at_work("1002")
    c.sign_in("1001")
    c.rings_for("ada", "1001")
    assert c.offered_to() == ()
    (release,) = c.heard(Release, c.pass_time(50))
    assert release.reason is AbandonReason.TIMED_OUT
    c.at_work("1001")
    c.rings_for("bob", "1001")
    offer = c.one(Offer)
    assert (offer.agents, offer.ring_timeout_s) == (("1001",), 33)
    c.answers("1001")
    c.talk_ends("bob")
    c.pass_time(6)
    assert c.state("1001") is AgentState.WRAP_UP
    c.pass_time(1)
    assert c.state("1001") is AgentState.READY


@shows("personal_queues.head_start")
def test_the_own_callers_of_an_agent_go_before_others() -> None:
    c = centre(head="personal_queues: {head_start: 60}\n")
    c.sign_in("1001")
    c.rings("patient")
    c.pass_time(59)
    c.rings_for("own", "1001")
    c.at_work("1001")
    assert c.one(Offer).call_id == "own"


# -- callbacks


def asked(rules: str) -> SiteCentre:
    """Ada asked to be called back after a minute in line."""
    c = centre(f"callback: {{trunk: carrier, {rules}}}")
    c.rings("ada")
    c.pass_time(60)
    c.asks_for_callback("ada", "back")
    assert c.heard(CallAbandoned) == []
    return c


@shows("queue.callback")
def test_a_callback_keeps_the_place_of_its_caller() -> None:
    c = asked("attempts: 3")
    c.rings("bob")
    c.at_work("1001")
    offer = c.one(Offer)
    assert (offer.call_id, offer.callback) == ("back", True)


@shows("callback.attempts", "callback.retry_after")
def test_a_customer_who_is_not_reached_is_tried_again_so_often() -> None:
    c = asked("attempts: 2, retry_after: 300")
    c.at_work("1001")
    c.not_reached("back")
    (attempt,) = c.ever(CallbackAttempted)
    assert attempt.next_at == c.now + 300
    assert c.heard(Offer, c.pass_time(299)) == []
    assert c.heard(Offer, c.pass_time(1)) != []
    c.not_reached("back")
    assert c.one(CallbackEnded).result is CallbackEnd.GAVE_UP


@shows("callback.expires_after")
def test_a_callback_that_nobody_makes_is_given_up() -> None:
    c = asked("retry_after: 60, expires_after: 600")
    assert c.heard(CallbackEnded, c.pass_time(599)) == []
    (ended,) = c.heard(CallbackEnded, c.pass_time(1))
    assert ended.result is CallbackEnd.EXPIRED


@shows("queue.hours")
def test_hours_are_of_one_queue() -> None:
    c = centre("hours: office", SUPPORT)
    c.opens(False)
    c.rings("ada", to="support")
    assert c.waiting("support") == "ada"


# -- reports


def row_of(c: SiteCentre) -> QueueRow:
    facts = [word for word in c.all if isinstance(word, CallFact)]
    period = Period(start=c.now - 86_400, end=c.now + 1)
    return queue_report(facts, targets(c.site), period, c.now).rows[0]


@shows("queue.service_level")
def test_who_is_answered_in_time_counts_for_the_service_level() -> None:
    c = centre("service_level: 30")
    for number, wait in enumerate((10, 30, 31)):
        c.rings(f"c{number}")
        c.pass_time(wait)
        c.at_work("1001")
        c.answers("1001")
        c.talk_ends(f"c{number}")
        c.sign_out("1001")
    assert row_of(c).service_level == pytest.approx(2 / 3)


@shows("queue.short_abandon")
def test_who_hangs_up_soon_is_shown_apart() -> None:
    c = centre("short_abandon: 10")
    for number, wait in enumerate((9, 11)):
        c.rings(f"c{number}")
        c.pass_time(wait)
        c.leaves(f"c{number}")
    assert (row_of(c).abandoned, row_of(c).short_abandoned) == (2, 1)
