"""What must hold whatever goes wrong, checked while it happens.

Names: I1 to I4 and I6 as in the requirements (no talk dropped by us; no caller un-held; no agent
stuck, none rung against the truth; one outcome per call; nothing done twice), `order` (nobody is
served before one who stands before it), `idle` (no agent free beside a call that it may take),
`report` (sums over facts are the truth), `engine` (the engine broke).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccengine.acd.inputs import Join, PhoneState
from ccengine.acd.state import CallState
from ccengine.asterisk.events import PhoneEvent
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AgentState, CallAbandoned, Fact, OfferEnded, OfferMade
from tests.simulation.accounting import Accounting
from tests.simulation.callers import Caller, Dial, Where
from tests.simulation.clockwork import START
from tests.simulation.fairness import Fairness

if TYPE_CHECKING:
    from tests.simulation.engine import SimEngine
    from tests.simulation.people import Person
    from tests.simulation.world import World

LOOK_EVERY_S = 5.0
UNHELD_S = 10.0
STUCK_S = 15.0
IDLE_BESIDE_CALL_S = 6.0
REPAIRED_S = 11.0
"""After so long without a cut the snapshot has repaired what two looks are needed for."""
GHOST_S = 25.0
"""A call that is gone may stand in line so long: two snapshots, and a session's longest end."""
RETRY_S = 11.0
SETTLED_S = 1.0
LONGEST_WRAP_UP_S = 30.0
MOST_KEPT = 200
RESTING = (AgentState.READY, AgentState.NOT_READY, AgentState.LOGGED_OUT)


@dataclass(frozen=True, slots=True)
class Violation:
    at_s: float
    invariant: str
    what: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.at_s:>10.2f} s  {self.invariant:<7} {self.what}  {self.about}"


