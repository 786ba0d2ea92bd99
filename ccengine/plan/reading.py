"""From facts to traffic: the calls as they came, the agents as they were at work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ccengine.acd.rules import SkillRequirement
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import (
    AbandonReason,
    AgentStateChanged,
    CallAbandoned,
    CallAnswered,
    CallArrived,
    CallbackAsked,
    CallbackEnded,
    CallEnded,
    CallOverflowed,
    CallQueued,
    Fact,
    HangupBy,
    OfferEnded,
    OfferMade,
    TalkEnded,
    WrapUpEnded,
)
from ccengine.plan.habits import Habits
from ccengine.plan.shifts import Shifts
from ccengine.plan.survival import Seen, survival
from ccengine.plan.traffic import After, Handling, PastCall, PastStay, Traffic

PLAN_FACTS: tuple[type[Fact], ...] = (
    CallArrived,
    CallQueued,
    CallAnswered,
    CallAbandoned,
    CallOverflowed,
    CallbackAsked,
    CallbackEnded,
    OfferMade,
    OfferEnded,
    TalkEnded,
    WrapUpEnded,
    CallEnded,
    AgentStateChanged,
)
"""The kinds of fact that a plan is made from."""


class NoTrafficError(ValueError):
    """Nothing entered a queue in the period: there is nothing to plan with."""


@dataclass(slots=True, kw_only=True)
class _Stay:
    queue: QueueId
    entered_at: float
    head_start_s: float
    requires: tuple[SkillRequirement, ...]
    after: After
    delay_s: float
    waited_s: float = 0.0
    left: AbandonReason | None = None
    asked_callback: bool = False
    answered: bool = False
    over_at: float | None = None
    """Left the line, or with a talk: the end of the talk."""
    talk: TalkEnded | None = None
    wrap_up_s: float | None = None

    @property
    def in_line(self) -> bool:
        return not self.answered and self.left is None and not self.asked_callback

    def frozen(self, until: float) -> PastStay:
        return PastStay(
            queue=self.queue,
            after=self.after,
            delay_s=self.delay_s,
            head_start_s=self.head_start_s,
            requires=self.requires,
            waited_s=max(0.0, until - self.entered_at) if self.in_line else self.waited_s,
            left=self.left,
            asked_callback=self.asked_callback,
            handling=self.handling(),
        )

    def handling(self) -> Handling | None:
        """None: not answered, or the talk's end is not in the facts."""
        if self.talk is None:
            return None
        return Handling(
            talk_s=self.talk.talk_s,
            hold_s=self.talk.hold_s,
            wrap_up_s=self.wrap_up_s,
            by=self.talk.by,
        )


@dataclass(slots=True)
class _Story:
    """One call, while its facts are read."""

    arrived: CallArrived | None = None
    stays: list[_Stay] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.stories: dict[CallId, _Story] = defaultdict(_Story)
        self.habits = Habits()
        self.shifts = Shifts()

    def take(self, fact: Fact) -> None:
        match fact:
            case CallArrived():
                self.stories[fact.call_id].arrived = fact
            case CallQueued():
                self._queued(fact)
            case CallAnswered():
                self.habits.answered(fact)
                if (stay := self._last(fact.call_id)) is not None and stay.in_line:
                    stay.answered, stay.waited_s = True, fact.waited_s
            case CallAbandoned():
                if (stay := self._last(fact.call_id)) is not None and stay.in_line:
                    stay.left, stay.waited_s, stay.over_at = fact.reason, fact.waited_s, fact.at
            case CallbackAsked():
                if (stay := self._last(fact.call_id)) is not None and stay.in_line:
                    stay.asked_callback, stay.waited_s = True, fact.waited_s
            case TalkEnded():
                if (stay := self._last(fact.call_id)) is not None and stay.answered:
                    stay.talk, stay.over_at = fact, fact.at
            case WrapUpEnded():
                self._wrapped_up(fact)
            case CallEnded():
                if (stay := self._last(fact.call_id)) is not None and stay.in_line:
                    gone = fact.by is HangupBy.CALLER
                    stay.left = AbandonReason.HUNG_UP if gone else AbandonReason.ENGINE_LOST
                    stay.waited_s = max(0.0, fact.at - stay.entered_at)
            case OfferMade():
                self.habits.offered(fact)
            case OfferEnded():
                self.habits.ended(fact)
            case AgentStateChanged():
                self.shifts.changed(fact)
            case _:
                pass  # says nothing that a plan needs

    def _last(self, call_id: CallId) -> _Stay | None:
        story = self.stories.get(call_id)
        return story.stays[-1] if story is not None and story.stays else None

    def _queued(self, fact: CallQueued) -> None:
        """Entries that the caller or the flow made; the ACD's own will be made again by it."""
        before = self._last(fact.call_id)
        if fact.callback or (before is not None and before.in_line):
            return  # a callback's place, an overflow, or a restarted engine says it again
        after, delay_s = After.ARRIVAL, 0.0
        if before is not None:
            after = After.TALK if before.answered else After.RELEASE
            delay_s = max(0.0, fact.at - (fact.at if before.over_at is None else before.over_at))
        self.stories[fact.call_id].stays.append(
            _Stay(
                queue=fact.queue,
                entered_at=fact.queued_at if before is None else fact.at,
                head_start_s=fact.head_start_s,
                requires=tuple(_requirement(text) for text in fact.requires),
                after=after,
                delay_s=delay_s,
            )
        )

    def _wrapped_up(self, fact: WrapUpEnded) -> None:
        """May come when the call is in its next queue already."""
        story = self.stories.get(fact.call_id)
        for stay in reversed(story.stays if story else []):
            if stay.talk is not None and stay.talk.agent_id == fact.agent_id:
                stay.wrap_up_s = fact.wrap_up_s
                return

    def calls(self, begin: float, end: float, until: float) -> list[PastCall]:
        found = []
        for call_id, story in self.stories.items():
            if not story.stays or not begin <= story.stays[0].entered_at < end:
                continue
            arrived = story.arrived
            found.append(
                PastCall(
                    call_id=call_id,
                    at=story.stays[0].entered_at,
                    stays=tuple(stay.frozen(until) for stay in story.stays),
                    customer="" if arrived is None else str(arrived.customer_id or arrived.ani),
                    ani="" if arrived is None else arrived.ani,
                    ani_verified=arrived is not None and arrived.ani_verified,
                    vip_level=None if arrived is None else arrived.vip_level,
                )
            )
        return sorted(found, key=lambda call: (call.at, call.call_id))


