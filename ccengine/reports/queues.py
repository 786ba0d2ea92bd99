"""The queue report: what became of the calls that entered each queue in a period.

All numbers are sums over facts. The calls counted are those that entered the queue within the
period; their end counts wherever it lies, so a call that came at 23:59 and was answered at 0:01
belongs whole to the day it came. A call that was in two queues counts once in each.

The example used below and in the tests: ten calls enter "sales", whose service level is 20 s and
whose short abandon is 5 s. Six are answered after 4, 8, 12, 16, 20 and 30 s; they talk 60 s each,
of which one was also held for 30 s, and are wrapped up for 10 s each. Two hang up, after 3 and 40
s. One times out after 60 s and goes back to its flow. One still waits, for 25 s by now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccengine.ids import QueueId
from ccengine.journal.facts import Fact
from ccengine.reports.stays import Ending, Stay, Stays, stays_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From ``start`` (within) to ``end`` (outside), in seconds of the engine's clock."""

    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTarget:
    """What the site file says of a queue that the report must know."""

    queue: QueueId
    title: Mapping[str, str]
    service_level_s: float = 20.0
    short_abandon_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One queue's numbers, or with an empty ``queue`` the sum over all of them."""

    queue: QueueId
    title: Mapping[str, str]
    service_level_s: float | None
    """None in a total over queues with different targets."""
    stays: tuple[Stay, ...] = field(repr=False)
    """Of callers."""
    back: tuple[Stay, ...] = field(repr=False)
    """Of callbacks: counted apart, for their caller has been counted already."""
    within: int = field(repr=False)
    """Answered within the queue's own target."""
    short_abandoned: int
    """Abandoned sooner than the short abandon time; part of ``abandoned``. Example: 1 (3 s)."""
    now: float

    @property
    def offered(self) -> int:
        """Calls that entered the queue. Example: 10."""
        return len(self.stays)

    @property
    def answered(self) -> int:
        """Connected to an agent. Example: 6."""
        return self._ended(Ending.ANSWERED)

    @property
    def abandoned(self) -> int:
        """The caller hung up, or was lost, before an agent answered. Example: 2."""
        return self._ended(Ending.ABANDONED)

    @property
    def released(self) -> int:
        """Left without an agent, back into the flow: timed out, no agents, full, closed, exit key,

        or led out by an overflow rule.

        Example: 1.
        """
        return self._ended(Ending.RELEASED)

    @property
    def overflowed(self) -> int:
        """Moved by a rule to another queue, where they count again. Example: 0."""
        return self._ended(Ending.OVERFLOWED)

    @property
    def called_back(self) -> int:
        """Hung up to be called back. Example: 0."""
        return self._ended(Ending.CALLED_BACK)

    @property
    def callbacks(self) -> int:
        """Callbacks that were asked for in the period. Example: 0."""
        return len(self.back)

    @property
    def callbacks_answered(self) -> int:
        """Of these, those in which customer and agent talked. Example: 0."""
        return sum(stay.ending is Ending.ANSWERED for stay in self.back)

    @property
    def callbacks_given_up(self) -> int:
        """Of these, those that ended without a talk: all attempts made, expired, cancelled.

        Callbacks = answered + given up + open. Example: 0.
        """
        return sum(stay.ending is Ending.GIVEN_UP for stay in self.back)

    @property
    def callbacks_open(self) -> int:
        """Of these, those still to be made. Example: 0."""
        return sum(stay.ending is Ending.WAITING for stay in self.back)

    @property
    def waiting(self) -> int:
        """Still in the queue. Example: 1."""
        return self._ended(Ending.WAITING)

    @property
    def service_level(self) -> float | None:
        """Answered within the target ÷ offered; a wait of just the target is within it.

        Short abandons are shown apart, not subtracted. Example: 5 (4, 8, 12, 16, 20 s) ÷ 10 = 0.5.
        """
        return self.within / self.offered if self.offered else None

    @property
    def asa_s(self) -> float | None:
        """Average speed of answer: mean wait of the answered calls.

        Example: (4 + 8 + 12 + 16 + 20 + 30) ÷ 6 = 15 s.
        """
        waits = [stay.waited(self.now) for stay in self.stays if stay.ending is Ending.ANSWERED]
        return sum(waits) / len(waits) if waits else None

    @property
    def handled(self) -> int:
        """Talks that are over, those of callbacks included. Example: 6."""
        return sum(stay.talks for stay in (*self.stays, *self.back))

    @property
    def aht_s(self) -> float | None:
        """Average handling time: (talk + hold + wrap-up) ÷ handled.

        Example: (6 x 60 + 30 + 6 x 10) ÷ 6 = 75 s.
        """
        stays = (*self.stays, *self.back)
        busy = sum(stay.talk_s + stay.hold_s + stay.wrap_up_s for stay in stays)
        return busy / self.handled if self.handled else None

    @property
    def longest_wait_s(self) -> float:
        """The longest anyone waited, those who still wait included. Example: 60 s."""
        return max((stay.waited(self.now) for stay in self.stays), default=0.0)

    def _ended(self, ending: Ending) -> int:
        return sum(stay.ending is ending for stay in self.stays)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    period: Period
    rows: tuple[QueueRow, ...]
    total: QueueRow
    unmatched: int
    """Answers and leavings of calls that, by the journal, were in no such queue: should be 0."""

    @property
    def balanced(self) -> bool:
        """Every call that was offered is accounted for, in each row and in the sum:

        offered = answered + abandoned + released + overflowed + called back + waiting.
        Example: 10 = 6 + 2 + 1 + 0 + 0 + 1. Callbacks by themselves: connected + given up + open.
        """
        sums = all(
            row.offered
            == row.answered
            + row.abandoned
            + row.released
            + row.overflowed
            + row.called_back
            + row.waiting
            and row.callbacks
            == row.callbacks_answered + row.callbacks_given_up + row.callbacks_open
            for row in (*self.rows, self.total)
        )
        return sums and self.unmatched == 0


