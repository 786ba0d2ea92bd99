"""``python -m tests.simulation --hours 1000 --seed 1 --processes 2``: a long run, as a table."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.simulation.faults import KINDS
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Part:
    seed: int
    hours: float
    faults: str
    agents: int


@dataclass(slots=True)
class Told:
    """What one part of a run came to."""

    hours: float = 0.0
    cpu_s: float = 0.0
    sums: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, other: Told) -> None:
        self.hours += other.hours
        self.cpu_s += other.cpu_s
        self.sums += other.sums
        self.happened += other.happened
        self.kinds += other.kinds
        for kind, example in other.examples.items():
            self.examples.setdefault(kind, example)


def run(part: Part) -> Told:
    began = time.process_time()
    world = World(seed=part.seed, hours=part.hours, faults=KINDS[part.faults], agents=part.agents)
    checks = world.run()
    examples: dict[str, str] = {}
    for violation in checks.violations:
        key = f"{violation.invariant}: {violation.what}"
        examples.setdefault(key, f"--faults {part.faults} --seed {part.seed} {violation}")
    return Told(
        hours=part.hours,
        cpu_s=time.process_time() - began,
        sums=Counter(checks.sums),
        happened=Counter(world.happened),
        kinds=checks.kinds,
        examples=examples,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--hours", type=float, default=1_000.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--faults", choices=[*KINDS, "mixed"], default="mixed")
    parser.add_argument("--part-hours", type=float, default=20.0)
    given = parser.parse_args()
    names = ["rough", "wild", "calm", "rough"] if given.faults == "mixed" else [given.faults]
    parts, left, number = [], given.hours, 0
    while left > 0:
        hours = min(given.part_hours, left)
        parts.append(Part(given.seed + number, hours, names[number % len(names)], given.agents))
        left, number = left - hours, number + 1
    began, told = time.monotonic(), Told()
    with ProcessPoolExecutor(given.processes) as pool:
        for part in pool.map(run, parts):
            told.add(part)
    wall_s = time.monotonic() - began
    _print(told, given.agents, wall_s)
    return 1 if told.kinds else 0


def _print(told: Told, agents: int, wall_s: float) -> None:
    rows: list[tuple[str, str]] = [
        ("simulated", f"{told.hours:,.0f} hours of {agents} agents"),
        ("calls", f"{told.sums['calls']:,}"),
        ("wall time", f"{wall_s:,.1f} s"),
        ("processor time", f"{told.cpu_s:,.1f} s"),
        ("per call", f"{told.cpu_s / max(1, told.sums['calls']) * 1e6:,.0f} µs"),
        *((name, f"{count:,}") for name, count in sorted(told.happened.items())),
        *((name, f"{count:,}") for name, count in sorted(told.sums.items()) if name != "calls"),
        ("violations", f"{sum(told.kinds.values()):,}"),
    ]
    for name, value in rows:
        sys.stdout.write(f"{name:<26} {value:>28}\n")
    for kind, count in told.kinds.most_common():
        sys.stdout.write(f"{count:>8} x {kind}\n           {told.examples.get(kind, '')}\n")


if __name__ == "__main__":
    raise SystemExit(main())
