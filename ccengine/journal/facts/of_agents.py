"""Facts of an agent."""

from __future__ import annotations

from typing import ClassVar

from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts.fact import Fact
from ccengine.journal.facts.words import AgentState


class AgentStateChanged(Fact, frozen=True, kw_only=True):
    kind: ClassVar[str] = "agent.state"
    agent_id: AgentId
    state: AgentState
    reason: str = ""
    call_id: CallId | None = None


class AgentWished(Fact, frozen=True, kw_only=True):
    """What the agent wants to be as soon as no call holds it: ready, not ready or logged out.

    Said when it changes while a call holds the agent, and after each change of state in which it
    is not "ready", so that it holds if it comes after the agent's last ``agent.state``.
    """

    kind: ClassVar[str] = "agent.wished"
    agent_id: AgentId
    state: AgentState
    reason: str = ""


class WrapUpExtended(Fact, frozen=True, kw_only=True):
    """The agent took more time for the wrap-up, for the ``extended``-th time."""

    kind: ClassVar[str] = "wrap_up.extended"
    agent_id: AgentId
    queue: QueueId
    until: float
    extended: int
