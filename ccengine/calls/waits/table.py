"""The table of waits: a new kind of wait is one new file and one line here."""

from __future__ import annotations

from ccengine.calls.waits.callback import callback
from ccengine.calls.waits.collect import collect
from ccengine.calls.waits.conference import conference
from ccengine.calls.waits.knowledge import knowledge
from ccengine.calls.waits.listen import listen
from ccengine.calls.waits.lookup import lookup
from ccengine.calls.waits.on_call import OnCall
from ccengine.calls.waits.play import play
from ccengine.calls.waits.queue import queue
from ccengine.calls.waits.record import record
from ccengine.calls.waits.route import route
from ccengine.calls.waits.survey import survey
from ccengine.calls.waits.transfer import transfer
from ccengine.ivr.answers import Answer
from ccengine.ivr.waits import (
    CallbackWait,
    CollectWait,
    ConferenceWait,
    KnowledgeWait,
    ListenWait,
    LookupWait,
    PlayWait,
    QueueWait,
    RecordWait,
    RouteWait,
    SurveyWait,
    TransferWait,
    Wait,
)

_ELSEWHERE = (QueueWait, RecordWait, TransferWait, ConferenceWait)


async def carry_out(wait: Wait, on: OnCall) -> Answer:
    """Do on the phone what the flow waits for. Raises CallerGoneError."""
    if not isinstance(wait, _ELSEWHERE):
        return await _do(wait, on)
    # What is keyed in there is for those who are there, and nothing typed ahead outlives it.
    on.call.keypad.forget()
    answer = await _do(wait, on)
    on.call.keypad.forget()
    return answer


async def _do(wait: Wait, on: OnCall) -> Answer:
    match wait:
        case PlayWait():
            return await play(wait, on)
        case CollectWait():
            return await collect(wait, on)
        case QueueWait():
            return await queue(wait, on)
        case LookupWait():
            return await lookup(wait, on)
        case RouteWait():
            return await route(wait, on)
        case KnowledgeWait():
            return await knowledge(wait, on)
        case RecordWait():
            return await record(wait, on)
        case SurveyWait():
            return await survey(wait, on)
        case CallbackWait():
            return await callback(wait, on)
        case ConferenceWait():
            return await conference(wait, on)
        case ListenWait():
            return await listen(wait, on)
        case TransferWait():
            return await transfer(wait, on)
        case _:
            raise RuntimeError(f"nobody carries out a {type(wait).__name__}")
