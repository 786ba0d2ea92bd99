"""The expected wait as an interval: learned, scored, and silent when it cannot be trusted."""

from __future__ import annotations

from random import Random

import pytest

from ccengine.acd.expectation import ENOUGH, Estimate, Expectation, Expected, hour_of
from ccengine.ids import QueueId

SALES = QueueId("sales")
TEN_O_CLOCK = 10 * 3600.0


def estimate(
    expectation: Expectation, plain_s: float, *, vip: bool = False, at: float = TEN_O_CLOCK
) -> Estimate:
    return expectation.estimate(SALES, vip=vip, plain_s=plain_s, now=at)


def teach(
    expectation: Expectation, factors: list[float], *, vip: bool = False, at: float = TEN_O_CLOCK
) -> None:
    """Calls with a plain estimate of 100 s that waited so many times as long."""
    for factor in factors:
        expectation.answered(estimate(expectation, 100.0, vip=vip, at=at), 100.0 * factor)


def test_nothing_is_said_before_enough_calls_have_taught() -> None:
    expectation = Expectation()
    teach(expectation, [1.0] * (ENOUGH - 1))
    assert estimate(expectation, 100.0).interval is None


def test_the_interval_is_the_plain_estimate_times_the_middle_four_fifths() -> None:
    expectation = Expectation()
    teach(expectation, [0.1 * n for n in range(1, 21)])  # 0.1 to 2.0
    found = estimate(expectation, 100.0).interval
    assert found is not None
    assert found.low_s == pytest.approx(20.0)
    assert found.high_s == pytest.approx(180.0)


def test_it_is_told_only_after_it_was_right_often_enough() -> None:
    expectation = Expectation()
    teach(expectation, [1.0, 1.1] * (ENOUGH // 2))
    assert not estimate(expectation, 100.0).told  # no interval of it has been tried yet
    teach(expectation, [1.0, 1.1] * (ENOUGH // 2))
    assert estimate(expectation, 100.0).told
    assert expectation.score(SALES).held == ENOUGH


def test_when_agents_go_home_the_interval_widens_and_narrows_again_once_it_has_learned() -> None:
    expectation = Expectation()
    teach(expectation, [1.0, 1.1] * 30)
    teach(expectation, [3.0] * 18)
    assert estimate(expectation, 100.0).interval == Expected(low_s=100.0, high_s=300.0)
    teach(expectation, [3.0, 3.1] * 60)
    found = estimate(expectation, 100.0).interval
    assert found is not None
    assert (found.low_s, found.high_s) == (pytest.approx(300.0), pytest.approx(310.0))


def test_while_waits_run_away_from_what_was_learned_nothing_is_told() -> None:
    expectation = Expectation()
    teach(expectation, [1.0, 1.1] * 30)
    assert estimate(expectation, 100.0).told
    teach(expectation, [1.05**n for n in range(60)])
    assert not expectation.score(SALES).trusted
    assert not estimate(expectation, 100.0).told


def test_an_interval_too_wide_to_help_is_not_told() -> None:
    expectation = Expectation()
    teach(expectation, [0.1, 0.9, 9.0] * 40)
    found = estimate(expectation, 1000.0)
    assert found.interval is not None
    assert expectation.score(SALES).trusted
    assert not found.told


def test_the_hour_and_the_priority_have_their_own_factors() -> None:
    expectation = Expectation()
    teach(expectation, [1.0] * 40)
    teach(expectation, [2.0] * 40, at=TEN_O_CLOCK + 3600.0)
    teach(expectation, [0.5] * 40, vip=True)
    at_ten, at_eleven, of_vip = (
        estimate(expectation, 100.0).interval,
        estimate(expectation, 100.0, at=TEN_O_CLOCK + 3600.0).interval,
        estimate(expectation, 100.0, vip=True).interval,
    )
    assert at_ten == Expected(low_s=100.0, high_s=100.0)
    assert at_eleven == Expected(low_s=200.0, high_s=200.0)
    assert of_vip == Expected(low_s=50.0, high_s=50.0)


def test_an_hour_without_calls_goes_by_the_other_hours() -> None:
    expectation = Expectation()
    teach(expectation, [2.0] * 40)
    at_night = estimate(expectation, 100.0, at=3 * 3600.0)
    assert at_night.interval == Expected(low_s=200.0, high_s=200.0)


def test_a_caller_who_leaves_late_proves_it_wrong_and_one_who_leaves_early_proves_nothing() -> None:
    expectation = Expectation()
    teach(expectation, [1.0] * (2 * ENOUGH))
    before = expectation.score(SALES)
    expectation.left(estimate(expectation, 100.0), 30.0)
    assert expectation.score(SALES) == before
    expectation.left(estimate(expectation, 100.0), 300.0)
    after = expectation.score(SALES)
    assert (after.held, after.of) == (before.held, before.of + 1)


def test_a_wait_as_good_as_none_teaches_no_factor() -> None:
    expectation = Expectation()
    for _ in range(2 * ENOUGH):
        expectation.answered(estimate(expectation, 0.1), 5.0)
    assert estimate(expectation, 100.0).interval is None


@pytest.mark.parametrize("spread", [0.1, 0.3, 0.6])
def test_about_four_of_five_waits_lie_in_the_interval(spread: float) -> None:
    dice, expectation = Random(7), Expectation()
    for _ in range(600):
        plain_s = dice.uniform(20.0, 400.0)
        waited_s = plain_s * dice.lognormvariate(0.2, spread)
        expectation.answered(estimate(expectation, plain_s), waited_s)
    score = expectation.score(SALES)
    assert 0.66 <= score.held / score.of <= 0.94


def test_hours_are_those_of_the_day() -> None:
    assert [hour_of(moment) for moment in (0.0, 3599.9, 3600.0, 86_400.0)] == [0, 0, 1, 0]
