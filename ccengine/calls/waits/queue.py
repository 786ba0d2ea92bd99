"""Into a queue, and out of it again."""

from __future__ import annotations

import structlog

from ccengine.acd.rules import personal_queue
from ccengine.asterisk.names import Variable
from ccengine.calls.queue_stay import QueueStay
from ccengine.calls.waits.on_call import OnCall
from ccengine.ids import QueueId
from ccengine.ivr.answers import QueueLeft, QueueResult
from ccengine.ivr.waits import QueueWait
from ccengine.site.personal import queue_of

log = structlog.get_logger(__name__)


async def queue(wait: QueueWait, on: OnCall) -> QueueLeft:
    """Raises CallerGoneError."""
    call = on.call
    call.question = wait.question
    into = _queue_for(wait, on)
    rules = queue_of(on.floor.site, into) if into is not None else None
    if into is None or rules is None:
        # Nobody is known to this customer; or the site file changed under a flow that was
        # checked against the older one.
        log.warning("call.queue_unknown", call_id=call.call_id, queue=into)
        return QueueLeft(result=QueueResult.NO_AGENTS)
    left = await QueueStay(call, on.channel, on.floor, wait, into, rules).run()
    call.queued_at = 0.0
    unserved = left.result not in (QueueResult.SERVED, QueueResult.CALLBACK)
    call.abandoned = call.abandoned or unserved
    # The dialplan must not take this caller for one who still waits.
    await on.channel.set(Variable.PHASE, "flow")
    return left


def _queue_for(wait: QueueWait, on: OnCall) -> QueueId | None:
    """The queue it stood in already, perhaps moved there, when its stay is taken up again."""
    call = on.call
    taken_up, on.taken_up = on.taken_up, False
    if taken_up and call.queued_at and call.queue is not None:
        return call.queue
    if not wait.last_agent:
        return wait.queue
    return personal_queue(call.last_agent) if call.last_agent is not None else None
