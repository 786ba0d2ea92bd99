"""The journal of the simulated engine: facts are safe after 50 ms, those of a fallen engine not."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import (
    AgentState,
    AgentStateChanged,
    AgentWished,
    CallAnswered,
    CallEnded,
    CallFact,
    CallQueued,
    Fact,
    OfferEnded,
    OfferMade,
    OfferResult,
    Outcome,
    TalkEnded,
    WrapUpExtended,
)
from ccengine.journal.store import AgentMemory, OpenCallback
from ccengine.journal.writer import GATHER_S
from tests.simulation.clockwork import Timeline

AgentFact = AgentStateChanged | AgentWished | WrapUpExtended
AWAY = (AgentState.LOGGED_OUT, AgentState.NOT_READY)


@dataclass(frozen=True, slots=True)
class SimRecord:
    """Of a call's record what is asked for here."""

    queue: QueueId | None


class SimJournal:
    """Survives engines. Stories are dropped when the checks are through with a call."""

    def __init__(self, time: Timeline) -> None:
        self._time = time
        self.stories: dict[CallId, list[Fact]] = {}
        self.open: set[CallId] = set()
        self._states: dict[AgentId, deque[AgentFact]] = {}
        self._answered: dict[AgentId, dict[QueueId, int]] = {}
        self._ended: dict[AgentId, dict[QueueId, float]] = {}
        self._missed: dict[AgentId, int] = {}
        self._turns: dict[QueueId, tuple[AgentId | None, AgentId]] = {}
        self._fresh: deque[tuple[float, Fact]] = deque()
        self.facts = 0

    def put(self, facts: Sequence[Fact]) -> None:
        now = self._time.now
        fresh = self._fresh
        while fresh and fresh[0][0] < now - GATHER_S:
            fresh.popleft()
        for fact in facts:
            self.facts += 1
            fresh.append((now, fact))
            if isinstance(fact, (AgentStateChanged, AgentWished, WrapUpExtended)):
                self._states.setdefault(fact.agent_id, deque(maxlen=30)).append(fact)
                if isinstance(fact, AgentStateChanged) and fact.state in AWAY:
                    self._missed[fact.agent_id] = 0
            elif isinstance(fact, CallFact):
                self._tell(fact)

    def _tell(self, fact: CallFact) -> None:
        story = self.stories.get(fact.call_id)
        if story is None:
            story = self.stories[fact.call_id] = []
            self.open.add(fact.call_id)
        story.append(fact)
        if isinstance(fact, CallEnded):
            self.open.discard(fact.call_id)
        elif isinstance(fact, CallAnswered):
            answered = self._answered.setdefault(fact.agent_id, {})
            answered[fact.queue] = answered.get(fact.queue, 0) + 1
            self._missed[fact.agent_id] = 0
            rang = self._turns.get(fact.queue, (None, fact.agent_id))[1]
            self._turns[fact.queue] = (fact.agent_id, rang)
        elif isinstance(fact, OfferMade):
            answered_last = self._turns.get(fact.queue, (None, ""))[0]
            self._turns[fact.queue] = (answered_last, fact.agents[-1])
        elif isinstance(fact, OfferEnded):
            if fact.result is OfferResult.MISSED:
                self._missed[fact.agent_id] = self._missed.get(fact.agent_id, 0) + 1
            elif fact.result is OfferResult.REFUSED:
                self._missed[fact.agent_id] = 0
        elif isinstance(fact, TalkEnded):
            self._ended.setdefault(fact.agent_id, {})[fact.queue] = fact.at

    def fall(self) -> set[CallId]:
        """The engine is killed: what was not written yet is lost. Gives the calls concerned."""
        lost = [fact for at, fact in self._fresh if at >= self._time.now - GATHER_S]
        self._fresh.clear()
        hurt = set()
        for fact in reversed(lost):
            if isinstance(fact, (AgentStateChanged, AgentWished, WrapUpExtended)):
                states = self._states[fact.agent_id]
                if states:
                    states.pop()
            elif isinstance(fact, CallFact) and fact.call_id in self.stories:
                self.stories[fact.call_id].pop()
                hurt.add(fact.call_id)
                if isinstance(fact, CallAnswered):
                    self._answered[fact.agent_id][fact.queue] -= 1
        for call_id in hurt:
            story = self.stories[call_id]
            if not story:
                del self.stories[call_id]
                self.open.discard(call_id)
            elif not any(isinstance(fact, CallEnded) for fact in story):
                self.open.add(call_id)
        return hurt

    def forget(self, call_id: CallId) -> list[Fact]:
        self.open.discard(call_id)
        return self.stories.pop(call_id, [])

    # -- as the engine reads it

    async def last_agent_facts(self, since: float) -> dict[AgentId, AgentMemory]:
        return {agent_id: self._memory(agent_id) for agent_id in self._states}

    def _memory(self, agent_id: AgentId) -> AgentMemory:
        last: AgentStateChanged | None = None
        wish: AgentWished | None = None
        extended: WrapUpExtended | None = None
        for fact in self._states[agent_id]:
            match fact:
                case AgentStateChanged():
                    last, wish, extended = fact, None, None
                case AgentWished():
                    wish = fact
                case WrapUpExtended():
                    extended = fact
        return AgentMemory(
            agent_id=agent_id,
            last=last,
            calls_answered=dict(self._answered.get(agent_id, {})),
            last_call_ended_at=dict(self._ended.get(agent_id, {})),
            wish=wish,
            extended=extended,
            missed_in_a_row=self._missed.get(agent_id, 0),
        )

    async def last_turns(self, since: float) -> dict[QueueId, tuple[AgentId | None, AgentId]]:
        return dict(self._turns)

    async def newest(self, since: float, *, kinds: Collection[str], limit: int) -> list[Fact]:
        """Expected waits are learned anew in each life: nothing that is checked goes by them."""
        return []

    async def open_callbacks(self, since: float) -> list[OpenCallback]:
        return []

    async def get(self, call_id: CallId) -> SimRecord | None:
        """The call's record."""
        story = self.stories.get(call_id)
        if story is None:
            return None
        told = (fact for fact in reversed(story) if isinstance(fact, (CallQueued, CallAnswered)))
        return SimRecord(next((fact.queue for fact in told), None))

    async def of_call(self, call_id: CallId) -> list[Fact]:
        return list(self.stories.get(call_id, ()))

    async def outcomes(self, calls: Collection[CallId]) -> dict[CallId, Outcome | None]:
        found: dict[CallId, Outcome | None] = {}
        for call_id in calls:
            story = self.stories.get(call_id)
            if story is not None:
                ends = [fact.outcome for fact in story if isinstance(fact, CallEnded)]
                found[call_id] = ends[0] if ends else None
        return found
