"""What the agents' pages may ask of the engine, and what they are told of an agent's state.

The engine implements ``Door``; the desk holds the sockets and never touches the ACD itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ccengine.acd.inputs import PhoneState
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """An agent as its own page shows it. Moments are seconds of the engine's clock."""

    agent_id: AgentId
    state: AgentState
    reason: str
    since: float
    phone: PhoneState
    call_id: CallId | None
    """The call it is offered, talks with, or wraps up."""
    wrap_up_until: float | None
    """None in a wrap-up: it lasts until the agent is done."""
    extensions_left: int = 0
    """How often this wrap-up can be made longer."""


class Door(Protocol):
    """Each request is an input to the ACD's one inbox; its effect comes back as a new view."""

    def view(self, agent_id: AgentId) -> AgentView | None:
        """None: the site file has no such agent (any more)."""
        ...

    def sign_in(self, agent_id: AgentId) -> None: ...

    def sign_out(self, agent_id: AgentId) -> None: ...

    def ready(self, agent_id: AgentId) -> None:
        """Also ends a wrap-up."""
        ...

    def not_ready(self, agent_id: AgentId, reason: str) -> None: ...

    def extend_wrap_up(self, agent_id: AgentId) -> None:
        """More time for the wrap-up it is in; by how much, its queue says."""
        ...

    def set_disposition(
        self, agent_id: AgentId, call_id: CallId, disposition: str, note: str
    ) -> bool:
        """False: this call is not one this agent has talked with."""
        ...
