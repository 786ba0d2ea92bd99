"""The report against the truth: each call once, with the outcome that it really had."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ccengine.ids import CallId
from ccengine.journal.facts import CallArrived, CallEnded, CallFact, Fact, Outcome, TalkEnded
from ccengine.reports.stays import Ending, stays_of
from tests.simulation.callers import Caller

if TYPE_CHECKING:
    from tests.simulation.invariants import Checks

WITHIN_S = 60.0
BRIEF_S = 0.1
"""A talk so short may be told as either: who hung up met who answered."""
NOT_ANSWERED = (Ending.ABANDONED, Ending.RELEASED)


class Accounting:
    """Looks at each call's facts a minute after its end, or after the engine is up again."""

    def __init__(self, checks: Checks) -> None:
        self._checks = checks
        self._over: dict[CallId, Caller] = {}
        self.sums: Counter[str] = Counter()

    @property
    def unsettled(self) -> int:
        return len(self._over)

    def ended_at(self, call_id: CallId) -> float | None:
        caller = self._over.get(call_id)
        return None if caller is None else caller.ended_at

    def hurt(self, call_id: CallId) -> None:
        if call_id in self._over:
            self._over[call_id].hurt = True

    def call_over(self, caller: Caller) -> None:
        self._over[caller.call_id] = caller
        self._checks.world.time.after(WITHIN_S, self._settle, caller)

    def _settle(self, caller: Caller) -> None:
        world = self._checks.world
        up_since = world.up_since if world.engine is not None else world.time.now
        due = max(caller.ended_at or 0.0, up_since) + WITHIN_S
        if due > world.time.now:
            world.time.at(due, self._settle, caller)
            return
        del self._over[caller.call_id]
        world.asterisk.accounts.pop(caller.call_id, None)
        self._account(caller, world.journal.forget(caller.call_id))

    def close(self) -> None:
        """After the run: what is still open never came to an end."""
        for caller in self._over.values():
            self._checks.broken("I4", "was never accounted for", caller)

    def _account(self, caller: Caller, story: list[Fact]) -> None:
        wrong = self._checks.broken
        calls = [fact for fact in story if isinstance(fact, CallFact)]
        ends = [fact for fact in calls if isinstance(fact, CallEnded)]
        arrivals = sum(isinstance(fact, CallArrived) for fact in calls)
        self.sums["calls"] += 1
        if caller.talks and (caller.talks[0].ended_at or 0.0) - caller.talks[0].began_at < BRIEF_S:
            self.sums["answered for a moment"] += 1
            return
        self.sums["truly answered"] += bool(caller.talks)
        if not ends:
            wrong("I4", "a call without outcome", caller)
        elif len(ends) > 1:
            wrong("I4", "a call with two outcomes", caller)
        if arrivals == 0 and not caller.hurt:
            wrong("I4", "missing in the report", caller)
        elif arrivals > 1 and not caller.outlived:
            wrong("I4", "arrived twice", caller)
        if ends:
            self.sums[ends[0].outcome.value] += 1
            self._outcome(caller, ends[0].outcome)
        self._stays(caller, story)

    def _outcome(self, caller: Caller, outcome: Outcome) -> None:
        wrong = self._checks.broken
        if bool(caller.talks) is not (outcome is Outcome.ANSWERED):
            truth = "answered" if caller.talks else "not answered"
            wrong("report", f"truly {truth}, told as {outcome.value}", caller)
        if outcome is Outcome.FALLBACK and not caller.fell_back:
            wrong("report", "told as served by the fallback, which it never saw", caller)

    def _stays(self, caller: Caller, story: list[Fact]) -> None:
        wrong = self._checks.broken
        found = stays_of(story)
        answered = sum(stay.ending is Ending.ANSWERED for stay in found.stays)
        left = sum(stay.ending in NOT_ANSWERED for stay in found.stays)
        self.sums["offered in the report"] += len(found.stays)
        self.sums["answered in the report"] += answered
        if found.unmatched:
            wrong("report", "an end of a stay that never began", caller)
        if len(found.stays) > 1:
            wrong("report", "offered twice to its queue", caller)
        if answered != len(caller.talks):
            wrong("report", f"{len(caller.talks)} talks, told as {answered} answered", caller)
        if caller.joined and not caller.hurt and answered + left != 1:
            wrong("report", "a stay without one end", caller)
        released = sum(stay.ending is Ending.RELEASED for stay in found.stays)
        let_go = caller.joined and not caller.talks and caller.end == "done"
        if let_go and not caller.hurt and not released:
            wrong("report", "let go by its queue, told as hung up", caller)
        self._talks(caller, story)

    def _talks(self, caller: Caller, story: list[Fact]) -> None:
        """Without faults also the seconds agree."""
        told = [fact for fact in story if isinstance(fact, TalkEnded)]
        if len(told) > len(caller.talks):
            self._checks.broken("I6", "one talk ended twice", caller)
        if len(told) < len(caller.talks):
            self._checks.broken("report", "a talk without end", caller)
        if self._checks.world.faults.none and told:
            talk = caller.talks[0]
            truth = (talk.ended_at or 0.0) - talk.began_at
            if abs(told[0].talk_s - truth) > 0.5:
                self._checks.broken("report", "another talk time than the true one", caller)
