"""Facts on their way: to the journal first, then to the pages that show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ccengine.desk.desk import Desk
from ccengine.engine.door import EngineDoor
from ccengine.journal.facts import (
    AgentStateChanged,
    CallAnswered,
    Fact,
    OfferEnded,
    TalkEnded,
    WrapUpExtended,
)


class Journal(Protocol):
    def put(self, facts: Sequence[Fact]) -> None: ...


class Recorder:
    """The one way of a fact: nothing is shown that is not on its way to the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._desk: Desk | None = None
        self._door: EngineDoor | None = None
        self.on_change: Callable[[], None] = _nobody_looks
        """Told that something has happened; what, is asked of the ACD."""

    def show_on(self, desk: Desk, door: EngineDoor) -> None:
        self._desk, self._door = desk, door

    def record(self, facts: Sequence[Fact]) -> None:
        self._journal.put(facts)
        self.on_change()
        desk, door = self._desk, self._door
        if desk is None or door is None:
            return
        for fact in facts:
            _show(fact, desk, door)

    def record_one(self, fact: Fact) -> None:
        self.record((fact,))


def _nobody_looks() -> None:
    """Before the live queues are there."""


def _show(fact: Fact, desk: Desk, door: EngineDoor) -> None:
    match fact:
        case AgentStateChanged(agent_id=agent_id) | WrapUpExtended(agent_id=agent_id):
            view = door.view(agent_id)
            if view is not None:
                desk.state_changed(view)
        case OfferEnded() as ended:
            desk.offer_ended(ended.agent_id, ended.offer_id, ended.call_id, ended.result)
        case CallAnswered() as answered:
            door.talked(answered.agent_id, answered.call_id)
            desk.offer_ended(answered.agent_id, answered.offer_id, answered.call_id, "answered")
        case TalkEnded() as talk:
            desk.call_ended(talk.agent_id, talk.call_id, talk.talk_s)
        case _:
            pass
