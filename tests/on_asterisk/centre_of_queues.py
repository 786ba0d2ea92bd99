"""The site of this folder: one queue for each thing to be proven, one flow for each queue."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

AGENTS = tuple(str(extension) for extension in range(2001, 2013))
"""With light phones, registered and ready."""
NO_PHONE, DEAD_PHONE, CONGESTED = "2013", "2014", "2015"
FRENCH = {"2001": 2, "2002": 5, "2003": 9, "2004": 1}
TEN = AGENTS[:10]
THREE = AGENTS[:3]


def _move(after: float, queue: str) -> list[dict[str, Any]]:
    return [{"name": "later", "when": {"waited": after}, "do": {"queue": queue}}]


_PATIENT = {"missed_offers_to_not_ready": 0, "retry_pause": 1}
QUEUES: dict[str, dict[str, Any]] = {
    "ring_all": {"strategy": "ring_all", "agents": TEN},
    "round_robin": {"agents": THREE},
    "round_robin_memory": {"agents": THREE},
    "least_recent": {"agents": THREE},
    "fewest_calls": {"agents": THREE},
    "random": {"agents": THREE},
    "linear": {"agents": THREE},
    "weighted_random": {
        "agents": ["2001", {"agent": "2002", "share": 3}, {"agent": "2003", "share": 9}]
    },
    "most_skilled": {"agents": AGENTS[:4], "skills": {"french": 2}},
    "widening": {
        "strategy": "linear",
        "agents": ["2001", {"agent": "2002", "level": 1}],
        "widen": [{"after": 1, "level": 1}],
    },
    "relaxing": {
        "strategy": "linear",
        "agents": ["2004", "2003"],
        "skills": {"french": 9},
        "relax": [{"after": 1, "skill": "french", "level": 1}],
    },
    "sticky": {"strategy": "linear", "agents": THREE, "sticky": 5},
    "ten": {"strategy": "linear", "agents": TEN} | _PATIENT,
    "one": {"strategy": "linear", "agents": ["2011"]},
    "other": {"strategy": "linear", "agents": ["2011"]},
    "moving": {"strategy": "linear", "agents": TEN, "overflow": _move(1, "moved_to")} | _PATIENT,
    "moved_to": {"strategy": "linear", "agents": TEN} | _PATIENT,
    "wrapping": {"strategy": "linear", "agents": TEN, "wrap_up": 1} | _PATIENT,
    "no_phone": {"strategy": "linear", "agents": [NO_PHONE, "2012"]},
    "dead_phone": {"strategy": "linear", "agents": [DEAD_PHONE, "2012"]},
    "congested": {"strategy": "linear", "agents": [CONGESTED, "2012"]},
    "back": {"strategy": "linear", "agents": ["2001"]},
    "specialists": {"strategy": "linear", "agents": ["2004", "2003"]},
}
_PERSONAL = {"personal": "2003", "last": "last"}
_FLOWS = [*QUEUES, *_PERSONAL, "twice"]
NUMBERS = {name: f"43{number:02}" for number, name in enumerate(_FLOWS)}
"""What a caller dials to come to a queue, to agent 2003, to its last agent, or to two queues."""

_RTP_PORTS = 2_000
_TITLE = {"zh-CN": "队列", "en": "A queue"}
_EVERYWHERE = {"ring_timeout": 3, "wrap_up": 0, "announce_every": None, "record": False}


def site(agents: Sequence[str] = (*AGENTS, NO_PHONE, DEAD_PHONE, CONGESTED)) -> dict[str, Any]:
    return {
        "schema": 1,
        "name": dict(_TITLE),
        "time_zone": "Asia/Shanghai",
        "numbers": {number: {"flow": name} for name, number in NUMBERS.items()},
        "default_flow": "linear",
        "queues": {
            name: {"title": dict(_TITLE), "strategy": name}
            | _EVERYWHERE
            | rules
            | {"agents": list(rules["agents"])}
            for name, rules in QUEUES.items()
        },
        "personal_queues": {"wrap_up": 0, "record": False},
        "agents": {
            extension: {"name": f"坐席{extension}", "username": f"agent_{extension}"}
            | ({"skills": {"french": FRENCH[extension]}} if extension in FRENCH else {})
            for extension in agents
        },
        "skills": {"french": {"zh-CN": "法语", "en": "French"}},
        "trunks": {"carrier": {"match": ["127.0.0.1"], "trusted": True}},
        "not_ready_reasons": {"break": {"zh-CN": "小休", "en": "Break"}},
        "dispositions": {"solved": {"title": {"zh-CN": "已解决", "en": "Solved"}}},
    }


def wide_rtp() -> dict[str, object]:
    """Settings: enough for hundreds of legs; for want of a port Asterisk says 488."""
    first = random.randrange(20_000, 31_000 - _RTP_PORTS, 100)
    return {"rtp_start": first, "rtp_end": first + _RTP_PORTS - 1}


def write_flows(folder: Path) -> None:
    for queue in QUEUES:
        _write(folder, queue, _wait("wait", f"queue: {queue}"))
    for name, agent in _PERSONAL.items():
        _write(folder, name, _wait("wait", f'agent: "{agent}"'))
    # After the talk the caller goes back into a queue.
    _write(
        folder,
        "twice",
        _wait("wait", "queue: back", "served: again") + _wait("again", "queue: specialists"),
    )


def _wait(step: str, goal: str, more: str = "") -> str:
    ways = "".join(f"\n    {way}: over" for way in ("timed_out", "no_agents", "full", "closed"))
    return f"  {step}:\n    type: enqueue\n    {goal}\n    {more}{ways}\n"


def _write(folder: Path, name: str, steps: str) -> None:
    head = textwrap.dedent("""\
        schema: 1
        start: wait
        steps:
          over: {type: hangup}
        """)
    (folder / f"{name}.yaml").write_text(head + steps, "utf-8")
