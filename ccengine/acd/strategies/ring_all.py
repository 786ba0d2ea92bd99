"""Ring all: every free agent at once, in one offer; the first to answer has the call."""

from __future__ import annotations

from ccengine.acd.strategies.plan import Plan, by_place, first

PLAN = Plan(rank=by_place, pick=first, rings_all=True)
