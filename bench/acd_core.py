"""How long the ACD takes to decide on a large floor: ``python -m bench.acd_core``.

5,000 agents, 500 queues with all strategies, each agent in five queues, 5,000 calls in line
throughout. In a third of the queues calls need skills that relax, agents stand on three preference
levels that open over time, and a call waits a while for the agent who knows its customer; flows ask
for skills besides, VIPs have a head start and some calls age faster. One decision is one call of
``Acd.handle``.

Other programs on the same machine cut into a decision, so the same day is run on several floors in
turns, a few steps each, and of each decision the fastest run counts (``all``, ``by_input``); what
every single run took is told beside it (``each_run``). Prints JSON: the number of decisions and
their p50, p99 and longest in microseconds, by the clock and by the processor's time. The collector
of garbage runs as it does in the engine (``ccengine.cli.run``).
"""

from __future__ import annotations

import argparse
import gc
import heapq
import json
import random
import time
from collections import defaultdict, deque
from dataclasses import replace

from ccengine.acd.commands import CancelTimer, Command, Offer, SetTimer
from ccengine.acd.core import Acd
from ccengine.acd.inputs import (
    Answered,
    Input,
    Join,
    Leave,
    LegEnded,
    PhoneChanged,
    PhoneState,
    Ready,
    SignIn,
    TalkOver,
    TimerFired,
)
from ccengine.acd.rules import (
    AcdRules,
    QueueRules,
    Relaxation,
    SkillRequirement,
    Strategy,
    Widening,
)
from ccengine.ids import AgentId, CallId, QueueId, TimerId
from ccengine.journal.facts import AbandonReason, Fact, HangupBy, OfferResult

SKILLS = ("english", "mandarin", "cantonese", "billing", "technical", "sales")
ASKED = ((), (), (), (SkillRequirement(skill="english", level=2),))
"""What flows ask for: mostly nothing."""
STEPS_IN_TURN = 50
"""Of one floor, before the next has its turn: other programs seldom hit all runs of a moment."""


