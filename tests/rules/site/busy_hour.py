"""A centre's busiest hours, call by call through the real ACD: how long each caller waited."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from random import Random

from ccengine.acd.commands import CancelTimer, Offer, SetTimer
from ccengine.acd.core import Acd
from ccengine.acd.inputs import (
    Answered,
    Input,
    Join,
    PhoneChanged,
    PhoneState,
    Ready,
    SignIn,
    TalkOver,
    TimerFired,
)
from ccengine.ids import AgentId, CallId, QueueId, TimerId
from ccengine.journal.facts import HangupBy
from ccengine.site.acd import acd_rules
from ccengine.site.model import Site

LEARNING_S = 3_600.0
"""Calls of the first hour find the centre empty, and are not counted."""


@dataclass(frozen=True, slots=True)
class _Comes:
    call_id: CallId
    queue: str
    level: str


def waits(site: Site, hours: float, seed: int = 1) -> dict[tuple[str, str], list[float]]:
    """Queue and VIP level -> the waits of their callers. The site's load, by Poisson's chance;
    calls take exponential times; everybody answers at once, and nobody hangs up."""
    dice = Random(seed)
    acd = Acd(acd_rules(site), boot="b")
    order = count()
    due: list[tuple[float, int, Input | _Comes]] = []
    timers: dict[TimerId, float] = {}
    came: dict[CallId, tuple[float, str, str]] = {}
    waited: dict[tuple[str, str], list[float]] = defaultdict(list)

    def at(moment: float, what: Input | _Comes) -> None:
        heapq.heappush(due, (moment, next(order), what))

    def tell(said: Input, now: float) -> None:
        for word in acd.handle(said, now):
            match word:
                case SetTimer():
                    timers[word.timer_id] = word.at
                    at(word.at, TimerFired(timer_id=word.timer_id))
                case CancelTimer():
                    timers.pop(word.timer_id, None)
                case Offer():
                    moment, queue, level = came.pop(word.call_id)
                    if moment >= LEARNING_S:
                        waited[queue, level].append(now - moment)
                    answered = Answered(offer_id=word.offer_id, agent_id=word.agents[0])
                    load = site.queues[queue].load
                    assert load is not None
                    at(now, answered)
                    over = now + dice.expovariate(1 / load.handling)
                    at(over, TalkOver(call_id=word.call_id, by=HangupBy.CALLER))

    for agent in site.agents:
        tell(PhoneChanged(agent_id=AgentId(agent), phone=PhoneState.IDLE), 0.0)
        tell(SignIn(agent_id=AgentId(agent)), 0.0)
        tell(Ready(agent_id=AgentId(agent)), 0.0)
    for name, queue in site.queues.items():
        assert queue.load is not None
        now = 0.0
        while (now := now + dice.expovariate(queue.load.calls_per_hour / 3_600)) < hours * 3_600:
            levels = {**queue.load.vip, "": 1 - sum(queue.load.vip.values())}
            (level,) = dice.choices(list(levels), list(levels.values()))
            at(now, _Comes(CallId(f"{name}-{next(order)}"), name, level))
    while due:
        now, _, what = heapq.heappop(due)
        match what:
            case _Comes():
                came[what.call_id] = (now, what.queue, what.level)
                tell(_join(site, what, now), now)
            case TimerFired():
                if timers.pop(what.timer_id, None) is not None:
                    tell(what, now)
            case _:
                tell(what, now)
    return waited


def _join(site: Site, comes: _Comes, now: float) -> Join:
    level = site.vip_levels.get(comes.level)
    return Join(
        call_id=comes.call_id,
        queue=QueueId(comes.queue),
        queued_at=now,
        head_start_s=level.head_start if level else 0.0,
        ageing=level.ageing if level else 1.0,
    )
