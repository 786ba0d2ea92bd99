"""What the engine before this one knew, told to the ACD before the first call is taken."""

from __future__ import annotations

from ccengine.acd.inputs import AdoptQueue
from ccengine.acd.rules import WrapUpMode
from ccengine.calls.store import CallRecords
from ccengine.engine import learned
from ccengine.engine.adoption import agent_inputs, callback_inputs
from ccengine.engine.callbacks import Callbacks
from ccengine.engine.dispatch import Dispatch
from ccengine.engine.door import EngineDoor
from ccengine.ids import CallId, QueueId
from ccengine.journal.store import Journal
from ccengine.site.model import Site
from ccengine.site.personal import queue_of

A_DAY_S = 86_400.0
"""Agents' counters and queues' turns are taken up from so far back."""
CALLBACKS_S = 31 * A_DAY_S
"""An open callback is not older: it expires within a week of the moment chosen."""


async def remember(
    *,
    journal: Journal,
    records: CallRecords,
    site: Site,
    now: float,
    dispatch: Dispatch,
    door: EngineDoor,
    callbacks: Callbacks,
) -> None:
    """Agents, the queues' turns, what past waits have taught, and callbacks still to be made.

    Calls come back by themselves.
    """
    memories = await journal.last_agent_facts(now - A_DAY_S)
    wrap_ups: dict[CallId, tuple[QueueId, float | None]] = {}
    for memory in memories.values():
        call_id = memory.last.call_id if memory.last else None
        if call_id is None:
            continue
        record = await records.get(call_id)
        if record is not None and record.queue is not None:
            _add_wrap_up(wrap_ups, site, call_id, record.queue)
        door.talked(memory.agent_id, call_id)
    turns = await journal.last_turns(now - A_DAY_S)
    open_callbacks = await journal.open_callbacks(now - CALLBACKS_S)
    for queue, (answered_last, rang_last) in turns.items():
        if queue_of(site, queue) is not None:
            dispatch.submit(
                AdoptQueue(queue=queue, rang_last=rang_last, answered_last=answered_last)
            )
    past = await journal.newest(
        now - learned.SINCE_S, kinds=learned.KINDS, limit=learned.MOST_FACTS
    )
    for waits in learned.past_waits(past):
        if queue_of(site, waits.queue) is not None:
            dispatch.submit(waits)
    for agent in agent_inputs(memories.values(), wrap_ups):
        dispatch.submit(agent)
    callbacks.known([found.asked for found in open_callbacks])
    for callback in callback_inputs(open_callbacks):
        dispatch.submit(callback)


def _add_wrap_up(
    wrap_ups: dict[CallId, tuple[QueueId, float | None]],
    site: Site,
    call_id: CallId,
    queue: QueueId,
) -> None:
    rules = queue_of(site, queue)
    if rules is not None:
        until_done = rules.wrap_up_mode is WrapUpMode.UNTIL_DONE
        wrap_ups[call_id] = (queue, None if until_done else rules.wrap_up)
