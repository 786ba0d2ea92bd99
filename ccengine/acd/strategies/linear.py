"""Linear: the first free agent in the site's order, for each call anew; past those tried for it."""

from __future__ import annotations

from ccengine.acd.strategies.plan import Plan, by_place, first

PLAN = Plan(rank=by_place, pick=first)
