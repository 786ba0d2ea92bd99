"""A past day under another site file: what must come out."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ccengine.ids import AgentId, QueueId
from ccengine.journal.facts import (
    AgentState,
    CallAnswered,
    CallbackAsked,
    CallbackEnd,
    CallbackEnded,
    Fact,
    OfferResult,
)
from ccengine.plan.body import plan_body
from ccengine.plan.figures import TOTAL
from ccengine.plan.habits import ANYBODY
from ccengine.plan.notes import notes
from ccengine.plan.picture import picture, picture_page
from ccengine.plan.plan import Plan, make_plan
from ccengine.plan.reading import NoTrafficError, traffic_of
from ccengine.plan.table import plan_table
from ccengine.plan.traffic import After, Move, Ring
from ccengine.site.model import Hours, Overflow, Site
from tests.rules.plan.past_day import MORNING, SALES, busy_day, call, day, site, told

NEW = AgentId("1009")


def waits(facts: list[Fact]) -> dict[str, float]:
    return {
        fact.call_id: round(fact.waited_s, 3) for fact in facts if isinstance(fact, CallAnswered)
    }


def planned(
    calls: int = 120, *, after: Site, before: Site | None = None, agents: str = "1001 1002 1003"
) -> Plan:
    """A busy day under ``before``, planned again under ``after``."""
    before = before or site(agents)
    facts = told(day(busy_day(calls, len(agents.split())), agents), before)
    return make_plan(traffic_of(facts), before, after, seeds=3)


def change(plan: Plan, metric: str, queue: QueueId = SALES) -> float:
    found = plan.queue_changes[queue][metric].mean
    assert found is not None
    return found


def test_one_agent_serves_three_callers_as_computed_by_hand() -> None:
    """Rings 3 s, talks 30 s: the next caller is connected 33 s after the one before."""
    calls = [call("a", 0, talk=30), call("b", 10, talk=30), call("c", 20, talk=30)]

    facts = told(day(calls, "1001"), site("1001"))

    assert waits(facts) == {"a": 3.0, "b": 26.0, "c": 49.0}


def test_a_day_without_chance_comes_out_as_it_was() -> None:
    """All calls answered, all agents alike: nothing is drawn, so nothing may differ."""
    before = site("1001 1002")
    calls = [call(f"c{n}", n * 17.0, talk=40.0 + n % 7) for n in range(60)]

    plan = make_plan(traffic_of(told(day(calls), before)), before, before, seeds=3)

    assert plan.trusted
    for metric, was in plan.was.queues[SALES].values.items():
        found = plan.before.queues[SALES][metric]
        assert (found.mean, found.low, found.high) == pytest.approx((was, was, was)), metric
    assert change(plan, "asa_s") == 0.0


def test_a_day_with_hang_ups_comes_out_within_the_tolerance() -> None:
    plan = planned(300, after=site("1001 1002 1003"))

    assert plan.trusted, plan.doubts
    assert plan.was.queues[SALES].values["abandoned"]


def test_one_more_agent_shortens_waits_and_loads() -> None:
    plan = planned(after=site("1001 1002 1003 1009"))

    assert change(plan, "asa_s") < -1.0
    assert change(plan, "abandoned") <= 0.0
    load = plan.agent_changes[AgentId("1001")]["occupancy"].mean
    assert load is not None
    assert load < 0.0
    assert NEW in plan.after.agents
    assert NEW not in plan.before.agents
    assert any("1009 (like 100" in note for note in notes(plan, "en"))


def test_one_agent_less_lengthens_waits() -> None:
    plan = planned(after=site("1001 1002"))

    assert change(plan, "asa_s") > 1.0
    assert AgentId("1003") not in plan.after.agents
    assert any("1003" in note for note in notes(plan, "en"))


def test_without_head_start_vips_wait_longer_and_others_shorter() -> None:
    plan = planned(after=site("1001 1002 1003", gold=0.0))

    assert change(plan, "vip_asa_s") > 1.0
    assert change(plan, "ordinary_asa_s") < 0.0


def test_the_same_seeds_give_the_same_plan() -> None:
    first, second = (planned(after=site("1001 1002")) for _ in range(2))

    assert plan_body(first, "en") == plan_body(second, "en")


def test_a_queue_that_is_gone_is_named_with_its_calls() -> None:
    before = site(queues={"sales": "1001 1002", "support": "1001 1002"})
    calls = [call(f"c{n}", n * 40.0, queue="support" if n % 3 == 0 else "sales") for n in range(30)]

    plan = make_plan(traffic_of(told(day(calls), before)), before, site("1001 1002"), seeds=2)

    assert plan.unserved == 10
    assert QueueId("support") not in plan.queue_changes
    assert any("support" in note and "10" in note for note in notes(plan, "en"))


def test_a_file_in_force_that_was_not_in_force_then_is_not_trusted() -> None:
    """The day was served by three; told that two are all there are, the plan must say so."""
    facts = told(day(busy_day(200, 3), "1001 1002 1003"), site("1001 1002 1003"))

    plan = make_plan(traffic_of(facts), site("1001"), site("1001"), seeds=2)

    assert not plan.trusted
    assert "NOT TO BE TRUSTED" in plan_table(plan, "en")
    assert any(doubt.metric == "asa_s" for doubt in plan.doubts)


def test_an_agent_who_lets_offers_ring_out_does_so_again() -> None:
    """By what was seen 1001 misses half of its offers: callers wait a ring longer for it."""
    calls = [call(f"c{n}", n * 60.0, talk=10.0) for n in range(40)]
    rules = site("1001", missed_offers_to_not_ready=0)
    takes_all = day(calls, "1001")
    misses = Ring(result=OfferResult.MISSED, rang_s=15.0)
    habit = replace(takes_all.habits[ANYBODY], rings=(*takes_all.habits[ANYBODY].rings, misses))
    facts = told(replace(takes_all, habits={ANYBODY: habit}), rules)

    plan = make_plan(traffic_of(facts), rules, rules, seeds=5)

    rang_out = {ring.result for ring in traffic_of(facts).habits[AgentId("1001")].rings}
    assert rang_out == {None, OfferResult.MISSED}
    assert plan.trusted, plan.doubts
    mean = plan.before.queues[SALES]["asa_s"].mean
    assert mean is not None
    assert mean > 10.0


def test_several_processes_give_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    before = site("1001 1002")
    traffic = traffic_of(told(day(busy_day(40, 2)), before))
    alone = make_plan(traffic, before, site("1001"), seeds=2)

    monkeypatch.setattr("ccengine.plan.plan.MANY_CALLS", 0)
    together = make_plan(traffic, before, site("1001"), seeds=2, processes=2)

    assert plan_body(together, "en") == plan_body(alone, "en")


def test_a_break_keeps_its_length_and_begins_after_the_call() -> None:
    """Away from 100 s to 160 s by plan, but talking until 133 s: back at 193 s."""
    calls = [call("a", 97, talk=33), call("b", 140, talk=10)]
    traffic = day(calls, "1001")
    moves = (
        *traffic.shifts[AgentId("1001")],
        Move(at=MORNING + 100.0, state=AgentState.NOT_READY, reason="break"),
        Move(at=MORNING + 160.0, state=AgentState.READY),
    )

    facts = told(replace(traffic, shifts={AgentId("1001"): moves}), site("1001"))

    assert waits(facts) == {"a": 3.0, "b": 193.0 + 3.0 - 140.0}


def test_a_call_sent_on_by_its_flow_goes_on_only_when_it_is_released() -> None:
    """Released after 20 s it goes to support 5 s later; with an agent more it is answered."""
    queues = {"sales": "1001", "support": "1002"}
    first = call("b", 10, talk=30).stays[0]
    then = replace(first, queue=QueueId("support"), after=After.RELEASE, delay_s=5.0)
    b = replace(call("b", 10), stays=(first, then))
    traffic = day([call("a", 0, talk=300), b])

    facts = told(traffic, site(queues=queues, max_wait=20.0))
    more = told(
        replace(traffic, shifts={**traffic.shifts, NEW: traffic.shifts[AgentId("1001")]}),
        site(queues={"sales": "1001 1009", "support": "1002"}, max_wait=20.0),
    )

    assert [(f.queue, f.agent_id) for f in facts if isinstance(f, CallAnswered)][1:] == [
        ("support", "1002")
    ]
    assert [f.queue for f in more if isinstance(f, CallAnswered)] == ["sales", "sales"]


def test_an_overflow_rule_of_the_new_file_moves_callers() -> None:
    """Sales has one agent for a crowd; the new file lets support help after 20 s."""
    queues = {"sales": "1001", "support": "1002"}
    before = site(queues=queues)
    overflow = [{"name": "help", "when": {"waited": 20}, "do": {"queue": "support"}}]
    helped = before.queues["sales"].model_copy(
        update={"overflow": tuple(Overflow.model_validate(rule) for rule in overflow)}
    )
    after = before.model_copy(update={"queues": {**before.queues, "sales": helped}})
    facts = told(day([call(f"c{n}", n * 20.0, talk=30.0) for n in range(30)]), before)

    plan = make_plan(traffic_of(facts), before, after, seeds=1)

    moved = plan.after.queues[SALES]["overflowed"].mean
    assert moved
    assert plan.after.queues[QueueId("support")]["answered"].mean == moved
    assert change(plan, "p90_s") < 0.0


@pytest.mark.parametrize(("takes_callbacks", "called_back"), [(True, 1), (False, 0)])
def test_who_asked_to_be_called_back_asks_again(takes_callbacks: bool, called_back: int) -> None:
    """After 30 s in line, where the file lets callers ask; else the caller waits on."""
    rules = {"callback": {"trunk": "carrier"}} if takes_callbacks else {}
    waiting = replace(call("b", 5, talk=10).stays[0], asked_callback=True, waited_s=30.0)
    b = replace(call("b", 5), stays=(waiting,))

    facts = told(day([call("a", 0, talk=100), b], "1001"), site("1001", **rules))

    assert sum(isinstance(fact, CallbackAsked) for fact in facts) == called_back
    ends = [fact.result for fact in facts if isinstance(fact, CallbackEnded)]
    assert ends == [CallbackEnd.CONNECTED] * called_back
    assert len([fact for fact in facts if isinstance(fact, CallAnswered)]) == 2


def test_closing_time_of_the_new_file_lets_callers_go() -> None:
    open_always = site("1001")
    facts = told(day(busy_day(30, 1), "1001"), open_always)
    closed = open_always.model_copy(
        update={
            "hours": {"never": Hours(week={})},
            "queues": {"sales": open_always.queues["sales"].model_copy(update={"hours": "never"})},
        }
    )

    plan = make_plan(traffic_of(facts), open_always, closed, seeds=1)

    assert plan.after.queues[SALES]["answered"].mean == 0
    assert plan.after.queues[SALES]["released"].mean == 30


def test_the_table_and_the_picture_speak_both_languages() -> None:
    plan = planned(40, after=site("1001 1002"))

    assert "服务水平" in plan_table(plan, "zh-CN")
    assert "service level" in plan_table(plan, "en")
    assert picture(plan, "zh-CN").startswith("<svg")
    assert "等待时长分布" in picture(plan, "zh-CN")
    assert "<table>" in picture_page(plan, "en")


def test_names_in_the_picture_cannot_break_it() -> None:
    before = site("1001 1002")
    hostile = before.model_copy(update={"name": {"en": "<script>alert(1)</script>"}})
    facts = told(day(busy_day(20, 2)), before)

    page = picture_page(make_plan(traffic_of(facts), before, hostile, seeds=1), "en")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_period_without_calls_is_refused() -> None:
    facts = told(day([call("a", 0)]), site())

    with pytest.raises(NoTrafficError, match="no call entered a queue in this period"):
        traffic_of(facts, MORNING + 1_000.0, MORNING + 2_000.0)


def test_only_calls_of_the_period_are_counted() -> None:
    calls = [call(f"c{n}", n * 60.0) for n in range(20)]
    facts = told(day(calls), site())

    plan = make_plan(traffic_of(facts, MORNING + 300.0, MORNING + 900.0), site(), site(), seeds=1)

    assert plan.was.queues[TOTAL].values["offered"] == 10
    assert plan.before.queues[TOTAL]["offered"].mean == 10


def test_ten_thousand_calls_are_planned_in_bounded_time() -> None:
    """Both files, one seed: twenty thousand simulated calls."""
    agents = " ".join(str(1_000 + number) for number in range(30))
    before = site(agents)
    traffic = traffic_of(told(day(busy_day(10_000, 30, every=3.0), agents), before))
    began = time.process_time()

    plan = make_plan(traffic, before, before, seeds=1)

    assert plan.before.queues[SALES]["offered"].mean == 10_000
    assert time.process_time() - began < 60.0
