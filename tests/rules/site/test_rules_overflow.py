"""When a caller waits too long: each overflow rule of the site file, told as a call."""

from __future__ import annotations

import pytest

from ccengine.acd.commands import Announce, Offer, ProposeCallback, Release
from ccengine.journal.facts import (
    AbandonReason,
    CallOverflowed,
    CallQueued,
)
from tests.rules.site.as_a_call import centre, shows

SUPPORT = """\
  support: {title: {zh-CN: 支持, en: Support}, strategy: linear, wrap_up: 0, agents: ["1003"]}
"""


@shows("queue.overflow", "overflow.name", "overflow.when", "overflow.do")
def test_who_has_waited_two_minutes_goes_to_another_queue_with_its_wait() -> None:
    c = centre("overflow: [{name: long, when: {waited: 120}, do: {queue: support}}]", SUPPORT)
    c.rings("ada")
    came = c.now
    assert c.heard(CallOverflowed, c.pass_time(119)) == []
    moved = c.pass_time(1)
    (rule,) = c.heard(CallOverflowed, moved)
    assert (rule.rule, rule.to_queue, rule.waited_s) == ("long", "support", 120)
    (queued,) = c.heard(CallQueued, moved)
    assert queued.queued_at == came
    assert (c.waiting("sales"), c.waiting("support")) == ("", "ada")


@shows("overflow.do")
def test_a_rule_drops_what_was_asked_for() -> None:
    c = centre("skills: {english: 9}\noverflow: [{name: any, when: {waited: 30}, do: widen}]")
    c.at_work("1003")
    c.rings("ada")
    assert c.offered_to() == ()
    (offer,) = c.heard(Offer, c.pass_time(30))
    assert offer.agents == ("1003",)


@shows("overflow.do")
@pytest.mark.parametrize(
    ("do", "branch"), [("{branch: sorry}", "sorry"), ("voicemail", "voicemail")]
)
def test_a_rule_leads_back_into_the_flow(do: str, branch: str) -> None:
    c = centre(f"overflow: [{{name: out, when: {{waited: 30}}, do: {do}}}]")
    c.rings("ada")
    (release,) = c.heard(Release, c.pass_time(30))
    assert (release.reason, release.branch) == (AbandonReason.OVERFLOW, branch)


@shows("overflow.do")
def test_a_rule_speaks_to_the_caller_who_stays_in_line() -> None:
    c = centre(
        "messages: {busy: {say: {zh-CN: 今天很忙, en: We are busy}}}\n"
        "overflow: [{name: tell, when: {waited: 30}, do: {announce: busy}}]"
    )
    c.rings("ada")
    (announce,) = c.heard(Announce, c.pass_time(30))
    assert announce.message == "busy"
    assert c.heard(Announce, c.pass_time(300)) == []
    assert c.waiting() == "ada"


@shows("overflow.do")
def test_a_rule_asks_whether_the_caller_wants_to_be_called_back() -> None:
    c = centre(
        "callback: {trunk: carrier}\noverflow: [{name: ask, when: {waited: 30}, do: callback}]"
    )
    c.rings("ada")
    (proposed,) = c.heard(ProposeCallback, c.pass_time(30))
    assert proposed.call_id == "ada"


@shows("overflow.when")
@pytest.mark.parametrize(
    ("when", "callers", "fires"),
    [
        ("{position: 3}", 2, False),
        ("{position: 3}", 3, True),
        ("{longest_wait: 30}", 1, True),
        ("{longest_wait: 90}", 1, False),
        ("{agents_logged_in: 0}", 1, False),
        ("{agents_logged_in: 1}", 1, True),
        ("{agents_ready: 0}", 1, True),
        ("{expected_wait: 1}", 1, False),  # nothing has been learned yet
    ],
)
def test_what_a_rule_looks_at(when: str, callers: int, fires: bool) -> None:
    c = centre(f"overflow: [{{name: out, when: {when}, do: {{branch: sorry}}}}]")
    c.sign_in("1001")
    for number in range(callers):
        c.rings(f"caller {number}")
    c.pass_time(60)
    assert (c.ever(Release) != []) is fires


@shows("overflow.when")
def test_a_rule_about_the_expected_wait() -> None:
    c = centre("overflow: [{name: out, when: {expected_wait: 60}, do: {branch: sorry}}]")
    c.at_work("1001")
    for number in range(12):  # the queue learns that a call takes two minutes
        c.talks("1001", f"t{number}", 120)
        c.pass_time(1)
    c.rings("with 1001")
    c.answers("1001")
    for number in range(4):
        c.rings(f"caller {number}")
    c.pass_time(10)
    assert {release.branch for release in c.ever(Release)} == {"sorry"}
