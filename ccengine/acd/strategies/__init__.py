"""The strategies: how a queue picks among its free agents."""

from __future__ import annotations

from ccengine.acd.rules import Strategy
from ccengine.acd.strategies import (
    fewest_calls,
    least_recent,
    linear,
    most_skilled,
    random,
    ring_all,
    round_robin,
    round_robin_memory,
    weighted_random,
)
from ccengine.acd.strategies.plan import Plan

PLANS: dict[Strategy, Plan] = {
    Strategy.RING_ALL: ring_all.PLAN,
    Strategy.ROUND_ROBIN: round_robin.PLAN,
    Strategy.LEAST_RECENT: least_recent.PLAN,
    Strategy.FEWEST_CALLS: fewest_calls.PLAN,
    Strategy.RANDOM: random.PLAN,
    Strategy.ROUND_ROBIN_MEMORY: round_robin_memory.PLAN,
    Strategy.LINEAR: linear.PLAN,
    Strategy.WEIGHTED_RANDOM: weighted_random.PLAN,
    Strategy.MOST_SKILLED: most_skilled.PLAN,
}
