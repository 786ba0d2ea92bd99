"""What a supervisor sees of a queue is what its callers are told."""

from __future__ import annotations

from random import Random

from ccengine.acd.expectation import ENOUGH, Expected, PastWait
from ccengine.acd.inputs import AdoptWaits, QueueHours
from ccengine.acd.rules import Relaxation
from ccengine.acd.state import CallState, QueueState
from ccengine.acd.view import MOST_IN_ALL, MOST_OF_A_QUEUE, CallView, QueueView
from ccengine.ids import CallId, QueueId
from tests.rules.acd.floor_driver import Centre, needs, queue

SALES = QueueId("sales")


def seen(centre: Centre, late_s: float = 20.0, name: str = "sales") -> QueueView:
    view = centre.acd.queue_view(QueueId(name), centre.now, late_s)
    assert view is not None
    return view


def calls(centre: Centre) -> tuple[CallView, ...]:
    return centre.acd.first_in_line(centre.now)


def taught(centre: Centre) -> None:
    """The queue's intervals have held so often that they are told."""
    past = PastWait(
        entered_at=centre.now,
        vip=False,
        plain_s=10.0,
        interval=Expected(low_s=9.0, high_s=21.0),
        waited_s=20.0,
        answered=True,
    )
    centre.say(AdoptWaits(queue=SALES, waits=(past,) * ENOUGH))


def busy_with(centre: Centre, agent: str) -> None:
    """This agent has had a talk of a minute, and is in the next one."""
    centre.at_work(agent)
    centre.talks(agent, "earlier")
    centre.call("present")
    centre.answers(agent)


def test_each_call_has_the_place_and_the_wait_that_it_would_be_told() -> None:
    centre = Centre(queue("sales", "ann"))
    busy_with(centre, "ann")
    taught(centre)
    dice = Random(7)
    for number in range(30):
        vip = dice.random() < 0.3
        centre.call(f"c{number}", vip=60.0 if vip else 0.0, ageing=2.0 if vip else 1.0)
        centre.pass_time(dice.uniform(0, 9))
    shown = calls(centre)
    assert [call.call_id for call in shown] == list(centre.acd.waiting(SALES))
    for call in shown:
        assert call.position == centre.acd.position(call.call_id)
        assert call.expected == centre.acd.expected(call.call_id, centre.now)
    assert [call.position for call in shown] == list(range(1, 31))
    assert all(call.expected is not None for call in shown)


def test_the_queue_tells_a_newcomer_what_the_next_caller_is_then_told() -> None:
    centre = Centre(queue("sales", "ann", head_start_s=30.0))
    busy_with(centre, "ann")
    taught(centre)
    centre.call("c1")
    centre.call("c2")
    before = seen(centre).expected
    centre.call("c3")
    assert before is not None
    assert before == centre.acd.expected(CallId("c3"), centre.now)


def test_a_queue_that_knows_too_little_tells_nothing_and_shows_its_score() -> None:
    view = seen(Centre())
    assert (view.expected, view.score.held, view.score.of) == (None, 0, 0)
    assert view.state is QueueState.OPEN


def test_callers_are_counted_and_those_who_wait_too_long_apart() -> None:
    centre = Centre()
    centre.call("c1")
    centre.pass_time(21)
    centre.call("c2")
    view = seen(centre, late_s=20.0)
    assert (view.callers, view.late) == (2, 1)
    assert view.longest_since == centre.now - 21
    assert seen(centre, late_s=60.0).late == 0


def test_a_call_that_rings_is_still_in_line() -> None:
    centre = Centre()
    centre.at_work("ann")
    centre.call("c1")
    (call,) = calls(centre)
    assert (call.position, call.state) == (1, CallState.OFFERED)


def test_a_need_is_shown_with_the_moment_at_which_it_becomes_less() -> None:
    relax = (Relaxation(after_s=20.0, skill="english", level=2),)
    centre = Centre(queue("sales", "ann", skills=needs("english:5"), relax=relax))
    centre.call("c1")
    (call,) = calls(centre)
    assert (call.need.words, call.need_until) == (("english:5",), centre.now + 20)
    centre.pass_time(20)
    (call,) = calls(centre)
    assert (call.need.words, call.need_until) == (("english:2",), None)


def test_a_closed_queue_is_shown_as_closed_and_an_unknown_one_not_at_all() -> None:
    centre = Centre()
    centre.say(QueueHours(queue=SALES, open=False))
    assert seen(centre).state is QueueState.CLOSED
    assert centre.acd.queue_view(QueueId("nowhere"), centre.now) is None


def test_of_a_long_line_the_first_are_shown_and_all_are_counted() -> None:
    centre = Centre()
    for number in range(MOST_OF_A_QUEUE + 5):
        centre.call(f"c{number:04}", ageing=1.0 + number % 3)
    shown = [call.call_id for call in calls(centre)]
    assert shown == list(centre.acd.waiting(SALES))[:MOST_OF_A_QUEUE]
    assert seen(centre).callers == MOST_OF_A_QUEUE + 5


def test_of_many_lines_the_first_in_serving_order_are_shown() -> None:
    centre = Centre(
        queue("sales", ""), queue("support", "", weight=1), queue("advice", "", head_start_s=60.0)
    )
    for number in range(MOST_OF_A_QUEUE):
        for name in ("sales", "support", "advice"):
            centre.call(f"{name}{number}", to=name)
    shown = [str(call.queue) for call in calls(centre)]
    rest = MOST_IN_ALL - MOST_OF_A_QUEUE
    assert shown == ["support"] * MOST_OF_A_QUEUE + ["advice"] * rest


def test_looking_changes_nothing() -> None:
    centre, unseen = Centre(seed=3), Centre(seed=3)
    for one in (centre, unseen):
        one.at_work("ann", "bob")
        for number in range(8):
            one.call(f"c{number}")
            if one is centre:
                seen(one)
                calls(one)
            one.pass_time(4)
    assert centre.all == unseen.all
