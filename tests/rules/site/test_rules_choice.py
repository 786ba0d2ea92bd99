"""Who gets the call: each rule of the site file, told as a call."""

from __future__ import annotations

from collections import Counter

import pytest

from ccengine.acd.commands import Offer
from ccengine.journal.facts import AgentState
from tests.rules.site.as_a_call import SiteCentre, centre, shows
from tests.rules.site.site_text import sales

SUPPORT = """\
  support: {{title: {{zh-CN: 支持, en: Support}}, strategy: linear, wrap_up: 0,
            agents: ["1001", "1002", "1003"], {rules}}}
"""


def called_in_turn(c: SiteCentre, calls: int) -> list[str]:
    """Whom each of so many calls rings first; each of them talks for a minute."""
    rung = []
    for number in range(calls):
        c.rings(f"c{number}")
        (agent,) = c.offered_to()
        rung.append(agent)
        c.answers(agent)
        c.pass_time(60)
        c.talk_ends(f"c{number}")
        c.pass_time(1)
    return rung


@shows("queue.strategy", "queue.agents", "member.agent")
@pytest.mark.parametrize(
    ("strategy", "rung"),
    [
        ("linear", ["1003", "1003", "1003", "1003"]),
        ("round_robin_memory", ["1003", "1001", "1002", "1003"]),
        ("least_recent", ["1003", "1001", "1002", "1003"]),
        ("fewest_calls", ["1003", "1001", "1002", "1003"]),
        ("round_robin", ["1003", "1001", "1002", "1003"]),
        ("most_skilled", ["1001", "1001", "1001", "1001"]),
    ],
)
def test_the_strategy_goes_by_the_order_in_the_file(strategy: str, rung: list[str]) -> None:
    agents = '["1003", {agent: "1001"}, "1002"]'
    c = centre(f"strategy: {strategy}\nagents: {agents}")
    c.at_work("1001", "1002", "1003")
    assert called_in_turn(c, 4) == rung


@shows("queue.strategy")
def test_ring_all_rings_everybody() -> None:
    c = centre("strategy: ring_all")
    c.at_work("1001", "1003")
    c.rings("ada")
    assert c.offered_to() == ("1001", "1003")


@shows("member.share")
def test_a_share_of_three_is_rung_three_times_as_often() -> None:
    agents = '["1001", {agent: "1002", share: 3}]'
    c = centre(f"strategy: weighted_random\nagents: {agents}", seed=7)
    c.at_work("1001", "1002")
    rung = Counter(called_in_turn(c, 400))
    assert 250 < rung["1002"] < 350


@shows("member.level")
def test_a_lower_level_is_rung_first_wherever_it_stands() -> None:
    c = centre('agents: [{agent: "1001", level: 1}, "1002"]')
    c.at_work("1001", "1002")
    c.rings("ada")
    assert c.offered_to() == ("1002",)
    c.rings("bob")
    assert c.offered_to() == ("1001",)


@shows("queue.widen", "widen.after", "widen.level")
def test_a_level_opens_when_the_caller_has_waited() -> None:
    c = centre('agents: ["1002", {agent: "1001", level: 1}]\nwiden: [{after: 30, level: 1}]')
    c.at_work("1001")
    c.rings("ada")
    assert c.offered_to() == ()
    assert c.heard(Offer, c.pass_time(29)) == []
    (offer,) = c.heard(Offer, c.pass_time(1))
    assert offer.agents == ("1001",)


@shows("queue.skills", "agent.skills")
def test_only_who_has_the_skill_at_that_level_is_rung() -> None:
    c = centre("skills: {english: 3}")
    c.at_work("1003", "1002")
    c.rings("ada")
    assert c.offered_to() == ()
    c.at_work("1001")
    assert c.offered_to() == ("1001",)


