"""The worst wait that a site file can give an ordinary caller: computed, refused, and true."""

from __future__ import annotations

from math import inf

import pytest

from ccengine.site.model import Site
from ccengine.site.sharing import groups, spread
from ccengine.site.starvation import (
    Group,
    Kind,
    erlang_c,
    expected_waits_s,
    passed_over_s,
    passing,
    worst_wait_s,
)
from ccengine.site.waits import QueueWaits, queue_waits
from ccengine.site.waits_table import waits_table
from tests.rules.site.as_a_call import shows
from tests.rules.site.busy_hour import waits
from tests.rules.site.site_text import complaint, complaints, sales, site, warnings

ORDINARY = Kind(weight=0, head_start_s=0, ageing=1, part=0.5)


def group(*others: Kind, agents: float = 4) -> Group:
    return Group(agents=agents, handling_s=120, kinds=(ORDINARY, *others))


GOLD = Kind(weight=0, head_start_s=120, ageing=1, part=0.25)
ABOVE = Kind(weight=1, head_start_s=0, ageing=1, part=0.5)
AGEING = Kind(weight=0, head_start_s=0, ageing=2, part=0.5)
BELOW = Kind(weight=-1, head_start_s=900, ageing=9, part=0.5)


@pytest.mark.parametrize(
    ("rival", "base", "wait"),
    [
        (GOLD, 40, 40 / 0.75),  # all gold callers of that time
        (GOLD, 200, 200 + 120 / 4),  # only those of 120 s
        (ABOVE, 200, 200 / 0.5),
        (AGEING, 200, 200 / 0.75),  # those of half of the time
        (BELOW, 200, 200),
        (GOLD, 0, 0),
    ],
)
def test_a_caller_is_passed_by_those_who_stand_before_it_by_then(
    rival: Kind, base: float, wait: float
) -> None:
    assert passed_over_s(group(rival), ORDINARY, base) == pytest.approx(wait, abs=0.01)


def test_a_head_start_passes_for_its_seconds_only_a_weight_for_ever() -> None:
    assert passing(group(GOLD), ORDINARY) == 0
    assert passing(group(ABOVE), ORDINARY) == 0.5
    assert passing(group(AGEING), ORDINARY) == 0.25
    assert worst_wait_s(group(ABOVE), ORDINARY) == inf  # nothing is left for its own kind


def test_erlang_c_of_the_books() -> None:
    assert erlang_c(1, 0.5) == pytest.approx(0.5)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(10, 8.0) == pytest.approx(0.409, abs=0.001)
    assert erlang_c(3, 3.0) == 1.0


def test_two_weights_wait_as_cobham_says() -> None:
    low = Kind(weight=0, head_start_s=0, ageing=1, part=0.4)
    high = Kind(weight=1, head_start_s=0, ageing=1, part=0.5)
    found = expected_waits_s(Group(agents=1, handling_s=100, kinds=(low, high)))
    # One agent: the rest of the call it is busy with is 0.9 x 100 s.
    assert found is not None
    assert found[high] == pytest.approx(90 / 0.5, rel=0.01)
    assert found[low] == pytest.approx(90 / 0.5 / 0.1, rel=0.01)


SUPPORT = """\
  support: {{title: {{zh-CN: 支持, en: Support}}, strategy: least_recent, wrap_up: 0, {rules}}}
"""
ALL = 'agents: ["1001", "1002", "1003"]'


def two(sales_rules: str, support: str, agents: str = ALL) -> str:
    more = SUPPORT.format(rules=f"{agents}, {support}")
    return sales(f"strategy: least_recent\nwrap_up: 0\n{sales_rules}", more)


def of(site_: Site, queue: str) -> QueueWaits:
    (found,) = [waits for waits in queue_waits(site_) if waits.queue == queue]
    return found


def test_work_goes_where_it_may_and_agents_have_time() -> None:
    text = two(
        'agents: ["1001"]\nload: {calls_per_hour: 15, handling: 120}',
        "load: {calls_per_hour: 60, handling: 120}",
    )
    queues = site(text).queues
    assert groups(queues) == [["sales", "support"]]
    pools = spread(queues)
    # 0.5 + 2 agents' worth of work for three agents: the one of both queues gets 0.33 of support.
    for pool in pools.values():
        assert pool.level == pytest.approx(2.5 / 3, abs=0.001)
    assert pools[frozenset({"sales", "support"})].work["support"] == pytest.approx(1 / 3, abs=0.001)


def test_queues_without_a_common_agent_are_apart() -> None:
    text = two('agents: ["1001"]', "weight: 3", agents='agents: ["1002", "1003"]')
    assert groups(site(text).queues) == [["sales"], ["support"]]
    assert warnings(text) == []


BUSY_HOURS = {
    "a head start": sales(
        "strategy: least_recent\nwrap_up: 0\n"
        "load: {calls_per_hour: 66, handling: 120, vip: {gold: 0.3}}"
    ),
    "ageing": sales(
        "strategy: least_recent\nwrap_up: 0\n"
        "load: {calls_per_hour: 72, handling: 120, vip: {gold: 0.5}}"
    ).replace("head_start: 120", "head_start: 0, ageing: 3"),
    "a weight": two(
        "load: {calls_per_hour: 36, handling: 120}",
        "weight: 5, load: {calls_per_hour: 36, handling: 120}",
    ),
    "shared agents": two(
        'agents: ["1001", "1002"]\nload: {calls_per_hour: 20, handling: 100}',
        "weight: 1, load: {calls_per_hour: 50, handling: 120}",
    ),
    "short and long calls": two(
        "load: {calls_per_hour: 20, handling: 60}",
        "load: {calls_per_hour: 25, handling: 300}",
    ),
}


