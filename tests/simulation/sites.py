"""The simulated centre: fifty agents, queues of every strategy, and what fits between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ccengine.engine.flows import Loaded
from ccengine.ids import FlowId
from ccengine.ivr.load import check_flows
from ccengine.site.model import Site

FLOWS = Path(__file__).parent / "flows"

QUEUES: dict[str, dict[str, Any]] = {
    # name: strategy, first and last agent (indices), and rules
    "sales": {"strategy": "least_recent", "of": (0, 18), "wrap_up": 20},
    "support": {"strategy": "round_robin_memory", "of": (12, 30), "wrap_up": 30, "max_wait": 240},
    "billing": {"strategy": "fewest_calls", "of": (26, 40), "wrap_up": 15, "max_wait": 180},
    "orders": {"strategy": "random", "of": (36, 46), "wrap_up": 10, "ring_timeout": 12},
    "urgent": {"strategy": "ring_all", "of": (44, 50), "wrap_up": 0, "ring_timeout": 20},
    "returns": {"strategy": "round_robin", "of": (40, 50), "wrap_up": 25},
}
SHARES = {"sales": 10, "support": 10, "billing": 7, "orders": 5, "urgent": 1, "returns": 4}
VIP = {"gold": 60.0}


def agent_ids(count: int) -> list[str]:
    return [str(1001 + place) for place in range(count)]


def site_of(agents: int = 50, without: str = "", gone: int = 0) -> Loaded:
    """The site and its flows; ``without`` a queue, and the last ``gone`` agents of each queue."""
    ids = agent_ids(agents)
    queues = {}
    for name, rules in QUEUES.items():
        if name == without:
            continue
        first, last = rules["of"]
        chosen = ids[first * agents // 50 : last * agents // 50 - gone]
        queues[name] = {
            "title": {"zh-CN": name, "en": name},
            "agents": chosen,
            "announce_every": 30,
            "record": False,
            **{key: value for key, value in rules.items() if key != "of"},
        }
    site = Site.model_validate(
        {
            "schema": 1,
            "name": {"zh-CN": "模拟", "en": "Simulated"},
            "time_zone": "Asia/Shanghai",
            "numbers": {f"80{n}": {"flow": name} for n, name in enumerate(QUEUES)},
            "default_flow": "sales",
            "queues": queues,
            "agents": {key: {"name": key, "username": f"a{key}"} for key in ids},
            "trunks": {"line": {"match": ["127.0.0.1"], "trusted": True}},
            "vip_levels": {
                level: {"title": {"zh-CN": level, "en": level}, "head_start": seconds}
                for level, seconds in VIP.items()
            },
            "vip_numbers": {"13800000001": "gold"},
        }
    )
    return Loaded(site=site, flows=_flows(), version=f"{without}-{gone}")


def _flows() -> dict[FlowId, Any]:
    flows, problems = check_flows(FLOWS, None)
    if problems:
        raise AssertionError(problems)
    return flows