@shows("queue.relax", "relax.after", "relax.skill", "relax.level")
def test_a_skill_is_asked_for_less_and_then_no_more() -> None:
    c = centre(
        "skills: {english: 3}\n"
        "relax: [{after: 20, skill: english, level: 2}, {after: 40, skill: english, level: 0}]"
    )
    c.at_work("1003")
    c.rings("ada")
    c.pass_time(19)
    c.at_work("1002")
    assert c.offered_to() == ()
    (offer,) = c.heard(Offer, c.pass_time(1))
    assert offer.agents == ("1002",)
    c.rings("bob")
    assert c.heard(Offer, c.pass_time(14)) == []
    c.answers("1002")
    (offer,) = c.heard(Offer, c.pass_time(26))
    assert offer.agents == ("1003",)


@shows("queue.weight")
def test_a_heavier_queue_goes_first_however_long_the_others_have_waited() -> None:
    c = centre("", SUPPORT.format(rules="weight: 1"))
    c.rings("patient")
    c.pass_time(3_600)
    c.rings("urgent", to="support")
    c.at_work("1001")
    assert c.one(Offer).call_id == "urgent"


@shows("queue.head_start")
def test_a_queues_head_start_counts_as_seconds_waited() -> None:
    for waited, first in ((59, "favoured"), (61, "patient")):
        c = centre("", SUPPORT.format(rules="head_start: 60"))
        c.rings("patient")
        c.pass_time(waited)
        c.rings("favoured", to="support")
        c.at_work("1001")
        assert c.one(Offer).call_id == first


GOLD = 'vip_numbers: {"13800000001": gold}\n'


@shows("vip_level.head_start")
def test_a_vip_is_placed_as_if_it_had_come_earlier() -> None:
    for waited, first in ((119, "vip"), (121, "patient")):
        c = centre(head=GOLD)
        c.rings("patient", by="13900000000")
        c.pass_time(waited)
        c.rings("vip", by="+8613800000001")
        c.at_work("1001")
        assert c.one(Offer).call_id == first


@shows("vip_level.ageing")
def test_a_vip_that_ages_overtakes_while_it_waits() -> None:
    text = GOLD + sales("").replace("head_start: 120", "head_start: 0, ageing: 3")
    for waits, first in ((49, "patient"), (51, "vip")):
        c = SiteCentre(text)
        c.rings("patient")
        c.pass_time(100)
        c.rings("vip", by="13800000001")
        c.pass_time(waits)  # of standing it has three times as much
        c.at_work("1001")
        assert c.one(Offer).call_id == first


@shows("queue.sticky")
def test_a_customer_waits_a_while_for_its_own_agent() -> None:
    c = centre("sticky: 15")
    c.everybody_talks("1002")
    c.at_work("1001")
    c.rings("ada", last_agent="1002")
    assert c.offered_to() == ()
    (offer,) = c.heard(Offer, c.pass_time(15))
    assert offer.agents == ("1001",)


@shows("queue.sticky")
def test_the_own_agent_is_rung_before_all_others() -> None:
    c = centre("sticky: 15")
    c.at_work("1001", "1002")
    c.rings("ada", last_agent="1002")
    assert c.offered_to() == ("1002",)


@shows("queue.ring_timeout")
def test_an_agent_is_rung_so_long() -> None:
    c = centre("ring_timeout: 25")
    c.at_work("1001")
    c.rings("ada")
    assert c.one(Offer).ring_timeout_s == 25


@shows("queue.retry_pause")
def test_who_missed_a_call_is_rung_again_after_the_pause_when_there_is_nobody_else() -> None:
    c = centre("retry_pause: 8")
    c.at_work("1001")
    c.rings("ada")
    c.misses("1001")
    assert c.heard(Offer, c.pass_time(7)) == []
    (again,) = c.heard(Offer, c.pass_time(1))
    assert again.agents == ("1001",)


@shows("queue.missed_offers_to_not_ready")
def test_who_misses_so_many_is_set_not_ready() -> None:
    c = centre("missed_offers_to_not_ready: 2\nretry_pause: 1")
    c.at_work("1001")
    c.rings("ada")
    c.misses("1001")
    assert c.state("1001") is AgentState.READY
    c.pass_time(1)
    c.misses("1001")
    assert c.state("1001") is AgentState.NOT_READY