@pytest.mark.parametrize("text", BUSY_HOURS.values(), ids=BUSY_HOURS)
def test_the_real_acd_keeps_what_is_computed(text: str) -> None:
    """Long after long: the mean comes out, and hardly anybody waits longer than the worst."""
    busy = site(text)
    waited = waits(busy, hours=60)
    assert sum(len(callers) for callers in waited.values()) > 2_000
    for (name, level), callers in waited.items():
        told = of(busy, name)
        mean = sum(callers) / len(callers)
        expected = told.expected_vip_s[level] if level else told.expected_s
        assert expected == pytest.approx(mean, rel=0.3)
        if not level:
            assert told.worst_s is not None
            assert sum(wait > told.worst_s for wait in callers) < 0.03 * len(callers)
            assert told.worst_s > max(told.expected_vip_s.values(), default=mean)


# -- what is refused


def starving(more: str = "") -> str:
    return two(
        "load: {calls_per_hour: 10, handling: 120}",
        "weight: 1, load: {calls_per_hour: 95, handling: 120}" + more,
    )


def test_a_weight_that_takes_all_agents_is_refused() -> None:
    (for_sales, for_support) = complaints(starving())
    assert for_sales == (
        "3:5 ordinary callers starve: calls that always go before them take 106% of the agents' "
        "time | use a head start instead of `weight` or `ageing`, or add agents; or "
        "`starvation: accept` at the top of the file"
    )
    assert "more calls than the agents can take (117% of their time)" in for_support


def test_it_is_taken_with_a_word_and_said_each_time() -> None:
    (for_sales, _) = warnings("starvation: accept\n" + starving())
    assert "accepted: ordinary callers starve" in for_sales
    assert of(site("starvation: accept\n" + starving()), "sales").worst_s is None


@shows("load.vip")
def test_a_worst_wait_beyond_the_longest_is_refused() -> None:
    busy = "load: {calls_per_hour: 76, handling: 120, vip: {gold: 0.3}}\n"
    said = complaint(busy + "max_wait: 600")
    assert "an ordinary caller can be made to wait 1131 s, and is let go after 600 s" in said
    assert site(sales(busy + "max_wait: 1200"))


@shows("queue.load", "load.calls_per_hour", "load.handling")
def test_too_many_calls_are_told_as_that() -> None:
    said = complaint("load: {calls_per_hour: 100, handling: 120}")
    assert said.startswith("1:5 more calls than the agents can take (111% of their time): ")


@shows("load.agents")
def test_agents_who_are_not_at_work_do_not_count() -> None:
    said = complaint("load: {calls_per_hour: 50, handling: 120, agents: 1.5}")
    assert "(111% of their time)" in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (two("", "weight: 1"), "their queues differ in `weight`"),
        (sales("").replace("head_start: 120", "head_start: 9, ageing: 2"), "'gold' ages"),
        (
            two("", "load: {calls_per_hour: 9, handling: 60}"),
            "they share agents with a queue whose load is known",
        ),
    ],
)
def test_what_cannot_be_computed_is_said(text: str, why: str) -> None:
    (said,) = warnings(text)
    assert why in said
    assert "add `load: {calls_per_hour: …, handling: …}` to sales" in said


def test_calls_for_one_agent_that_pass_all_others_are_said() -> None:
    """Given a site whose personal calls go before everybody who came in the last ten minutes."""
    text = "personal_queues: {head_start: 600}\n" + two("", "")
    (said,) = warnings(text)
    assert "up to 600 s earlier" in said
    assert warnings("personal_queues: {}\n" + two("", "")) == []


def test_head_starts_alone_need_no_load() -> None:
    assert warnings(two("head_start: 600", "")) == []


def test_the_table_for_the_terminal() -> None:
    table = waits_table(site(sales("load: {calls_per_hour: 60, handling: 120, vip: {gold: 0.3}}")))
    head, row = (line.split() for line in table)
    assert head == ["queue", "agents'", "time", "expected", "wait", "gold", "worst", "wait"]
    assert row[:2] == ["sales", "67%"]
    assert waits_table(site(sales(""))) == []


def test_agents_who_lack_a_skill_for_ever_do_not_count() -> None:
    load = "load: {calls_per_hour: 60, handling: 120}\n"
    said = complaint(load + "skills: {english: 5}")
    assert "more calls than the agents can take (200% of their time)" in said
    relaxed = "skills: {english: 5}\nrelax: [{after: 20, skill: english, level: 0}]"
    assert site(sales(load + relaxed))
    half = "load: {calls_per_hour: 12, handling: 120, agents: 1.5}\nskills: {english: 5}"
    assert of(site(sales(half)), "sales").used == pytest.approx(0.8)


def test_a_load_that_does_not_tell_of_vips_who_age_is_said() -> None:
    load = "load: {calls_per_hour: 60, handling: 120}"
    aged = sales(load).replace("head_start: 120", "head_start: 120, ageing: 10")
    (said,) = warnings(aged)
    assert "is computed without VIPs, and VIP level 'gold' ages" in said
    assert warnings(aged.replace("handling: 120", "handling: 120, vip: {gold: 0.1}")) == []
    assert warnings(sales(load)) == []
