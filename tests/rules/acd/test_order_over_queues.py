"""One order over all queues: weight, standing (head start and ageing), entry; and the position."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.acd.commands import Offer
from ccengine.acd.rules import Strategy
from ccengine.ids import CallId, QueueId
from tests.rules.acd.floor_driver import START, Centre, needs, queue


def next_for_ann(centre: Centre) -> str:
    """Ann, not yet at work, comes; whom does she get?"""
    centre.at_work("ann")
    return centre.one(Offer).call_id


def test_a_queue_of_higher_weight_goes_before_however_long_others_have_waited() -> None:
    centre = Centre(queue("sales", "ann"), queue("emergency", "ann", weight=1))
    centre.call("old vip", vip=600, queued_at=START - 3000)
    centre.call("new", to="emergency")
    assert next_for_ann(centre) == "new"


def test_without_weights_the_larger_standing_goes_first_over_all_queues() -> None:
    centre = Centre(queue("sales", "ann"), queue("support", "ann"), queue("billing", "ann"))
    centre.call("waits 50", to="sales", queued_at=START - 50)
    centre.call("vip waits 10", to="support", vip=60, queued_at=START - 10)
    centre.call("waits 60", to="billing", queued_at=START - 60)
    assert next_for_ann(centre) == "vip waits 10"


def test_a_queue_can_give_all_its_calls_a_head_start() -> None:
    centre = Centre(queue("sales", "ann"), queue("support", "ann", head_start_s=30.0))
    centre.call("first", to="sales")
    centre.pass_time(20)
    centre.call("second", to="support")
    assert next_for_ann(centre) == "second"
    assert centre.acd.position(CallId("second")) == 1


def test_of_equal_standing_the_one_that_came_earlier_goes_first() -> None:
    centre = Centre(queue("sales", "ann"), queue("support", "ann"))
    centre.call("vip", vip=60)
    centre.call("ordinary", to="support", queued_at=START - 60)
    assert next_for_ann(centre) == "ordinary"


def test_a_call_that_ages_faster_overtakes_at_its_moment() -> None:
    """Ordinary came 30 s earlier; at ageing 2 the other has made that up after 30 s of its own."""
    centre = Centre(queue(agents="ann", strategy=Strategy.LINEAR))
    centre.call("ordinary")
    centre.pass_time(30)
    centre.call("ages", ageing=2.0)
    assert centre.waiting() == "ordinary ages"
    centre.pass_time(29)
    centre.sign_in("ann")
    assert centre.waiting() == "ordinary ages"
    centre.pass_time(2)
    centre.sign_out("ann")
    assert centre.waiting() == "ages ordinary"
    assert centre.acd.position(CallId("ordinary")) == 2
    assert next_for_ann(centre) == "ages"


def test_waiting_calls_that_an_agent_may_not_take_do_not_change_the_order_of_the_others() -> None:
    centre = Centre(queue("sales", "ann bob"), queue("support", "ann"), skills={"bob": "sales:1"})
    centre.call("for bob", requires="sales:1", queued_at=START - 90)
    centre.call("older", to="support", queued_at=START - 50)
    centre.call("younger", queued_at=START - 40)
    assert next_for_ann(centre) == "older"
    assert centre.waiting() == "for bob younger"
    assert centre.acd.position(CallId("younger")) == 2


# -- against a plain model

WEIGHTS = {"sales": 0, "support": 0, "emergency": 2}


@dataclass(frozen=True)
class Caller:
    to: str
    after_s: int
    head_start_s: int
    ageing: float
    asks: bool

    def standing(self, now: float) -> float:
        return self.head_start_s + self.ageing * (now - START - self.after_s)


CALLERS = st.lists(
    st.builds(
        Caller,
        to=st.sampled_from(sorted(WEIGHTS)),
        after_s=st.integers(0, 100),
        head_start_s=st.sampled_from([0, 0, 10, 60]),
        ageing=st.sampled_from([1.0, 1.0, 1.5, 3.0]),
        asks=st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


@settings(deadline=None)
@given(callers=CALLERS, pause=st.integers(0, 100), talk=st.integers(0, 30))
def test_the_order_is_the_plain_sort_of_all_that_waits(
    callers: list[Caller], pause: int, talk: int
) -> None:
    """Ann, who can all, serves all; each time she gets the first of the sort at that moment."""
    centre = Centre(
        *(queue(name, "ann", weight=weight) for name, weight in WEIGHTS.items()),
        skills={"ann": "english:5"},
    )
    left = dict(enumerate(sorted(callers, key=lambda caller: caller.after_s)))
    for number, caller in left.items():
        centre.pass_time(START + caller.after_s - centre.now)
        centre.call(
            str(number),
            caller.to,
            vip=caller.head_start_s,
            ageing=caller.ageing,
            requires="english:3" if caller.asks else "",
        )
    centre.pass_time(pause)
    centre.at_work("ann")
    while left:
        now = centre.now
        order = sorted(
            left, key=lambda n: (-WEIGHTS[left[n].to], -left[n].standing(now), left[n].after_s, n)
        )
        for name in WEIGHTS:
            here = [str(n) for n in order if left[n].to == name]
            assert list(centre.acd.waiting(QueueId(name))) == here
            assert [centre.acd.position(CallId(c)) for c in here] == list(range(1, len(here) + 1))
        offer = centre.one(Offer)
        assert offer.call_id == str(order[0])
        explained = centre.explained[-1]
        assert explained.call.call_id == offer.call_id
        assert explained.calls == () or explained.calls[0].call_id == offer.call_id
        centre.answers("ann", offer.offer_id)
        del left[order[0]]
        centre.now += talk
        centre.talk_ends(offer.call_id)


def test_the_explanation_says_why_each_other_call_stands_behind() -> None:
    centre = Centre(
        queue("emergency", "ann", weight=1),
        queue("sales", "ann"),
        queue("support", "ann", skills=needs("english:5")),
    )
    centre.call("first", to="emergency", queued_at=START - 9)
    centre.call("ages", to="emergency", ageing=2.0)
    centre.call("light", to="sales", queued_at=START - 50)
    centre.call("english", to="support", queued_at=START - 40)
    assert next_for_ann(centre) == "first"
    explained = centre.explained[-1]
    assert explained.freed == "ann"
    assert {str(c.call_id): c.because for c in explained.calls} == {
        "first": "is first in the order over all queues of the agent",
        "ages": "standing 0.0 s is below 9.0 s",
        "light": "weight 0 is below 1",
        "english": "needs english:5",
    }
