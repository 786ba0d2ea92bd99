"""The agents' pages' way in: each request becomes an input of the ACD."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from ccengine.acd.inputs import ExtendWrapUp, NotReady, Ready, SignIn, SignOut
from ccengine.clock import Clock
from ccengine.desk.door import AgentView
from ccengine.engine.dispatch import Dispatch
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import DispositionSet, Fact

MOST_REMEMBERED = 20_000


class EngineDoor:
    """Implements ``ccengine.desk.door.Door``."""

    def __init__(self, dispatch: Dispatch, clock: Clock, record: Callable[[Fact], None]) -> None:
        self._dispatch = dispatch
        self._clock = clock
        self._record = record
        self._talked: OrderedDict[tuple[AgentId, CallId], None] = OrderedDict()

    def view(self, agent_id: AgentId) -> AgentView | None:
        status = self._dispatch.acd.agent(agent_id)
        if status is None:
            return None
        return AgentView(
            agent_id=agent_id,
            state=status.state,
            reason=status.reason,
            since=status.since,
            phone=status.phone,
            call_id=status.call_id,
            wrap_up_until=status.wrap_up_until,
            extensions_left=status.extensions_left,
        )

    def sign_in(self, agent_id: AgentId) -> None:
        self._dispatch.submit(SignIn(agent_id=agent_id))

    def sign_out(self, agent_id: AgentId) -> None:
        self._dispatch.submit(SignOut(agent_id=agent_id))

    def ready(self, agent_id: AgentId) -> None:
        self._dispatch.submit(Ready(agent_id=agent_id))

    def not_ready(self, agent_id: AgentId, reason: str) -> None:
        self._dispatch.submit(NotReady(agent_id=agent_id, reason=reason))

    def extend_wrap_up(self, agent_id: AgentId) -> None:
        self._dispatch.submit(ExtendWrapUp(agent_id=agent_id))

    def talked(self, agent_id: AgentId, call_id: CallId) -> None:
        """Remember who may give this call a disposition."""
        self._talked[agent_id, call_id] = None
        if len(self._talked) > MOST_REMEMBERED:
            self._talked.popitem(last=False)

    def set_disposition(
        self, agent_id: AgentId, call_id: CallId, disposition: str, note: str
    ) -> bool:
        if (agent_id, call_id) not in self._talked:
            return False
        self._record(
            DispositionSet(
                at=self._clock.now(),
                call_id=call_id,
                agent_id=agent_id,
                disposition=disposition,
                note=note,
            )
        )
        return True
