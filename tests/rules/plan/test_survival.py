"""Patience of callers of whom we often know only that it was longer than their wait."""

from __future__ import annotations

from random import Random

import pytest

from ccengine.plan.survival import NEVER, Seen, survival


def seen(text: str) -> list[Seen]:
    """``12`` ended after 12 s, ``8+`` lasted longer than 8 s."""
    return [Seen(lasted_s=float(word.rstrip("+")), ended="+" not in word) for word in text.split()]


def test_the_example_computed_by_hand() -> None:
    """n = 5: at 5 one of 5 ends, at 12 one of 3, at 25 the last one."""
    found = survival(seen("5 8+ 12 20+ 25"))

    assert found.times == (5.0, 12.0, 25.0)
    assert found.left == pytest.approx((4 / 5, 4 / 5 * 2 / 3, 0.0))
    assert found.rate == pytest.approx(3 / 70)


def test_ends_at_one_time_come_before_those_who_lasted_longer() -> None:
    """At 10 two of 4 end, one of them beside a caller who was answered at that moment."""
    found = survival(seen("10 10 10+ 20"))

    assert found.times == (10.0, 20.0)
    assert found.left == pytest.approx((0.5, 0.0))


def test_without_anyone_answered_it_is_the_plain_share() -> None:
    found = survival(seen("1 2 3 4"))

    assert [found.beyond(t) for t in (0.5, 1.0, 2.5, 4.0)] == pytest.approx([1.0, 0.75, 0.5, 0.0])


@pytest.mark.parametrize(
    ("chance", "patience"), [(0.0, 5.0), (0.19, 5.0), (0.21, 12.0), (0.46, 12.0), (0.47, 25.0)]
)
def test_a_chance_draws_the_patience_at_its_share(chance: float, patience: float) -> None:
    assert survival(seen("5 8+ 12 20+ 25")).draw(chance) == patience


def test_who_waited_longer_draws_only_what_is_longer() -> None:
    found, dice = survival(seen("5 8+ 12 20+ 25")), Random(1)

    drawn = {found.draw(dice.random(), longer_than=8.0) for _ in range(300)}

    assert drawn == {12.0, 25.0}


def test_the_drawn_share_is_the_conditional_one() -> None:
    """Of those beyond 8 s (0.8), 0.533 are left after 12 s: a third of them ends there."""
    found, dice = survival(seen("5 8+ 12 20+ 25")), Random(1)

    ends = sum(found.draw(dice.random(), longer_than=8.0) == 12.0 for _ in range(6_000))

    assert ends / 6_000 == pytest.approx(1 / 3, abs=0.02)


def test_beyond_all_that_was_seen_the_mean_rate_is_assumed() -> None:
    found, dice = survival(seen("10 40+ 40+ 40+")), Random(1)

    drawn = [found.draw(dice.random(), longer_than=40.0) for _ in range(6_000)]

    assert min(drawn) > 40.0
    assert sum(drawn) / 6_000 - 40.0 == pytest.approx(1 / found.rate, rel=0.05)


def test_where_nobody_gave_up_patience_has_no_end() -> None:
    assert survival(seen("10+ 20+")).draw(0.9) == NEVER