def queue_report(
    facts: Iterable[Fact], targets: Sequence[QueueTarget], period: Period, now: float
) -> QueueReport:
    """The report over these facts, which must hold the whole story of each call in the period.

    Queues come in the order of ``targets``, then those that the site no longer names.
    """
    found = stays_of(facts)
    counted: dict[QueueId, list[Stay]] = {target.queue: [] for target in targets}
    for stay in found.stays:
        if period.start <= stay.entered_at < period.end:
            counted.setdefault(stay.queue, []).append(stay)
    known = {target.queue: target for target in targets}
    rows = tuple(
        _row(known.get(queue) or _forgotten(queue), stays, now) for queue, stays in counted.items()
    )
    return QueueReport(
        period=period, rows=rows, total=_total(rows, now), unmatched=_unmatched(found, period)
    )


def only(report: QueueReport, queue: QueueId) -> QueueReport:
    """The report of this queue alone; its row is the total too."""
    rows = tuple(row for row in report.rows if row.queue == queue)
    return replace(report, rows=rows, total=_total(rows, report.total.now))


def _row(target: QueueTarget, all_stays: Sequence[Stay], now: float) -> QueueRow:
    stays = [stay for stay in all_stays if not stay.callback]
    within = sum(
        stay.ending is Ending.ANSWERED and stay.waited(now) <= target.service_level_s
        for stay in stays
    )
    short = sum(
        stay.ending is Ending.ABANDONED and stay.waited(now) < target.short_abandon_s
        for stay in stays
    )
    return QueueRow(
        queue=target.queue,
        title=target.title,
        service_level_s=target.service_level_s,
        stays=tuple(stays),
        back=tuple(stay for stay in all_stays if stay.callback),
        within=within,
        short_abandoned=short,
        now=now,
    )


def _total(rows: Sequence[QueueRow], now: float) -> QueueRow:
    targets = {row.service_level_s for row in rows}
    return QueueRow(
        queue=QueueId(""),
        title={"zh-CN": "合计", "en": "Total"},
        service_level_s=targets.pop() if len(targets) == 1 else None,
        stays=tuple(stay for row in rows for stay in row.stays),
        back=tuple(stay for row in rows for stay in row.back),
        within=sum(row.within for row in rows),
        short_abandoned=sum(row.short_abandoned for row in rows),
        now=now,
    )


def _forgotten(queue: QueueId) -> QueueTarget:
    return QueueTarget(queue=queue, title={"zh-CN": queue, "en": queue})


def _unmatched(found: Stays, period: Period) -> int:
    return sum(period.start <= at < period.end for at in found.unmatched)
