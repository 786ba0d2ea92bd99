"""One call at a time, step by step: where the time to the ring goes.

The engine runs with a stamp at each step (``bench/stamped_engine.py``); INVITE and BYE are stamped
by callers and phones. All read one clock. Two ways are walked: a caller comes while the only agent
is free, and the agent hangs up while a caller waits.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.figures import in_ms
from bench.floor import Floor, System, Team
from simphones.light.phones import Ring

TALK_S = 0.25
_GAP_S = 0.15
_CALL_LIMIT = 6.0

JOIN = (
    "200 at the caller",
    "agi connected",
    "environment read",
    "caller known",
    "flow begun",
    "queue entered",
    "join: told",
    "join: decided",
    "pop sent",
    "pop shown",
    "EXEC Dial: sent",
)
FREED = (
    "EXEC Dial: done",
    "talk over: told",
    "talk over: decided",
    "phone idle: told",
    "phone idle: decided",
    "pop sent",
    "pop shown",
    "EXEC Dial: sent",
)
RING = "INVITE at the phone"

Window = tuple[float, float]


class Walks:
    """From when to when each walk went; the engine's stamps are laid upon them afterwards."""

    def __init__(self) -> None:
        self.join: list[Window] = []
        self.freed: list[Window] = []
        self.noted: list[tuple[float, str]] = []


async def walk(floor: Floor, *, calls: int) -> Walks:
    """``calls`` of each way, on a floor with a single agent."""
    walks = Walks()
    rings: asyncio.Queue[Ring] = asyncio.Queue(maxsize=100)
    freed: list[float] = []
    (extension,) = floor.teams[Team.ALL]
    phone = floor.phones.all[extension]
    phone.on_ring, phone.on_free = rings.put_nowait, freed.append
    phone.talk_s = lambda: TALK_S
    number = floor.number(System.CCENGINE, Team.ALL)
    for _ in range(calls):
        async with asyncio.timeout(_CALL_LIMIT):
            call = floor.callers.call(number)
            walks.join.append((call.invited_at, (await rings.get()).at))
            walks.noted.append((call.answered_at, JOIN[0]))
            waiting = floor.callers.call(number)
            await call.over(_CALL_LIMIT)
            ring = await rings.get()
            walks.freed.append((freed[-1], ring.at))
            await waiting.over(_CALL_LIMIT)
        await floor.phones.idle(_CALL_LIMIT)
        await asyncio.sleep(_GAP_S)
    return walks


def table(walks: Walks, stamps: Path) -> dict[str, Any]:
    """Each way's steps in milliseconds: when (since its begin), and how long since the step before.

    Then every command to Asterisk on the way to a first ring, from its writing to its reply.
    """
    lines = (line.partition(" ") for line in stamps.read_text("utf-8").splitlines())
    noted = sorted([*walks.noted, *((float(at), step) for at, _, step in lines)])
    return {
        "INVITE to ring": _way(walks.join, noted, JOIN),
        "BYE to next ring": _way(walks.freed, noted, FREED),
        "commands": _commands(walks.join, noted),
    }


def _way(
    windows: Sequence[Window], noted: Sequence[tuple[float, str]], steps: Sequence[str]
) -> list[dict[str, Any]]:
    since: defaultdict[str, list[float]] = defaultdict(list)
    alone: defaultdict[str, list[float]] = defaultdict(list)
    for began, rang in windows:
        first: dict[str, float] = {}
        for at, step in noted:
            if began <= at <= rang:
                first.setdefault(step, at)
        before = began
        for step, at in sorted(
            [*((step, first[step]) for step in steps if step in first), (RING, rang)],
            key=lambda one: one[1],
        ):
            since[step].append(at - began)
            alone[step].append(at - before)
            before = at
    rows = [
        {
            "step": step,
            "n": len(times),
            "since_begin_ms": in_ms(times)["p50_ms"],
            "alone_ms": in_ms(alone[step])["p50_ms"],
        }
        for step, times in since.items()
    ]
    return sorted(rows, key=lambda row: float(row["since_begin_ms"] or 0))


def _commands(
    windows: Sequence[Window], noted: Sequence[tuple[float, str]]
) -> list[dict[str, Any]]:
    took: defaultdict[str, list[float]] = defaultdict(list)
    for began, rang in windows:
        sent: dict[str, float] = {}
        for at, step in noted:
            command, _, what = step.partition(": ")
            if not began <= at <= rang or what not in ("sent", "done"):
                continue
            if what == "sent":
                sent[command] = at
            elif command in sent:
                took[command].append(at - sent.pop(command))
    return [
        {
            "command": command,
            "a_call": round(len(times) / len(windows), 1),
            "p50_ms": in_ms(times)["p50_ms"],
        }
        for command, times in took.items()
    ]
