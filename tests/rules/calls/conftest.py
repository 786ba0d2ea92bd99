"""A small centre: a menu, one queue, two agents."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.load import check_flows
from ccengine.ivr.model import Flow
from ccengine.site.model import Site
from tests.kit.quick_centre import QuickCentre
from tests.kit.quiet_logs import quiet_logs

__all__ = ["quiet_logs"]

TITLE = {"zh-CN": "销售", "en": "Sales"}
FLOW = """
    schema: 1
    title: {zh-CN: 总机, en: Main}
    start: hello
    steps:
      hello:
        type: play
        say: {zh-CN: 您好。, en: Hello.}
        next: sales
      sales:
        type: enqueue
        queue: sales
        timed_out: bye
        no_agents: bye
        full: bye
      bye:
        type: play
        say: {zh-CN: 再见。, en: Goodbye.}
        next: end
      end:
        type: hangup
"""
AGAIN = (
    FLOW.replace("timed_out: bye", "served: sales_again\n        timed_out: bye", 1)
    + """
      sales_again:
        type: enqueue
        queue: sales
        timed_out: bye
        no_agents: bye
        full: bye
"""
)


def small_site(**queue: Any) -> Site:
    return Site.model_validate(
        {
            "schema": 1,
            "name": TITLE,
            "time_zone": "Asia/Shanghai",
            "numbers": {"4001": {"flow": "main"}},
            "default_flow": "main",
            "queues": {
                "sales": {
                    "title": TITLE,
                    "strategy": "round_robin_memory",
                    "agents": ["1001", "1002"],
                    "ring_timeout": 10,
                    "wrap_up": 3,
                    "announce_every": None,
                    "max_wait": 40,
                }
                | queue
            },
            "agents": {
                "1001": {"name": "王芳", "username": "wangfang"},
                "1002": {"name": "李强", "username": "liqiang"},
            },
            "trunks": {"carrier": {"match": ["127.0.0.1"], "trusted": True}},
        }
    )


@pytest.fixture(scope="session")
def flow_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Flow]:
    """A flow from its YAML."""

    def written(text: str) -> Flow:
        folder = tmp_path_factory.mktemp("flows")
        (folder / "main.yaml").write_text(textwrap.dedent(text), "utf-8")
        flows, problems = check_flows(folder, None)
        assert problems == []
        (flow,) = flows.values()
        return flow

    return written


Open = Callable[..., QuickCentre]


@pytest.fixture
def open_centre(flow_of: Callable[[str], Flow]) -> Open:
    """``open_centre(announce_every=10)``: the centre with this queue; inside quick time."""
    flows = {"": flow_of(FLOW), "again": flow_of(AGAIN)}

    def made(flow: str = "", **queue: Any) -> QuickCentre:
        return QuickCentre(small_site(**queue), flows[flow])

    return made
