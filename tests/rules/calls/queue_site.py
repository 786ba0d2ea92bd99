"""A flow with every way out of a queue, and a site with two queues: for callers who wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.model import Flow
from ccengine.journal.facts import (
    FlowStepped,
)
from ccengine.site.model import Site
from tests.kit.quick_centre import Caller, QuickCentre
from tests.rules.calls.conftest import small_site

FLOW = """
    schema: 1
    title: {zh-CN: 总机, en: Main}
    start: sales
    steps:
      sales:
        type: enqueue
        queue: sales
        timed_out: late
        no_agents: nobody
        full: late
        closed: shut
        keys: {"9": else_, "0": else_}
        branches: {sorry: else_}
      late: {type: hangup, say: {zh-CN: 太久, en: Too long}}
      nobody: {type: hangup, say: {zh-CN: 没有人, en: Nobody}}
      shut: {type: hangup, say: {zh-CN: 下班了, en: Closed}}
      else_: {type: hangup, say: {zh-CN: 其他, en: Else}}
"""


def queue_site(support: dict[str, Any] | None = None, **sales: Any) -> Site:
    overflow = sales.pop("overflow", [])
    raw = small_site(max_wait=None, **sales).model_dump(by_alias=True)
    raw["queues"]["support"] = raw["queues"]["sales"] | {"music": "calm"} | (support or {})
    raw["queues"]["sales"] |= {"overflow": overflow}
    raw["trunks"]["carrier"] |= {"outbound": "192.0.2.1", "allowed": ["1", "0"]}
    raw["personal_queues"] = {}
    return Site.model_validate(raw)


Open = Callable[..., QuickCentre]


@pytest.fixture
def centre_with(flow_of: Callable[[str], Flow]) -> Open:
    """``centre_with(announce_every=10)``: sales with these rules, and support beside it."""
    flow = flow_of(FLOW)

    def made(support: dict[str, Any] | None = None, **sales: Any) -> QuickCentre:
        return QuickCentre(queue_site(support, **sales), flow)

    return made


async def waiting(centre: QuickCentre) -> Caller:
    caller = centre.call()
    await centre.until(lambda: centre.waits(caller))
    return caller


async def over(centre: QuickCentre) -> None:
    await centre.stop()
    centre.check_over([agent for agent in ("1001", "1002") if centre.state(agent) != "logged_out"])


def ways_taken(centre: QuickCentre) -> list[tuple[str, str]]:
    return [(fact.step, fact.result) for fact in centre.told(FlowStepped)]