@dataclass(slots=True)
class Checks:
    """Watches one world. ``violations`` is empty when all held."""

    world: World
    violations: list[Violation] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    _lines: dict[QueueId, dict[CallId, Caller]] = field(default_factory=dict)
    _accounting: Accounting = field(init=False)
    fairness: Fairness = field(init=False)
    _hung_since: float | None = None

    def __post_init__(self) -> None:
        self._accounting = Accounting(self)
        self.fairness = Fairness(self)

    # -- words

    def broken(self, invariant: str, what: str, about: Caller | Person | None = None) -> None:
        self.kinds[f"{invariant}: {what}"] += 1
        if len(self.violations) < MOST_KEPT:
            name = "" if about is None else str(getattr(about, "call_id", "") or about.agent_id)
            at_s = self.world.time.now - START
            self.violations.append(Violation(at_s, invariant, what, name))

    def logged(self, entry: Mapping[str, Any]) -> None:
        what = f"{entry.get('event')}: {str(entry.get('exception', '')).strip()[-300:]}"
        if entry.get("event") in EXPECTED_ERRORS or not self._heard():
            return
        self.broken("engine", what)

    def _heard(self) -> bool:
        return self.world.engine is not None and self.world.engine.alive

    @property
    def unsettled(self) -> int:
        return self._accounting.unsettled + len(self.world.asterisk.callers)

    @property
    def sums(self) -> Counter[str]:
        return self._accounting.sums

    def close(self) -> None:
        self._accounting.close()

    # -- what happens

    def event_lost(self, event: PhoneEvent) -> None:
        self.world.happened["events lost"] = self.world.happened.get("events lost", 0) + 1

    def engine_fell(self) -> None:
        self._lines.clear()
        self.fairness.engine_fell()

    def hurt(self, call_id: CallId) -> None:
        caller = self.world.asterisk.callers.get(call_id)
        if caller is not None:
            caller.hurt = True
        self._accounting.hurt(call_id)

    def call_over(self, caller: Caller) -> None:
        for line in self._lines.values():
            line.pop(caller.call_id, None)
        self._accounting.call_over(caller)

    def joins(self, said: Join) -> None:
        """The engine takes this call into a line."""
        caller = self.world.asterisk.callers.get(said.call_id)
        if caller is None:
            return  # it hung up in this very moment
        if caller.queued_at is None:
            caller.queued_at = said.queued_at
        elif abs(caller.queued_at - said.queued_at) > 0.01:
            self.broken("order", "a call came back to another place than it had", caller)
        if said.head_start_s != caller.head_start_s:
            self.broken("order", "a head start that is not the caller's", caller)
        caller.standing = caller.queued_at - caller.head_start_s
        caller.waits_since = self.world.time.now
        caller.joined = True
        caller.rung_in_vain.clear()
        self._lines.setdefault(said.queue, {})[said.call_id] = caller

    def told(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            if type(fact) is OfferMade:
                self._offered(fact)
            elif type(fact) is OfferEnded:
                caller = self.world.asterisk.callers.get(fact.call_id)
                if caller is not None:
                    caller.rung_in_vain[fact.agent_id] = self.world.time.now
                    caller.waits_since = self.world.time.now
            elif type(fact) is CallAbandoned:
                caller = self.world.asterisk.callers.get(fact.call_id)
                if caller is not None:
                    caller.waits_since = self.world.time.now  # let go: its flow speaks to it
            self.fairness.told(fact)

    def _offered(self, fact: OfferMade) -> None:
        world, now, engine = self.world, self.world.time.now, self.world.engine
        caller = world.asterisk.callers.get(fact.call_id)
        if engine is None or caller is None:
            return
        for agent_id in fact.agents:
            person = world.people.persons[agent_id]
            if person.said not in (None, AgentState.READY) and person.said_at < now:
                self.broken("I3", "rung though not ready", person)
            if self._calm_for(REPAIRED_S) and person.talks and person.talking_since < now - 11:
                self.broken("I3", "rung while talking", person)
            if person.agent_id not in self._agents_of(engine, fact.queue):
                self.broken("order", "rung for a queue that is not its own", person)
            if self._calm_for(REPAIRED_S) and person.private and now - person.private_since > 11:
                self.broken("I3", "rung while on a call of its own", person)
        self.fairness.offered(engine, fact, caller)
        self._in_order(engine, fact, caller)

    @staticmethod
    def _agents_of(engine: SimEngine, queue: QueueId) -> tuple[AgentId, ...]:
        rules = engine.acd._floor.rules.queues.get(queue)
        return () if rules is None else rules.agents

    def _in_order(self, engine: SimEngine, fact: OfferMade, caller: Caller) -> None:
        now = self.world.time.now
        line = self._lines.get(fact.queue, {})
        if fact.call_id not in line:
            return
        for other in line.values():
            if (
                other.standing < caller.standing - 0.002
                and other.waits_since < now
                and engine.acd.call_state(other.call_id) is CallState.WAITING
                and any(agent not in other.rung_in_vain for agent in fact.agents)
            ):
                self.broken("order", "served before one who stands before it", caller)
                return

    def invited(self, caller: Caller, dial: Dial, person: Person) -> None:
        """An INVITE reaches a phone."""
        if person.rings and self._calm_for(REPAIRED_S + 10):
            self.broken("I6", "rung for two calls at once", person)

    # -- now and then

    def look(self) -> None:
        world, now, engine = self.world, self.world.time.now, self.world.engine
        world.time.after(LOOK_EVERY_S, self.look)
        if engine is None or not engine.accepting:
            self._hung_since = None
            return
        if world.hung:
            self._hung_since = self._hung_since or now
            self._held_by_the_dead(now)
            return
        self._hung_since = None
        if world.wire.broken:
            return
        free = self._look_at_agents(engine, now)
        self._look_at_calls(engine, now, free)

    def _calm_for(self, seconds: float) -> bool:
        world = self.world
        return (
            not world.wire.broken and not world.hung and world.time.now - world.calm_since > seconds
        )

    def _held_by_the_dead(self, now: float) -> None:
        for caller in self.world.asterisk.callers.values():
            if caller.where is Where.ENGINE and caller.dial is None:
                since = max(caller.held_since, self._hung_since or now)
                if now - since > UNHELD_S and (caller.lease_until is None):
                    self.broken("I2", "held by a hung engine without end", caller)

    def _look_at_agents(self, engine: SimEngine, now: float) -> list[Person]:
        """Also gives those who could be rung."""
        world = self.world
        calm_since = world.calm_since
        shift = engine.clock.now() - now
        agents, phones = engine.acd._floor.agents, world.people.phones
        free: list[Person] = []
        for person in world.people.persons.values():
            agent = agents.get(person.agent_id)
            if agent is None:
                continue
            state, since = agent.state, agent.since - shift
            idle = phones[person.agent_id] is PhoneState.IDLE
            if state is AgentState.READY:
                if (
                    idle
                    and now - max(since, person.phone_idle_since) > IDLE_BESIDE_CALL_S
                    and now - person.unreachable_at > 12
                ):
                    free.append(person)
            elif state is AgentState.OFFERED or state is AgentState.TALKING:
                stuck = now - max(since, person.phone_idle_since, calm_since)
                if idle and stuck > STUCK_S:
                    self.broken("I3", f"marked {state.value} while its phone is idle", person)
            elif (
                state is AgentState.WRAP_UP
                and now - max(since, engine.born_at) > LONGEST_WRAP_UP_S + LOOK_EVERY_S
            ):
                self.broken("I3", "a wrap-up without end", person)
            if (
                state is AgentState.OFFERED
                and person.said is AgentState.LOGGED_OUT
                and now - max(person.said_at, since) > SETTLED_S
            ):
                self.broken("I3", "still rung after it signed out", person)
            if (
                person.said is not None
                and state in RESTING
                and state is not person.said
                and agent.reason != "missed_offers"
                and now - max(person.said_at, engine.born_at, since) > SETTLED_S
            ):
                self.broken("I3", f"{state.value} though it said {person.said.value}", person)
        return free

    def _look_at_calls(self, engine: SimEngine, now: float, free: list[Person]) -> None:
        world = self.world
        known = engine.acd._floor.calls
        long_calm = now - world.calm_since
        if long_calm > UNHELD_S:
            for caller in world.asterisk.callers.values():
                if (
                    caller.where is Where.ENGINE
                    and caller.dial is None
                    and caller.call_id not in known
                    and now - max(caller.held_since, caller.waits_since) > UNHELD_S
                    and not caller.talks
                ):
                    self.broken("I2", "the engine holds a caller it knows nothing of", caller)
        if long_calm > GHOST_S:
            for call_id in known:
                if call_id not in world.asterisk.callers:
                    ended_at = self._accounting.ended_at(call_id)
                    if ended_at is None or now - ended_at > GHOST_S:
                        self.broken("I4", "a call that is gone stands in line or talks")
        if free and long_calm > IDLE_BESIDE_CALL_S:
            self._idle_beside_calls(engine, now, {person.agent_id: person for person in free})

    def _idle_beside_calls(
        self, engine: SimEngine, now: float, free: dict[AgentId, Person]
    ) -> None:
        for queue, line in self._lines.items():
            agents = [free[agent] for agent in self._agents_of(engine, queue) if agent in free]
            if not agents:
                continue
            for call_id, caller in line.items():
                if (
                    now - caller.waits_since <= IDLE_BESIDE_CALL_S
                    or caller.dial is not None
                    or engine.acd.call_state(call_id) is not CallState.WAITING
                ):
                    continue
                for person in agents:
                    if now - caller.rung_in_vain.get(person.agent_id, 0.0) > RETRY_S:
                        self.broken("idle", "free beside a call that it may take", person)
                        return


EXPECTED_ERRORS = frozenset({"call.queue_unknown", "prompt.missing"})
"""Errors that our faults are meant to cause: a site file that takes a queue away under its flow."""
