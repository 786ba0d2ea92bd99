"""Overflow rules: fired once, at their time, in order, and never under a ringing phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ccengine.acd.commands import Announce, Ignored, Move, Offer, ProposeCallback, Release
from ccengine.acd.inputs import Join, QueueHours, RulesReplaced
from ccengine.acd.rules import (
    CallbackRules,
    OverflowAction,
    OverflowMeasure,
    OverflowRule,
    QueueRules,
    SkillRequirement,
)
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    CallAbandoned,
    CallOverflowed,
    CallQueued,
    NeedRelaxed,
)
from tests.rules.acd.floor_driver import START, Centre, queue

WAITED, MOVE = OverflowMeasure.WAITED, OverflowAction.QUEUE


def rule(
    measure: OverflowMeasure, limit: float, action: OverflowAction, target: str = ""
) -> OverflowRule:
    return OverflowRule(
        name=f"{measure}-{limit:g}-{action}",
        measure=measure,
        limit=limit,
        action=action,
        target=target,
    )


def sales(*rules: OverflowRule, **more: object) -> QueueRules:
    return queue("sales", "ann", overflow=rules, **more)


def support(*rules: OverflowRule, **more: object) -> QueueRules:
    return queue("support", "bob", overflow=rules, **more)


def message(measure: OverflowMeasure, limit: float) -> OverflowRule:
    return rule(measure, limit, OverflowAction.ANNOUNCE, "busy")


def fired(centre: Centre, words: list[object] | None = None) -> list[str]:
    return [fact.rule for fact in centre.heard(CallOverflowed, words)]


def test_a_call_that_has_waited_60_s_goes_to_the_other_queue_at_that_second() -> None:
    centre = Centre(sales(rule(WAITED, 60, MOVE, "support")), support())
    centre.at_work("bob")
    centre.call("c1")
    assert centre.pass_time(59.9) == []
    centre.pass_time(0.1)
    moved = centre.one(CallOverflowed)
    assert (moved.queue, moved.to_queue, moved.waited_s) == ("sales", "support", 60.0)
    again = centre.one(CallQueued)
    assert (again.queue, again.moved_from, again.queued_at) == ("support", "sales", START)
    assert centre.one(Move) == Move(call_id=CallId("c1"), queue=QueueId("support"))
    assert centre.offered_to() == ("bob",)
    assert (centre.waiting("sales"), centre.waiting("support")) == ("", "c1")


def test_a_moved_call_goes_before_those_who_came_to_the_other_queue_after_it() -> None:
    centre = Centre(sales(rule(WAITED, 60, MOVE, "support")), support())
    centre.call("moved")
    centre.pass_time(30)
    centre.call("later", "support")
    centre.call("vip", "support", vip=60)
    centre.pass_time(30)
    assert centre.waiting("support") == "vip moved later"


def test_a_moved_call_keeps_its_own_head_start_and_gets_that_of_the_new_queue() -> None:
    centre = Centre(
        sales(rule(WAITED, 60, MOVE, "support"), head_start_s=500), support(head_start_s=10)
    )
    centre.call("moved", vip=20)
    centre.call("vip", "support", vip=25)
    centre.call("less", "support", vip=15)
    centre.pass_time(60)
    assert centre.waiting("support") == "vip moved less"
    assert centre.one(CallQueued).head_start_s == 20


def test_an_agent_who_refused_the_call_is_not_rung_for_it_in_the_next_queue() -> None:
    both = rule(WAITED, 5, MOVE, "support")
    centre = Centre(
        queue("sales", "ann", overflow=(both,), retry_pause_s=100), queue("support", "ann bob")
    )
    centre.at_work("ann")
    centre.call("c1")
    centre.refuses("ann")
    came = centre.pass_time(5)
    assert centre.heard(Offer, came) == []
    centre.at_work("bob")
    assert centre.offered_to() == ("bob",)


def test_a_call_is_never_moved_back() -> None:
    centre = Centre(
        sales(rule(WAITED, 10, MOVE, "support")), support(rule(WAITED, 20, MOVE, "sales"))
    )
    centre.call("c1")
    centre.pass_time(10)
    came = centre.pass_time(60)
    assert [i.why for i in centre.heard(Ignored, came)] == [
        "rule waited-20-queue: call c1 stays: it has been in sales already"
    ]
    assert [fact.to_queue for fact in centre.heard(CallOverflowed, came)] == [None]
    assert centre.waiting("support") == "c1"


@pytest.mark.parametrize("gate", ["closed", "full", "unknown", "its longest wait"])
def test_a_call_stays_where_it_is_if_the_other_queue_lets_it_not_in(gate: str) -> None:
    centre = Centre(
        sales(rule(WAITED, 60, MOVE, "nowhere" if gate == "unknown" else "support")),
        support(
            max_calls=1 if gate == "full" else None,
            max_wait_s=30.0 if gate == "its longest wait" else None,
        ),
    )
    centre.call("c1")
    if gate == "closed":
        centre.say(QueueHours(queue=QueueId("support"), open=False))
    if gate == "full":
        centre.call("there", "support")
    came = centre.pass_time(300)
    assert len(fired(centre, list(came))) == 1
    assert len(centre.heard(Ignored, came)) == 1
    assert centre.heard(Release, came) == []
    assert centre.waiting("sales") == "c1"


def test_the_longest_wait_of_the_new_queue_counts_from_the_first_entry() -> None:
    centre = Centre(sales(rule(WAITED, 60, MOVE, "support")), support(max_wait_s=100.0))
    centre.call("c1")
    centre.pass_time(60)
    came = centre.pass_time(40)
    assert [r.reason for r in centre.heard(Release, came)] == [AbandonReason.TIMED_OUT]
    (ended,) = centre.heard(CallAbandoned, came)
    assert (ended.queue, ended.waited_s) == ("support", 100.0)


def test_a_call_that_rings_is_not_moved_until_the_offer_has_come_to_nothing() -> None:
    centre = Centre(sales(rule(WAITED, 10, MOVE, "support"), ring=15.0), support())
    centre.at_work("ann")
    centre.call("c1")
    assert fired(centre, list(centre.pass_time(12))) == []
    centre.misses("ann")
    assert fired(centre) == ["waited-10-queue"]
    assert centre.waiting("support") == "c1"


def test_a_rule_that_leads_out_names_the_way() -> None:
    centre = Centre(sales(rule(WAITED, 60, OverflowAction.BRANCH, "sorry")))
    centre.call("c1")
    centre.pass_time(60)
    release = centre.one(Release)
    assert (release.reason, release.branch) == (AbandonReason.OVERFLOW, "sorry")
    assert centre.one(CallAbandoned).reason is AbandonReason.OVERFLOW
    assert centre.waiting() == ""


def test_to_voicemail() -> None:
    centre = Centre(sales(rule(WAITED, 60, OverflowAction.VOICEMAIL)))
    centre.call("c1")
    centre.pass_time(60)
    assert centre.one(Release).branch == "voicemail"


def test_an_announcement_is_made_once_and_the_call_waits_on() -> None:
    centre = Centre(sales(message(WAITED, 60)))
    centre.call("c1")
    came = centre.pass_time(300)
    assert centre.heard(Announce, came) == [Announce(call_id=CallId("c1"), message="busy")]
    assert centre.waiting() == "c1"


def test_a_callback_is_proposed_where_the_queue_takes_any() -> None:
    asks = rule(WAITED, 60, OverflowAction.CALLBACK)
    centre = Centre(sales(asks, callback=CallbackRules()), support(asks))
    centre.call("c1")
    centre.call("c2", "support")
    came = centre.pass_time(60)
    assert centre.heard(ProposeCallback, came) == [ProposeCallback(call_id=CallId("c1"))]
    assert [i.why for i in centre.heard(Ignored, came)] == [
        "rule waited-60-callback: support takes no callbacks"
    ]


def test_a_widened_call_needs_no_skill_any_more() -> None:
    centre = Centre(
        sales(
            rule(WAITED, 60, OverflowAction.WIDEN),
            skills=(SkillRequirement(skill="english", level=5),),
            levels={AgentId("ann"): 2},
        )
    )
    centre.at_work("ann")
    centre.call("c1")
    assert centre.offered_to() == ()
    centre.pass_time(60)
    assert centre.offered_to() == ("ann",)
    assert centre.one(NeedRelaxed).requires == ()


def test_rules_fire_in_the_order_of_the_file_until_one_leads_away() -> None:
    centre = Centre(
        sales(message(WAITED, 30), rule(WAITED, 30, MOVE, "support"), message(WAITED, 20)),
        support(),
    )
    centre.call("c1")
    came = centre.pass_time(60)
    assert fired(centre, list(came)) == [
        "waited-20-announce",
        "waited-30-announce",
        "waited-30-queue",
    ]


def test_the_rules_of_the_next_queue_look_at_the_whole_wait_and_chains_end() -> None:
    centre = Centre(
        sales(rule(WAITED, 10, MOVE, "support")),
        support(rule(WAITED, 10, MOVE, "operator")),
        queue("operator", "eve", overflow=(rule(WAITED, 10, MOVE, "sales"),)),
    )
    centre.call("c1")
    centre.pass_time(10)
    assert [f.to_queue for f in centre.heard(CallOverflowed)] == ["support", "operator", None]
    assert centre.waiting("operator") == "c1"


@pytest.mark.parametrize(
    ("measure", "limit", "at_entry"),
    [
        (OverflowMeasure.AGENTS_READY, 0, True),
        (OverflowMeasure.AGENTS_LOGGED_IN, 0, False),
        (OverflowMeasure.AGENTS_LOGGED_IN, 1, True),
        (OverflowMeasure.POSITION, 2, True),
        (OverflowMeasure.POSITION, 3, False),
        (OverflowMeasure.LONGEST_WAIT, 40, True),
        (OverflowMeasure.LONGEST_WAIT, 41, False),
        (OverflowMeasure.EXPECTED_WAIT, 1, False),
    ],
)
def test_what_is_measured_when_a_call_enters(
    measure: OverflowMeasure, limit: float, at_entry: bool
) -> None:
    """Ann is signed in and not ready; one call has waited for 40 s; no talk was ever measured."""
    centre = Centre(sales(message(measure, limit)))
    centre.sign_in("ann")
    centre.call("first", queued_at=START - 40, adopted=True)
    centre.call("c1")
    assert (fired(centre) != []) is at_entry


def test_what_is_true_later_is_seen_within_five_seconds() -> None:
    centre = Centre(sales(message(OverflowMeasure.LONGEST_WAIT, 62)))
    centre.call("c1")
    centre.pass_time(61)
    came = centre.pass_time(5)
    assert fired(centre, list(came)) == ["longest_wait-62-announce"]


def test_the_expected_wait_is_measured_once_it_is_known() -> None:
    centre = Centre(sales(message(OverflowMeasure.EXPECTED_WAIT, 100)))
    centre.at_work("ann")
    centre.talks("ann", "before", seconds=60)
    centre.not_ready("ann")
    centre.ready("ann")
    centre.call("rings")
    centre.answers("ann")
    centre.call("c1")  # 1 x 60 s / 1
    assert fired(centre) == []
    centre.call("c2")  # 2 x 60 s / 1
    assert fired(centre) == ["expected_wait-100-announce"]


def test_when_agents_sign_out_it_is_seen_at_once() -> None:
    centre = Centre(sales(rule(OverflowMeasure.AGENTS_LOGGED_IN, 0, MOVE, "support")), support())
    centre.sign_in("ann")
    centre.call("c1")
    centre.call("c2")
    centre.pass_time(2)
    centre.sign_out("ann")
    assert centre.waiting("support") == "c1 c2"


def test_an_adopted_call_is_not_told_again_what_it_was_told_before() -> None:
    once = message(WAITED, 10)
    centre = Centre(sales(once, rule(WAITED, 20, MOVE, "support")), support())
    centre.say(
        Join(
            call_id=CallId("c1"),
            queue=QueueId("sales"),
            queued_at=START - 15,
            adopted=True,
            spent=(once.name,),
            been_in=(QueueId("support"),),
        )
    )
    came = centre.pass_time(30)
    assert centre.heard(Announce, came) == []
    assert centre.waiting("sales") == "c1"


def test_new_rules_hold_for_those_who_wait_already() -> None:
    centre = Centre(sales(message(WAITED, 100)))
    centre.call("c1")
    centre.pass_time(50)
    centre.new_rules(sales(message(WAITED, 40), message(WAITED, 60)))
    assert fired(centre) == ["waited-40-announce"]
    assert fired(centre, list(centre.pass_time(10))) == ["waited-60-announce"]


def test_who_has_left_is_looked_at_no_more() -> None:
    centre = Centre(sales(message(WAITED, 60)))
    centre.call("c1")
    centre.leaves("c1")
    assert centre.pass_time(100) == []
    assert centre.timers == {}


@pytest.mark.parametrize(
    "measure",
    [OverflowMeasure.EXPECTED_WAIT, OverflowMeasure.POSITION, OverflowMeasure.LONGEST_WAIT],
)
def test_no_rule_about_a_busy_queue_takes_a_call_from_an_agent_who_is_free(
    measure: OverflowMeasure,
) -> None:
    centre = Centre(sales(rule(measure, 0.5, OverflowAction.VOICEMAIL)))
    centre.at_work("ann")
    centre.call("first")
    centre.answers("ann")
    centre.pass_time(300)
    centre.talk_ends("first")
    centre.call("second")
    assert centre.offered_to() == ("ann",)
    assert centre.ever(CallOverflowed) == []


def test_a_refused_call_is_offered_to_the_next_agent_before_its_queue_counts_as_busy() -> None:
    busy = rule(OverflowMeasure.POSITION, 1, OverflowAction.VOICEMAIL)
    centre = Centre(queue("sales", "ann bob", overflow=(busy,)))
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.refuses("ann")
    assert centre.offered_to() == ("bob",)
    centre.refuses("bob")
    assert fired(centre) == ["position-1-voicemail"]


def test_what_waited_has_put_off_goes_before_the_next_ring() -> None:
    centre = Centre(
        queue("sales", "ann bob", overflow=(rule(WAITED, 10, OverflowAction.VOICEMAIL),))
    )
    centre.at_work("ann", "bob")
    centre.call("c1")
    centre.pass_time(12)
    centre.refuses("ann")
    assert fired(centre) == ["waited-10-voicemail"]


def test_a_moved_call_rings_in_the_next_queue_before_its_rules_are_looked_at() -> None:
    centre = Centre(
        sales(rule(WAITED, 60, MOVE, "support")),
        support(rule(OverflowMeasure.POSITION, 1, OverflowAction.VOICEMAIL)),
    )
    centre.at_work("bob")
    centre.call("c1")
    centre.pass_time(60)
    assert centre.offered_to() == ("bob",)


def widened() -> Centre:
    """c1 has waited so long that no skill is asked of its agent any more."""
    centre = Centre(
        sales(
            rule(WAITED, 30, OverflowAction.WIDEN),
            skills=(SkillRequirement(skill="english", level=5),),
        )
    )
    centre.call("c1")
    centre.pass_time(30)
    return centre


def test_what_a_rule_has_opened_stays_open_when_another_site_file_comes() -> None:
    centre = widened()
    centre.say(RulesReplaced(rules=replace(centre.rules, version="v2")))
    centre.at_work("ann")
    assert centre.offered_to() == ("ann",)


def test_what_a_rule_has_opened_stays_open_after_a_restart() -> None:
    before = widened()
    centre = Centre(*before.rules.queues.values(), boot="next")
    centre.say(
        Join(
            call_id=CallId("c1"),
            queue=QueueId("sales"),
            queued_at=START,
            adopted=True,
            spent=("waited-30-widen",),
        )
    )
    centre.at_work("ann")
    assert centre.offered_to() == ("ann",)
