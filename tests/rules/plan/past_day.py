"""A past day as a test tells it: a site, calls, agents at work, and the facts that follow."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from random import Random

from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentState,
    CallArrived,
    CallQueued,
    Fact,
)
from ccengine.plan.casting import cast
from ccengine.plan.habits import ANYBODY
from ccengine.plan.survival import NOTHING_SEEN, Seen, survival
from ccengine.plan.traffic import After, Habit, Handling, Move, PastCall, PastStay, Ring, Traffic
from ccengine.plan.world import World
from ccengine.site.model import Site

MORNING = 1_795_000_200.0
GOLD = "13800000001"
SALES = QueueId("sales")


def site(
    agents: str = "1001 1002",
    *,
    gold: float = 120.0,
    wrap_up: float = 0.0,
    queues: Mapping[str, str] | None = None,
    **of_queue: object,
) -> Site:
    """Queues with their agents; by itself ``sales`` with all of them."""
    people = sorted(set(agents.split()).union(*(a.split() for a in (queues or {}).values())))
    return Site.model_validate(
        {
            "schema": 1,
            "name": {"en": "Test", "zh-CN": "测试"},
            "time_zone": "Asia/Shanghai",
            "numbers": {},
            "default_flow": "main",
            "queues": {
                name: {
                    "title": {"en": name.title(), "zh-CN": name},
                    "strategy": "least_recent",
                    "agents": members.split(),
                    "wrap_up": wrap_up,
                    **of_queue,
                }
                for name, members in (queues or {"sales": agents}).items()
            },
            "agents": {
                agent: {"name": f"Agent {agent}", "username": f"a{agent}"} for agent in people
            },
            "vip_levels": {"gold": {"title": {"en": "Gold"}, "head_start": gold}},
            "vip_numbers": {GOLD: "gold"},
        }
    )


def call(
    name: str,
    at: float,
    *,
    talk: float = 60.0,
    gives_up: float | None = None,
    vip: bool = False,
    queue: str = "sales",
) -> PastCall:
    """Entered ``at`` seconds after the morning began; ``gives_up``: hung up after waiting so."""
    return PastCall(
        call_id=CallId(name),
        at=MORNING + at,
        stays=(
            PastStay(
                queue=QueueId(queue),
                after=After.ARRIVAL,
                delay_s=0.0,
                head_start_s=120.0 if vip else 0.0,
                waited_s=gives_up or 0.0,
                left=None if gives_up is None else AbandonReason.HUNG_UP,
                handling=Handling(talk_s=talk, hold_s=0.0, wrap_up_s=None),
            ),
        ),
        ani=GOLD if vip else f"139{zlib.crc32(name.encode()) % 10**8:08d}",
        ani_verified=True,
        vip_level="gold" if vip else "",
    )


def day(
    calls: Sequence[PastCall], agents: str = "1001 1002", *, answers_after: float = 3.0
) -> Traffic:
    """All agents are ready from a minute before the morning on, and answer after so long."""
    patience = {
        QueueId(queue): survival(
            Seen(lasted_s=stay.waited_s, ended=stay.gave_up)
            for call in calls
            for stay in call.stays
            if stay.queue == queue
        )
        for queue in {stay.queue for call in calls for stay in call.stays}
    }
    return Traffic(
        begin=MORNING - 60.0,
        start=MORNING,
        end=max(call.at for call in calls) + 1.0,
        until=max(call.at for call in calls) + 3_600.0,
        calls=tuple(sorted(calls, key=lambda call: call.at)),
        shifts={
            AgentId(agent): (Move(at=MORNING - 60.0, state=AgentState.READY),)
            for agent in agents.split()
        },
        habits={ANYBODY: Habit(rings=(Ring(result=None, rang_s=answers_after),))},
        patience=patience,
        any_patience=NOTHING_SEEN,
        handlings={},
        returns_s=(),
    )


def told(traffic: Traffic, rules: Site) -> list[Fact]:
    """The facts of this day under these rules, as the journal would have them."""
    arrived = {
        call.call_id: CallArrived(
            at=call.at,
            call_id=call.call_id,
            ani=call.ani,
            dnis="4001",
            trunk="carrier",
            ani_verified=True,
            vip_level=call.vip_level or "",
        )
        for call in traffic.calls
    }
    facts: list[Fact] = []
    for fact in World(traffic, cast(rules, rules, traffic), seed=0).run():
        if isinstance(fact, CallQueued) and fact.call_id in arrived:
            facts.append(arrived.pop(fact.call_id))
        facts.append(fact)
    return facts


def busy_day(
    calls: int, agents: int, seed: int = 1, *, every: float = 12.0, vips: float = 0.1
) -> list[PastCall]:
    """Callers at random, ``every`` seconds on average; about one in ten has no patience."""
    dice, at, found = Random(seed), 0.0, []
    for number in range(calls):
        at += dice.expovariate(1.0 / every)
        found.append(
            call(
                f"c{number:05d}",
                at,
                talk=dice.uniform(0.5, 1.5) * every * agents * 0.95,
                gives_up=dice.uniform(20.0, 90.0) if dice.random() < 0.1 else None,
                vip=dice.random() < vips,
            )
        )
    return found
