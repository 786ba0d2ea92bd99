"""The simulation finds bugs: each planted one breaks something that must hold."""

from __future__ import annotations

import pytest

from tests.simulation.faults import KINDS
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.world import World

SEEDS = (2, 6)
"""Runs of the right engine with these seeds and kinds of faults break nothing."""
FOUND_AT_LEAST = 0.9


def world_of(seed: int, faults: str) -> World:
    return World(
        seed=seed,
        hours=0.5,
        faults=KINDS[faults],
        agents=20,
        calls_per_hour=700.0,
        lively=8.0,
        stop_at_first=True,
    )


def found(mutant: Mutant) -> bool:
    for seed in SEEDS:
        with mutant.planted():
            if world_of(seed, mutant.faults).run().violations:
                return True
    return False


def test_nine_of_ten_planted_bugs_are_found() -> None:
    missed = [mutant.name for mutant in MUTANTS if not found(mutant)]

    assert len(MUTANTS) - len(missed) >= FOUND_AT_LEAST * len(MUTANTS), missed


@pytest.mark.parametrize("faults", sorted({mutant.faults for mutant in MUTANTS}))
@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_engine_breaks_nothing_there(seed: int, faults: str) -> None:
    assert [str(violation) for violation in world_of(seed, faults).run().violations] == []
