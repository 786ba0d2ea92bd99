"""When the expected wait is asked and when it is taught: at a call's entry and at its end.

Of a call that is rung for at once nothing is expected; nor of a callback, which nobody waits for.
A call that overflows to another queue teaches neither of the two.
"""

from __future__ import annotations

from ccengine.acd.expectation import Expected
from ccengine.acd.floor import Floor
from ccengine.acd.inputs import AdoptWaits
from ccengine.acd.line import Line
from ccengine.acd.order import Place, place_of
from ccengine.acd.state import Call, CallState
from ccengine.ids import CallId
from ccengine.journal.facts import WaitExpected

AFTER_ALL = 2**62
"""Higher than the number of any entry."""


def entered(floor: Floor) -> None:
    """The input is settled: whoever has entered and still waits is given its estimate."""
    for call in floor.entered:
        if floor.calls.get(call.call_id) is call and call.state is CallState.WAITING:
            _estimate(floor, call)
    floor.entered.clear()


def _estimate(floor: Floor, call: Call) -> None:
    plain_s = call.line.expected_wait(call.place, floor.now)
    if plain_s is None:
        return
    queue = call.line.queue
    found = floor.expectation.estimate(
        queue, vip=call.own_head_start_s > 0, plain_s=plain_s, now=floor.now
    )
    call.estimate = found
    interval = found.interval
    floor.say(
        WaitExpected(
            at=floor.now,
            call_id=call.call_id,
            queue=queue,
            plain_s=plain_s,
            low_s=None if interval is None else interval.low_s,
            high_s=None if interval is None else interval.high_s,
            vip=found.vip,
            told=found.told,
        )
    )


def answered(floor: Floor, call: Call, waited_s: float) -> None:
    if call.estimate is not None and call.estimate.queue == call.line.queue:
        floor.expectation.answered(call.estimate, waited_s)


def left(floor: Floor, call: Call) -> None:
    if call.estimate is not None and call.estimate.queue == call.line.queue:
        floor.expectation.left(call.estimate, max(0.0, floor.now - call.queued_at))


def expected(floor: Floor, call: Call, now: float) -> Expected | None:
    """What may be told of it at this moment; None: it cannot be trusted."""
    return _told(floor, call.line, call.place, vip=call.own_head_start_s > 0, now=now)


def for_newcomer(floor: Floor, line: Line, now: float) -> Expected | None:
    """What a caller without a head start of its own would be told who came at this moment."""
    place = place_of(
        CallId(""), queued_at=now, entry=AFTER_ALL, head_start_s=line.rules.head_start_s
    )
    return _told(floor, line, place, vip=False, now=now)


def _told(floor: Floor, line: Line, place: Place, *, vip: bool, now: float) -> Expected | None:
    plain_s = line.expected_wait(place, now)
    if plain_s is None:
        return None
    found = floor.expectation.estimate(line.queue, vip=vip, plain_s=plain_s, now=now)
    return found.interval if found.told else None


def adopt(floor: Floor, said: AdoptWaits) -> None:
    """What the journal tells of earlier estimates, in the order of their entries."""
    for past in said.waits:
        floor.expectation.learn(said.queue, past)
