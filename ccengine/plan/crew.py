"""The agents of a simulated day: shifts, breaks, and what they do after a call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ccengine.acd.core import Acd
from ccengine.acd.inputs import (
    Input,
    NotReady,
    PhoneChanged,
    PhoneState,
    Ready,
    SignIn,
    SignOut,
)
from ccengine.acd.offers import MISSED_OFFERS
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AgentState
from ccengine.plan.agenda import Agenda
from ccengine.plan.casting import Cast
from ccengine.plan.draws import Draws
from ccengine.plan.traffic import Move


class Crew:
    """``say``: to the ACD, and carry out what follows."""

    def __init__(
        self, cast: Cast, draws: Draws, agenda: Agenda, acd: Acd, say: Callable[[Input], None]
    ) -> None:
        self._draws = draws
        self._agenda = agenda
        self._acd = acd
        self._say = say
        self._wishes: dict[AgentId, Move] = {}
        self._breaks: dict[Move, float] = {}
        """How long a break lasts; it begins when the call that holds the agent is over."""
        for agent, moves in cast.shifts.items():
            agenda.at(moves[0].at, partial(self._arrives, agent))
            for before, move in zip((None, *moves), moves, strict=False):
                if before is not None and _is_return(before, move):
                    self._breaks[before] = move.at - before.at
                else:
                    agenda.at(move.at, partial(self._move, agent, move))

    def _arrives(self, agent: AgentId) -> None:
        self._say(PhoneChanged(agent_id=agent, phone=PhoneState.IDLE))

    def _move(self, agent: AgentId, move: Move) -> None:
        before = self._wishes.get(agent)
        self._wishes[agent] = move
        if move.state is AgentState.LOGGED_OUT:
            self._say(SignOut(agent_id=agent))
            return
        if before is None or before.state is AgentState.LOGGED_OUT:
            self._say(SignIn(agent_id=agent))
        if move.state is AgentState.READY:
            self._say(Ready(agent_id=agent))
        else:
            status = self._acd.agent(agent)
            self._say(NotReady(agent_id=agent, reason=move.reason))
            if status.state is AgentState.NOT_READY and status.reason == move.reason:
                self.break_began(agent)  # straight from one break into the next: nothing is said

    def break_began(self, agent: AgentId) -> None:
        wish = self._wishes[agent]
        lasts_s = self._breaks.get(wish)
        if lasts_s is not None:
            back = Move(at=self._agenda.now + lasts_s, state=AgentState.READY)
            self._agenda.at(back.at, partial(self._break_over, agent, wish, back))

    def _break_over(self, agent: AgentId, wish: Move, back: Move) -> None:
        """Unless the agent has meanwhile gone home, or to the next break."""
        if self._wishes[agent] is wish:
            self._move(agent, back)

    def comes_back_later(self, agent: AgentId) -> None:
        delay_s = self._draws.return_s(agent, self._agenda.now)
        self._agenda.after(delay_s, partial(self._comes_back, agent))

    def _comes_back(self, agent: AgentId) -> None:
        status = self._acd.agent(agent)
        if status.state is AgentState.NOT_READY and status.reason == MISSED_OFFERS:
            self._say(Ready(agent_id=agent))

    def wrapped_up(self, agent: AgentId, call_id: CallId, queue: QueueId) -> None:
        """Who wants a break says ready only where nothing else ends the wrap-up."""
        status, wish = self._acd.agent(agent), self._wishes[agent]
        if status.state is not AgentState.WRAP_UP or status.call_id != call_id:
            return
        if wish.state is AgentState.READY or self._draws.wrap_up_ends_by_hand(queue):
            self._say(Ready(agent_id=agent))
            if wish.state is AgentState.NOT_READY:
                self._say(NotReady(agent_id=agent, reason=wish.reason))


def _is_return(before: Move, move: Move) -> bool:
    return before.state is AgentState.NOT_READY and move.state is AgentState.READY
