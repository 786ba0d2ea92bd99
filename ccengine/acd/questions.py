"""What may be asked of the ACD between two inputs. Nothing is decided by it."""

from __future__ import annotations

from ccengine.acd import expecting, view, wrapup
from ccengine.acd.expectation import Expected, Score
from ccengine.acd.explain import explain_wait
from ccengine.acd.explanation import Explanation
from ccengine.acd.floor import Floor
from ccengine.acd.inputs import PhoneState
from ccengine.acd.state import Agent, AgentStatus, CallState
from ccengine.acd.view import IN_LINE, CallView, QueueView
from ccengine.ids import AgentId, CallId, QueueId


class Questions:
    """The side of ``Acd`` that pages, announcements and tests look at."""

    _floor: Floor

    def position(self, call_id: CallId) -> int | None:
        """Place in its queue, 1 for the next; None when it does not wait. A ringing call counts.

        As of the last input: calls of different ageing pass each other as time goes on.
        """
        call = self._floor.calls.get(call_id)
        if call is None or call.state not in IN_LINE:
            return None
        return view.position(self._floor, call)

    def expected(self, call_id: CallId, now: float) -> Expected | None:
        """The interval that may be told to the caller, or None when it cannot be trusted."""
        call = self._floor.calls.get(call_id)
        if call is None or call.state not in IN_LINE:
            return None
        return expecting.expected(self._floor, call, now)

    def expectation_score(self, queue: QueueId) -> Score:
        """How often the intervals of this queue held, of the last ones."""
        return self._floor.expectation.score(queue)

    def expected_wait(self, call_id: CallId, now: float) -> float | None:
        """The plain estimate in seconds, or None without one; the formula is ``Line``'s."""
        call = self._floor.calls.get(call_id)
        if call is None or call.state not in IN_LINE:
            return None
        return call.line.expected_wait(call.place, now)

    def waiting(self, queue: QueueId) -> tuple[CallId, ...]:
        """The calls in line, in serving order, with those that ring at an agent."""
        line = self._floor.lines.get(queue)
        return () if line is None else line.call_ids(self._floor.now)

    def queues(self) -> tuple[QueueId, ...]:
        """All of the rules, in the site file's order, the personal ones included."""
        return tuple(self._floor.lines)

    def callers(self) -> dict[QueueId, int]:
        """How many callers stand in each queue's line."""
        return {queue: line.crowd.callers for queue, line in self._floor.lines.items()}

    def queue_view(self, queue: QueueId, now: float, late_s: float = 0.0) -> QueueView | None:
        """The queue as it is now; ``late_s``: who has waited longer is counted apart.

        None: the rules have no such queue.
        """
        return view.queue_view(self._floor, queue, now, late_s)

    def first_in_line(self, now: float) -> tuple[CallView, ...]:
        """The calls that are served first, over all queues; a bounded number of them."""
        return view.first_in_line(self._floor, now)

    def call_state(self, call_id: CallId) -> CallState:
        return self._floor.call_state(call_id)

    def why_waiting(self, call_id: CallId, now: float) -> Explanation | None:
        """Why nobody is rung for this call at this moment; None when it does not wait."""
        floor = self._floor
        call = floor.calls.get(call_id)
        if call is None or call.state is not CallState.WAITING:
            return None
        floor.now = now
        return explain_wait(floor, call)

    def agent(self, agent_id: AgentId) -> AgentStatus:
        """An agent never heard of is logged out since 0."""
        agent = self._floor.agents.get(agent_id) or Agent(agent_id=agent_id)
        return AgentStatus(
            agent_id=agent_id,
            state=agent.state,
            reason=agent.reason,
            since=agent.since,
            phone=agent.phone,
            call_id=agent.call_id,
            wrap_up_until=agent.wrap_up_until,
            extensions_left=wrapup.extensions_left(self._floor, agent),
        )

    def phone(self, agent_id: AgentId) -> PhoneState | None:
        """What the ACD was last told of this phone; None: it was never told of this agent."""
        agent = self._floor.agents.get(agent_id)
        return None if agent is None else agent.phone

    def queues_of(self, agent_id: AgentId) -> tuple[QueueId, ...]:
        """The queues it serves, in the site file's order."""
        agent = self._floor.agents.get(agent_id)
        return () if agent is None else tuple(line.queue for line in agent.lines)
