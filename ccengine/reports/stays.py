"""Stays: one call's time in one queue, from the facts that tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    CallAbandoned,
    CallAnswered,
    CallbackAsked,
    CallbackEnd,
    CallbackEnded,
    CallEnded,
    CallOverflowed,
    CallQueued,
    Fact,
    TalkEnded,
    WrapUpEnded,
)


class Ending(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    RELEASED = "released"
    OVERFLOWED = "overflowed"  # moved to another queue, where its next stay begins
    CALLED_BACK = "called_back"  # of a caller: hung up to be called back
    GIVEN_UP = "given_up"  # of a callback: the customer was not reached, or did not want it


ENDINGS: dict[AbandonReason, Ending] = {
    AbandonReason.HUNG_UP: Ending.ABANDONED,
    AbandonReason.ENGINE_LOST: Ending.ABANDONED,
    AbandonReason.EXIT_KEY: Ending.RELEASED,
    AbandonReason.TIMED_OUT: Ending.RELEASED,
    AbandonReason.NO_AGENTS: Ending.RELEASED,
    AbandonReason.QUEUE_FULL: Ending.RELEASED,
    AbandonReason.CLOSED: Ending.RELEASED,
    AbandonReason.OVERFLOW: Ending.RELEASED,
}
"""The caller left the line, or only the queue."""

STAY_FACTS = (
    CallQueued,
    CallAnswered,
    CallAbandoned,
    CallOverflowed,
    CallbackAsked,
    CallbackEnded,
    TalkEnded,
    WrapUpEnded,
    CallEnded,
)
"""The kinds of fact a stay is made of."""


@dataclass(slots=True, kw_only=True)
class Stay:
    """Grows while its facts are read."""

    call_id: CallId
    queue: QueueId
    entered_at: float
    """When the fact was made: it decides the period."""
    queued_at: float
    """When the wait began; earlier than ``entered_at`` for a call taken up after a restart."""
    callback: bool = False
    """Nobody held the line: a callback that stood in for its caller."""
    ending: Ending = Ending.WAITING
    waited_s: float | None = None
    talks: int = 0
    talk_s: float = 0.0
    hold_s: float = 0.0
    wrap_up_s: float = 0.0

    def waited(self, now: float) -> float:
        """Seconds waited, until ``now`` if it still waits."""
        return max(0.0, now - self.queued_at) if self.waited_s is None else self.waited_s


@dataclass(slots=True)
class Stays:
    stays: list[Stay] = field(default_factory=list)
    unmatched: list[float] = field(default_factory=list)
    """Moments of answers and leavings for which there was no stay."""


def stays_of(facts: Iterable[Fact]) -> Stays:
    """All stays told of in these facts, in the order of their beginning.

    A call told to have entered a queue in which it already waits is in one stay, not two: a
    restarted engine says so again.
    """
    found = Stays()
    last: dict[tuple[CallId, QueueId], Stay] = {}
    call_ends: dict[CallId, float] = {}
    for fact in facts:
        match fact:
            case CallQueued():
                known = last.get((fact.call_id, fact.queue))
                if known is None or known.ending is not Ending.WAITING:
                    last[fact.call_id, fact.queue] = _begin(found, fact)
            case CallAnswered():
                _end(found, last.get((fact.call_id, fact.queue)), Ending.ANSWERED, fact)
            case CallAbandoned():
                _end(found, last.get((fact.call_id, fact.queue)), ENDINGS[fact.reason], fact)
            case CallOverflowed(to_queue=to_queue) if to_queue is not None:
                _end(found, last.get((fact.call_id, fact.queue)), Ending.OVERFLOWED, fact)
            case CallbackAsked():
                _end(found, last.get((fact.call_id, fact.queue)), Ending.CALLED_BACK, fact)
            case CallbackEnded():
                _end_callback(found, last.get((fact.call_id, fact.queue)), fact)
            case TalkEnded() | WrapUpEnded():
                stay = last.get((fact.call_id, fact.queue))
                if stay is not None:
                    _add(stay, fact)
            case CallEnded():
                call_ends.setdefault(fact.call_id, fact.at)
            case _:
                pass  # says nothing of a queue
    for stay in found.stays:  # a call that is over waits no more, whoever failed to say so
        if stay.ending is Ending.WAITING and stay.call_id in call_ends and not stay.callback:
            stay.ending = Ending.ABANDONED
            stay.waited_s = max(0.0, call_ends[stay.call_id] - stay.queued_at)
    return found


def _begin(found: Stays, fact: CallQueued) -> Stay:
    stay = Stay(
        call_id=fact.call_id,
        queue=fact.queue,
        entered_at=fact.at,
        queued_at=fact.queued_at,
        callback=fact.callback,
    )
    found.stays.append(stay)
    return stay


def _end(
    found: Stays,
    stay: Stay | None,
    ending: Ending,
    fact: CallAnswered | CallAbandoned | CallOverflowed | CallbackAsked,
) -> None:
    if stay is None or stay.ending is not Ending.WAITING:
        found.unmatched.append(fact.at)
        return
    stay.ending = ending
    stay.waited_s = fact.waited_s


def _end_callback(found: Stays, stay: Stay | None, fact: CallbackEnded) -> None:
    """A callback that led to a talk has ended as answered already."""
    if fact.result is CallbackEnd.CONNECTED:
        return
    if stay is None or stay.ending is not Ending.WAITING:
        found.unmatched.append(fact.at)
        return
    stay.ending = Ending.GIVEN_UP
    stay.waited_s = max(0.0, fact.at - stay.queued_at)


def _add(stay: Stay, fact: TalkEnded | WrapUpEnded) -> None:
    if isinstance(fact, TalkEnded):
        stay.talks += 1
        stay.talk_s += fact.talk_s
        stay.hold_s += fact.hold_s
    else:
        stay.wrap_up_s += fact.wrap_up_s
