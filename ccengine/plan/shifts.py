"""When agents were at work by their own will, from the changes of their states.

Offers, talks and wrap-ups are the ACD's doing and are left out: they will come again by
themselves. So is "not ready" because of missed offers; only how long it lasted is kept.
"""

from __future__ import annotations

from collections import defaultdict

from ccengine.acd.offers import MISSED_OFFERS
from ccengine.ids import AgentId
from ccengine.journal.facts import AgentState, AgentStateChanged
from ccengine.plan.traffic import Move


class Shifts:
    """Grows while facts are read."""

    def __init__(self) -> None:
        self._moves: dict[AgentId, list[Move]] = defaultdict(list)
        self._away_since: dict[AgentId, float] = {}
        """Set not ready for missed offers, and not back yet."""
        self.returns_s: list[float] = []

    def changed(self, fact: AgentStateChanged) -> None:
        agent = fact.agent_id
        match fact.state:
            case AgentState.LOGGED_OUT:
                self._away_since.pop(agent, None)
                self._move(fact, AgentState.LOGGED_OUT, "")
            case AgentState.NOT_READY if fact.reason == MISSED_OFFERS:
                self._away_since.setdefault(agent, fact.at)
            case AgentState.NOT_READY:
                self._away_since.pop(agent, None)
                self._move(fact, AgentState.NOT_READY, fact.reason)
            case AgentState.READY:
                away_since = self._away_since.pop(agent, None)
                if away_since is not None:
                    self.returns_s.append(max(0.0, fact.at - away_since))
                self._move(fact, AgentState.READY, "")
            case AgentState.OFFERED | AgentState.TALKING | AgentState.WRAP_UP:
                # With a reason: the agent has already said that it will be away afterwards.
                leaves = fact.reason not in ("", MISSED_OFFERS)
                wish = AgentState.NOT_READY if leaves else AgentState.READY
                self._move(fact, wish, fact.reason if leaves else "")

    def _move(self, fact: AgentStateChanged, state: AgentState, reason: str) -> None:
        moves = self._moves[fact.agent_id]
        if moves:
            same = (moves[-1].state, moves[-1].reason) == (state, reason)
        else:
            same = state is AgentState.LOGGED_OUT
        if not same:
            moves.append(Move(at=fact.at, state=state, reason=reason))

    def all(self) -> dict[AgentId, tuple[Move, ...]]:
        return {agent: tuple(moves) for agent, moves in self._moves.items() if moves}