def traffic_of(
    facts: Iterable[Fact],
    start: float | None = None,
    end: float | None = None,
) -> Traffic:
    """The traffic of these facts, which stand in the order of their making.

    ``start``, ``end``: only calls that entered a queue in between are counted; facts before and
    after fill the floor and let calls end. Without them: from the first entry to the last fact.
    Raises NoTrafficError.
    """
    reader, kept = _Reader(), []
    for fact in facts:
        reader.take(fact)
        if isinstance(fact, PLAN_FACTS):
            kept.append(fact)
    entries = [fact.at for fact in kept if isinstance(fact, CallQueued)]
    if not entries:
        raise NoTrafficError("no call entered a queue in these facts")
    until = max(fact.at for fact in kept)
    start = min(entries) if start is None else start
    # A period that is not over yet ends with what is known of it.
    end = until + 1.0 if end is None else min(end, until + 1.0)
    calls = reader.calls(min([start, *entries]), end, until)
    if not any(start <= call.at < end for call in calls):
        raise NoTrafficError("no call entered a queue in this period")
    return _traffic(reader, calls, kept, start=start, end=end, until=until)


def _traffic(
    reader: _Reader,
    calls: Sequence[PastCall],
    facts: Sequence[Fact],
    *,
    start: float,
    end: float,
    until: float,
) -> Traffic:
    waits: dict[QueueId, list[Seen]] = defaultdict(list)
    handlings: dict[QueueId, list[Handling]] = defaultdict(list)
    for call in calls:
        for stay in call.stays:
            waits[stay.queue].append(Seen(lasted_s=stay.waited_s, ended=stay.gave_up))
            if stay.handling is not None:
                handlings[stay.queue].append(stay.handling)
    return Traffic(
        begin=min(start, calls[0].at),
        start=start,
        end=end,
        until=until,
        calls=tuple(calls),
        shifts=reader.shifts.all(),
        habits=reader.habits.all(),
        patience={queue: survival(seen) for queue, seen in waits.items()},
        any_patience=survival(case for seen in waits.values() for case in seen),
        handlings={queue: tuple(seen) for queue, seen in handlings.items()},
        returns_s=tuple(reader.shifts.returns_s),
        callback_share=_callback_share(calls),
        facts=tuple(facts),
    )


def _callback_share(calls: Sequence[PastCall]) -> float:
    stays = [stay for call in calls for stay in call.stays]
    asked = [stay.queue for stay in stays if stay.asked_callback]
    return len(asked) / sum(stay.queue in asked for stay in stays) if asked else 0.0


def _requirement(text: str) -> SkillRequirement:
    """``skill:level`` as the journal writes it; a level that is none counts as 1."""
    skill, _, level = text.partition(":")
    return SkillRequirement(skill=skill, level=int(level) if level.isdecimal() else 1)
