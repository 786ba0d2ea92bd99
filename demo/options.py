"""What can be said to the demo, on the command line or by environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_CALLERS = 30
"""More at once would measure this machine, not show a contact centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    callers: int
    """How many call at the same time; 0: a quiet floor."""
    calls: int
    """After so many calls in all the floor falls quiet."""
    seed: int
    """The same seed: the same callers with the same plans."""
    home: Path


def read(arguments: Sequence[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--callers", type=int, default=int(os.environ.get("CALLERS") or 4))
    parser.add_argument("--calls", type=int, default=int(os.environ.get("CALLS") or 2_000))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 1))
    parser.add_argument("--home", type=Path, default=Path(".var/demo"))
    given = parser.parse_args(arguments)
    if not 0 <= given.callers <= MOST_CALLERS:
        parser.error(f"callers must be 0 to {MOST_CALLERS}")
    if given.calls < 0:
        parser.error("calls must not be negative")
    return Options(
        callers=given.callers, calls=given.calls, seed=given.seed, home=given.home.resolve()
    )
