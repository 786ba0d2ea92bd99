"""Hours of a busy centre in seconds: nothing that must hold is broken, whatever goes wrong."""

from __future__ import annotations

import pytest

from tests.simulation.faults import CALM, ROUGH, Faults
from tests.simulation.world import World

BUSY = 700.0
"""Calls an hour for twenty agents: now and then a line forms, and callers leave it."""


def simulated(seed: int, faults: Faults, hours: float = 0.5) -> World:
    world = World(seed=seed, hours=hours, faults=faults, agents=20, calls_per_hour=BUSY)
    world.run()
    return world


def seen(world: World) -> list[str]:
    return [str(violation) for violation in world.checks.violations]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_calm_centre_serves_in_order_and_by_turns(seed: int) -> None:
    world = simulated(seed, CALM)

    assert seen(world) == []
    assert world.checks.sums["truly answered"] > 100


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_must_hold_holds_through_faults(seed: int) -> None:
    world = simulated(seed, ROUGH)

    assert seen(world) == []
    assert world.happened["events lost"] > 0


def test_the_same_seed_is_the_same_run() -> None:
    first, second = (simulated(7, ROUGH, hours=0.2) for _ in range(2))

    assert first.journal.facts == second.journal.facts > 0
    assert first.checks.sums == second.checks.sums


CRASHES = Faults(kill_every_s=240.0, slow_commands=0.02, races=0.02)


def test_calls_through_crashes_are_each_in_the_report_once() -> None:
    """None missing, none double, and answered are exactly those who were. The stay of a call that
    was answered while no engine looked may still lack its answer (docs/simulation.md)."""
    world = World(seed=5, hours=2.0, faults=CRASHES, agents=50, calls_per_hour=2_500.0)

    checks = world.run()

    wrong = [line for line in checks.kinds if line.startswith(("I", "order", "engine"))]
    assert wrong == []
    assert "report: offered twice to its queue" not in checks.kinds
    assert checks.sums["answered"] == checks.sums["truly answered"]
    assert [kind for kind in checks.kinds if "told as lost" in kind] == []
    assert world.happened["kills"] >= 10
    told = checks.sums["calls"] - checks.sums["answered for a moment"]
    outcomes = ("answered", "abandoned", "fallback", "lost", "left_in_flow", "self_served")
    assert sum(checks.sums[outcome] for outcome in outcomes) == told
    assert checks.sums["calls"] == world.people.calls > 2_000


def test_the_engines_clock_does_not_follow_the_machines() -> None:
    """Given a clock that is set again and again, no wait and no wrap-up becomes longer by it."""
    world = simulated(3, Faults(clock_step_every_s=120.0))

    assert seen(world) == []
    assert world.happened["clock steps"] > 5
