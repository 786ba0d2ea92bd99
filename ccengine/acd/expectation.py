"""The expected wait: an interval that has proven itself, or nothing.

The plain estimate (``Line.expected_wait``: position x mean busy time / agents at work) knows
neither of calls that the same agents take from other queues, nor of priorities, nor of the hour.
So each answered call teaches by what factor the estimate at its entry was wrong, and the interval
told is the plain estimate times the middle four fifths of those factors: 10th to 90th percentile,
nearest rank. Factors are kept by queue, hour and priority; where there are too few, those of the
queue and priority in all hours count, then those of the queue.

Score is kept: of the last intervals of a queue, told or not, how many held the wait that came.
Four fifths should; below two thirds nothing is told until they do again. An interval too wide to
help is not told either. Example: plain estimate 100 s, factors 0.8 (10th) and 1.5 (90th): 80 to
150 s.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from ccengine.ids import QueueId

ENOUGH = 20
"""Factors, and scored intervals, before anything is told."""
KEPT = 100
"""Of each kind the last so many: some hours of a busy queue, some days of a quiet one."""
LOW, HIGH = 0.1, 0.9
TRUSTED = 2 / 3
TOO_WIDE = 5.0
"""High end over low end; the low end counts as a minute at least."""
HOUR_S = 3600.0
HOURS = 24
LEAST_S = 1.0
"""An estimate below it says nothing about factors: the call was as good as next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Seconds from now, most probably."""

    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How often a queue's intervals held, of the last ``of``."""

    held: int
    of: int

    @property
    def trusted(self) -> bool:
        return self.of >= ENOUGH and self.held >= TRUSTED * self.of


class Estimate(NamedTuple):
    """What was thought of a call's wait when it entered."""

    queue: QueueId
    hour: int
    """0 to 23, of the day in UTC: the same hour each day."""
    vip: bool
    plain_s: float
    interval: Expected | None
    """None: too few factors were known."""
    told: bool
    """It could be trusted, and was narrow enough to help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWait:
    """One call of the journal that was expected to wait and was answered, or left."""

    entered_at: float
    vip: bool
    plain_s: float
    interval: Expected | None
    waited_s: float
    answered: bool


class Key(NamedTuple):
    queue: QueueId
    hour: int | None
    vip: bool | None


@dataclass(slots=True)
class Factors:
    """The last factors of one kind, in the order of their coming and of their size."""

    came: deque[float] = field(default_factory=deque)
    ordered: list[float] = field(default_factory=list)

    def add(self, factor: float) -> None:
        self.came.append(factor)
        insort(self.ordered, factor)
        if len(self.came) > KEPT:
            del self.ordered[bisect_left(self.ordered, self.came.popleft())]

    def percentile(self, part: float) -> float:
        return self.ordered[max(0, ceil(part * len(self.ordered)) - 1)]


class Expectation:
    """Learns from every answered call of all queues; asked at each entry and announcement."""

    def __init__(self) -> None:
        self._factors: dict[Key, Factors] = {}
        self._scores: dict[QueueId, deque[bool]] = {}

    def estimate(self, queue: QueueId, *, vip: bool, plain_s: float, now: float) -> Estimate:
        """For a call that has just entered, and later with the plain estimate of that moment."""
        hour = hour_of(now)
        interval = self._interval(queue, hour, vip, plain_s)
        told = interval is not None and self.score(queue).trusted and _helps(interval)
        return Estimate(
            queue=queue, hour=hour, vip=vip, plain_s=plain_s, interval=interval, told=told
        )

    def answered(self, estimate: Estimate, waited_s: float) -> None:
        """The call was connected so long after that estimate."""
        if estimate.interval is not None:
            self._held(estimate, estimate.interval.low_s <= waited_s <= estimate.interval.high_s)
        if estimate.plain_s < LEAST_S:
            return
        factor = waited_s / estimate.plain_s
        for key in _keys(estimate.queue, estimate.hour, estimate.vip):
            self._factors.setdefault(key, Factors()).add(factor)

    def left(self, estimate: Estimate, waited_s: float) -> None:
        """The caller went after so long: only a wait above the interval proves it wrong."""
        if estimate.interval is not None and waited_s > estimate.interval.high_s:
            self._held(estimate, False)

    def learn(self, queue: QueueId, past: PastWait) -> None:
        """After a restart, from the journal."""
        estimate = Estimate(
            queue=queue,
            hour=hour_of(past.entered_at),
            vip=past.vip,
            plain_s=past.plain_s,
            interval=past.interval,
            told=False,
        )
        if past.answered:
            self.answered(estimate, past.waited_s)
        else:
            self.left(estimate, past.waited_s)

    def score(self, queue: QueueId) -> Score:
        scored = self._scores.get(queue, ())
        return Score(held=sum(scored), of=len(scored))

    def _held(self, estimate: Estimate, held: bool) -> None:
        self._scores.setdefault(estimate.queue, deque(maxlen=KEPT // 2)).append(held)

    def _interval(self, queue: QueueId, hour: int, vip: bool, plain_s: float) -> Expected | None:
        for key in _keys(queue, hour, vip):
            factors = self._factors.get(key)
            if factors is not None and len(factors.ordered) >= ENOUGH:
                return Expected(
                    low_s=plain_s * factors.percentile(LOW),
                    high_s=plain_s * factors.percentile(HIGH),
                )
        return None


def hour_of(now: float) -> int:
    return int(now // HOUR_S) % HOURS


def _keys(queue: QueueId, hour: int, vip: bool) -> tuple[Key, Key, Key]:
    return Key(queue, hour, vip), Key(queue, None, vip), Key(queue, None, None)


def _helps(interval: Expected) -> bool:
    return interval.high_s <= TOO_WIDE * max(interval.low_s, 60.0)
