"""What the journal of the last days teaches a restarted engine about expected waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ccengine.acd.expectation import Expected, PastWait
from ccengine.acd.inputs import AdoptWaits
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import AbandonReason, CallAbandoned, CallAnswered, Fact, WaitExpected

SINCE_S = 7 * 86_400.0
MOST_FACTS = 20_000
KINDS = (WaitExpected.kind, CallAnswered.kind, CallAbandoned.kind)
MOST_OF_A_QUEUE = 2_000
"""The newest count; the ACD itself keeps fewer of each hour."""


def past_waits(facts: Iterable[Fact]) -> list[AdoptWaits]:
    """Each expected wait with the end that it had; those without one say nothing."""
    open_: dict[tuple[CallId, QueueId], WaitExpected] = {}
    known: dict[QueueId, list[PastWait]] = defaultdict(list)
    for fact in facts:
        match fact:
            case WaitExpected():
                open_[fact.call_id, fact.queue] = fact
            case CallAnswered() | CallAbandoned():
                expected = open_.pop((fact.call_id, fact.queue), None)
                answered = isinstance(fact, CallAnswered)
                if expected is None or not (answered or _hung_up(fact)):
                    continue
                known[fact.queue].append(
                    PastWait(
                        entered_at=expected.at,
                        vip=expected.vip,
                        plain_s=expected.plain_s,
                        interval=_interval(expected),
                        waited_s=fact.waited_s,
                        answered=answered,
                    )
                )
            case _:
                pass
    return [
        AdoptWaits(queue=queue, waits=tuple(waits[-MOST_OF_A_QUEUE:]))
        for queue, waits in known.items()
    ]


def _hung_up(fact: CallAnswered | CallAbandoned) -> bool:
    return isinstance(fact, CallAbandoned) and fact.reason is AbandonReason.HUNG_UP


def _interval(expected: WaitExpected) -> Expected | None:
    if expected.low_s is None or expected.high_s is None:
        return None
    return Expected(low_s=expected.low_s, high_s=expected.high_s)
