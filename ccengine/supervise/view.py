"""A picture of the floor at one moment: pure, from what the ACD may be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ccengine.acd.core import Acd
from ccengine.acd.inputs import PhoneState
from ccengine.acd.state import AgentStatus
from ccengine.acd.view import CallView, QueueView
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import AgentState
from ccengine.site.model import Queue, Site
from ccengine.site.personal import queue_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who waits, as far as a page beside the floor may show it."""

    number: str
    vip_level: str


WhoIs = Callable[[CallId], Caller | None]
"""None: a customer who is to be called back, whom nobody holds a line for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOnFloor:
    view: QueueView
    rules: Queue
    agents: Mapping[AgentState, int]
    unreachable: int
    """Agents who say that they are ready, and whose phone is not there: nobody can ring them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOnFloor:
    view: CallView
    caller: Caller | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorPicture:
    queues: tuple[QueueOnFloor, ...]
    """Those of the site file in its order, then personal ones in which somebody waits."""
    calls: tuple[CallOnFloor, ...]
    """In serving order over all queues."""
    more: int
    """Calls in line that are not shown."""


def picture(acd: Acd, site: Site, who_is: WhoIs, now: float) -> FloorPicture:
    """What a supervisor sees at this moment."""
    queues: list[QueueOnFloor] = []
    agents: dict[AgentId, AgentStatus] = {}
    for queue in acd.queues():
        rules = queue_of(site, queue)
        if rules is None:
            continue  # the site file changes in this moment
        view = acd.queue_view(queue, now, rules.service_level)
        if view is None or (queue not in site.queues and not _in_line(view)):
            continue
        for agent_id in view.agents:
            if agent_id not in agents:
                agents[agent_id] = acd.agent(agent_id)
        queues.append(_queue(view, rules, [agents[agent_id] for agent_id in view.agents]))
    shown = acd.first_in_line(now)
    in_line = sum(_in_line(one.view) for one in queues)
    return FloorPicture(
        queues=tuple(queues),
        calls=tuple(
            CallOnFloor(view=call, caller=None if call.callback else who_is(call.call_id))
            for call in shown
        ),
        more=max(0, in_line - len(shown)),
    )


def _in_line(view: QueueView) -> int:
    return view.callers + view.callbacks_waiting


def _queue(view: QueueView, rules: Queue, agents: Iterable[AgentStatus]) -> QueueOnFloor:
    counts: Counter[AgentState] = Counter()
    unreachable = 0
    for agent in agents:
        counts[agent.state] += 1
        if agent.state is AgentState.READY and agent.phone is PhoneState.UNREACHABLE:
            unreachable += 1
    return QueueOnFloor(view=view, rules=rules, agents=counts, unreachable=unreachable)