class Floor:
    """A busy day without waiting for it: each input follows the one before at once."""

    def __init__(self, *, agents: int, calls: int, queues: int, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = 1_000.0
        self.agents = [AgentId(f"a{n}") for n in range(agents)]
        self.queues = [QueueId(f"q{n}") for n in range(queues)]
        self.rules = self._rules()
        self.acd = Acd(self.rules, boot="bench")
        self.took: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.ringing: deque[Offer] = deque()
        self.talking: deque[CallId] = deque()
        self.calls = 0
        self.due: list[tuple[float, TimerId]] = []
        self.timers: set[TimerId] = set()
        for agent in self.agents:
            self.tell(PhoneChanged(agent_id=agent, phone=PhoneState.IDLE))
            self.tell(SignIn(agent_id=agent))
            self.tell(Ready(agent_id=agent))
        while sum(len(self.acd.waiting(queue)) for queue in self.queues) < calls:
            for _ in range(max(1, calls // 10)):
                self.join()
            while self.ringing:
                self.answer()
        self.took.clear()

    def _rules(self) -> AcdRules:
        strategies = list(Strategy)
        seats: dict[QueueId, list[AgentId]] = {queue: [] for queue in self.queues}
        for agent in self.agents:
            for queue in self.dice.sample(self.queues, min(5, len(self.queues))):
                seats[queue].append(agent)
        plain = {
            queue: QueueRules(
                queue=queue,
                strategy=strategies[n % len(strategies)],
                agents=tuple(seats[queue]),
                shares={agent: self.dice.randint(1, 5) for agent in seats[queue]},
                max_wait_s=3_600.0,
            )
            for n, queue in enumerate(self.queues)
        }
        return AcdRules(
            queues={
                queue: self._with_needs(rules) if n // len(strategies) % 3 == 0 else rules
                for n, (queue, rules) in enumerate(plain.items())
            },
            skills={
                agent: {skill: self.dice.randint(1, 10) for skill in self.dice.sample(SKILLS, 3)}
                for agent in self.agents
            },
        )

    def _with_needs(self, rules: QueueRules) -> QueueRules:
        skill = self.dice.choice(SKILLS)
        return replace(
            rules,
            skills=(SkillRequirement(skill=skill, level=6),),
            relax=(
                Relaxation(after_s=20.0, skill=skill, level=3),
                Relaxation(after_s=40.0, skill=skill, level=0),
            ),
            levels={agent: self.dice.randrange(3) for agent in rules.agents},
            widen=(Widening(after_s=15.0, level=1), Widening(after_s=30.0, level=2)),
            sticky_s=25.0,
            weight=self.dice.choice((0, 0, 1)),
        )

    def tell(self, said: Input) -> list[Command | Fact]:
        self.now += 0.01
        began, began_cpu = time.perf_counter_ns(), time.thread_time_ns()
        words = self.acd.handle(said, self.now)
        cpu, wall = time.thread_time_ns() - began_cpu, time.perf_counter_ns() - began
        self.took[type(said).__name__].append((wall, cpu))
        for word in words:
            match word:
                case Offer():
                    self.ringing.append(word)
                case SetTimer():
                    heapq.heappush(self.due, (word.at, word.timer_id))
                    self.timers.add(word.timer_id)
                case CancelTimer():
                    self.timers.discard(word.timer_id)
        return words

    def fire(self) -> None:
        """What is due by now, in its order."""
        while self.due and self.due[0][0] <= self.now:
            _, timer_id = heapq.heappop(self.due)
            if timer_id in self.timers:
                self.timers.remove(timer_id)
                self.tell(TimerFired(timer_id=timer_id))

    def join(self) -> None:
        self.calls += 1
        queue, dice = self.dice.choice(self.queues), self.dice
        seats = self.rules.queues[queue].agents
        self.tell(
            Join(
                call_id=CallId(f"c{self.calls}"),
                queue=queue,
                queued_at=self.now,
                head_start_s=dice.choice((0.0, 0.0, 0.0, 60.0)),
                ageing=dice.choice((1.0, 1.0, 1.0, 1.5)),
                requires=dice.choice(ASKED),
                prefers=dice.choice(seats) if seats and dice.random() < 0.2 else None,
            )
        )

    def answer(self) -> None:
        offer = self.ringing.popleft()
        self.tell(Answered(offer_id=offer.offer_id, agent_id=self.dice.choice(offer.agents)))
        self.talking.append(offer.call_id)

    def step(self) -> None:
        """One call comes, one talk ends; now and then a ring is missed or a caller gives up."""
        self.fire()
        self.join()
        if self.talking:
            self.tell(TalkOver(call_id=self.talking.popleft(), by=HangupBy.CALLER))
        if self.ringing and self.dice.random() < 0.2:
            offer = self.ringing.popleft()
            for agent in offer.agents:
                self.tell(
                    LegEnded(offer_id=offer.offer_id, agent_id=agent, result=OfferResult.REFUSED)
                )
        while self.ringing:
            self.answer()
        if self.dice.random() < 0.1 and (line := self.acd.waiting(self.dice.choice(self.queues))):
            self.tell(Leave(call_id=line[-1], reason=AbandonReason.HUNG_UP))
            self.join()


def percentile(sorted_ns: list[int], share: float) -> float:
    """In microseconds."""
    return round(sorted_ns[min(len(sorted_ns) - 1, int(len(sorted_ns) * share))] / 1_000, 1)


def summary(took: list[tuple[int, int]]) -> dict[str, float]:
    by_clock, by_cpu = (sorted(column) for column in zip(*took, strict=True))
    return {
        "decisions": len(took),
        "p50_us": percentile(by_clock, 0.50),
        "p99_us": percentile(by_clock, 0.99),
        "max_us": percentile(by_clock, 1.0),
        "cpu_p50_us": percentile(by_cpu, 0.50),
        "cpu_p99_us": percentile(by_cpu, 0.99),
    }


def fastest(runs: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Of each decision, over all runs of the same day."""
    return [
        (min(wall for wall, _ in same), min(cpu for _, cpu in same))
        for same in zip(*runs, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=5_000)
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--queues", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=12.0, help="for all runs together")
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    floors = [
        Floor(agents=asked.agents, calls=asked.calls, queues=asked.queues, seed=asked.seed)
        for _ in range(asked.runs)
    ]
    gc.collect()
    gc.freeze()
    until = time.perf_counter() + asked.seconds
    while time.perf_counter() < until:
        for floor in floors:
            for _ in range(STEPS_IN_TURN):
                floor.step()
    kinds = sorted(floors[0].took)
    best = {kind: fastest([floor.took[kind] for floor in floors]) for kind in kinds}
    print(
        json.dumps(
            {
                "bench": "acd_core",
                "agents": asked.agents,
                "queues": asked.queues,
                "calls_in_line": sum(len(floors[0].acd.waiting(q)) for q in floors[0].queues),
                "talks": len(floors[0].talking),
                "runs": asked.runs,
                "all": summary([both for took in best.values() for both in took]),
                "each_run": [
                    summary([both for took in floor.took.values() for both in took])
                    for floor in floors
                ],
                "by_input": {kind: summary(took) for kind, took in best.items()},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
