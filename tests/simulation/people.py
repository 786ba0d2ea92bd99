"""Agents at their phones and pages, and callers' patience: all dice of human kind."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from typing import TYPE_CHECKING

from ccengine.acd.inputs import PhoneState
from ccengine.asterisk.events import PhoneSeen
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import AgentState
from tests.simulation.callers import Caller, Dial, Leg, Where
from tests.simulation.sites import QUEUES, SHARES, VIP, agent_ids

if TYPE_CHECKING:
    from tests.simulation.world import World

RING_DELAY_S = 0.03
LOOKS_EVERY_S = 25.0
"""How often an agent looks whether its page shows what it wants."""


@dataclass(slots=True, eq=False)
class Person:
    """An agent: what it wants, its phone, and what the checks know to be true of it."""

    agent_id: AgentId
    wants: AgentState = AgentState.LOGGED_OUT
    said: AgentState | None = None
    """What the engine was last told it wants; None: a fall may have cost that."""
    said_at: float = 0.0
    reachable: bool = True
    reachable_since: float = 0.0
    private: bool = False
    """On a call of its own."""
    private_since: float = 0.0
    rings: int = 0
    talks: bool = False
    talking_since: float = 0.0
    phone_idle_since: float = 0.0
    asleep_until: float = 0.0
    """Ready by its page, and not at the desk."""
    unreachable_at: float = 0.0
    """When a ring last failed because the phone was not there."""


class People:
    """Fifty agents and everybody who calls."""

    def __init__(self, world: World, agents: int, calls_per_hour: float, lively: float) -> None:
        self._world = world
        self._time = world.time
        self._dice = world.dice
        self._lively = lively
        """How many times as often as in a real centre agents do something unforeseen."""
        self._rate = calls_per_hour / 3600.0
        self.persons = {AgentId(key): Person(agent_id=AgentId(key)) for key in agent_ids(agents)}
        self.phones = dict.fromkeys(self.persons, PhoneState.IDLE)
        self.calls = 0
        self._names = list(SHARES)
        self._weights = list(SHARES.values())
        for person in self.persons.values():
            self._time.after(self._dice.uniform(0, 60), self._shift_begins, person)
            self._time.after(self._dice.uniform(0, LOOKS_EVERY_S), self._look, person)
            self._time.after(
                self._dice.expovariate(self._lively / 7_200), self._phone_trouble, person
            )
        self._time.after(1.0, self._call_comes)

    # -- callers

    def _call_comes(self) -> None:
        day = (self._time.now % 86_400) / 86_400
        rate = self._rate * (0.55 + 0.45 * sin(2 * pi * day))
        if self._time.now < self._world.arrivals_until:
            self._time.after(self._dice.expovariate(rate), self._call_comes)
        self.calls += 1
        queue = self._dice.choices(self._names, self._weights)[0]
        vip = self._dice.random() < 0.15
        number, dice = self.calls, self._dice
        caller = Caller(
            call_id=CallId(f"{number:08x}-0000-4000-8000-{self._world.seed & 0xFFFF:012x}"),
            uniqueid=f"c.{number}",
            channel=f"PJSIP/line-{number:08x}",
            dnis=f"80{list(QUEUES).index(queue)}",
            ani="13800000001" if vip else "",
            queue=queue,
            head_start_s=VIP["gold"] if vip else 0.0,
            arrived_at=self._time.now,
            arrived_wall=self._world.wall(),
            patience_s=5.0 + dice.expovariate(1 / (120 + 30 * self._lively)),
            talk_s=5.0 + dice.gammavariate(2.0, 75.0),
            hangs_up_first=dice.random() < 0.6,
        )
        self._time.after(caller.patience_s, self._loses_patience, caller)
        self._world.asterisk.arrive(caller)

    def _loses_patience(self, caller: Caller) -> None:
        if not caller.talks and caller.where in (Where.ENGINE, Where.MUSIC):
            self._world.asterisk.hang_up(caller)

    # -- phones

    def phone(self, agent_id: AgentId, state: PhoneState | None = None) -> None:
        """Say what the phone is now, if that is something new."""
        person = self.persons[agent_id]
        if state is PhoneState.BUSY:
            person.talks = True
            person.rings -= 1
            person.talking_since = self._time.now
        if not person.reachable:
            now = PhoneState.UNREACHABLE
        elif person.talks or person.private:
            now = PhoneState.BUSY
        else:
            now = PhoneState.RINGING if person.rings else PhoneState.IDLE
        if now is self.phones[agent_id]:
            return
        if now is PhoneState.IDLE:
            person.phone_idle_since = self._time.now
        self.phones[agent_id] = now
        self._world.wire.tell(PhoneSeen(agent_id=agent_id, phone=now))

    def ring(self, caller: Caller, dial: Dial, leg: Leg) -> None:
        """An INVITE has reached the phone, if it is there."""
        person, dice, asterisk = self.persons[leg.agent_id], self._dice, self._world.asterisk
        self._world.checks.invited(caller, dial, person)
        if not person.reachable:
            self._time.after(RING_DELAY_S, self._not_there, caller, dial, leg)
            return
        if person.talks or person.private:
            self._time.after(RING_DELAY_S, asterisk.phone_says, caller, dial, leg, "BUSY")
            return
        person.rings += 1
        leg.rang = True
        self.phone(leg.agent_id)
        if self._time.now < person.asleep_until:
            return
        seconds = QUEUES[caller.queue].get("ring_timeout", 15.0)
        roll = dice.random()
        after = 0.5 + dice.gammavariate(2.0, 1.5)
        if roll < self._world.faults.races:  # an answer that meets the end of the ring
            after = seconds + dice.uniform(-0.03, 0.01)
        elif roll < 2 * self._world.faults.races:  # or the caller's hang-up
            self._time.after(after + dice.uniform(-0.03, 0.03), self._hangs_up_ringing, caller)
        elif roll > 0.98:
            self._time.after(after, asterisk.phone_says, caller, dial, leg, "BUSY")
            return
        elif roll > 0.94:
            return  # nobody there: it rings out
        elif roll > 0.94 - 0.01 * self._lively:
            self._time.after(after / 2, self._leaves, person)
        self._time.after(after, asterisk.answer, caller, dial, leg)

    def _not_there(self, caller: Caller, dial: Dial, leg: Leg) -> None:
        self.persons[leg.agent_id].unreachable_at = self._time.now
        self._world.asterisk.phone_says(caller, dial, leg, "CHANUNAVAIL")

    def _hangs_up_ringing(self, caller: Caller) -> None:
        self._world.asterisk.hang_up(caller)

    def leg_over(self, caller: Caller, leg: Leg, status: str) -> None:
        person = self.persons[leg.agent_id]
        person.rings -= leg.rang
        self.phone(leg.agent_id)

    def talk(self, caller: Caller, dial: Dial) -> None:
        asterisk = self._world.asterisk
        if caller.hangs_up_first:
            self._time.after(caller.talk_s, asterisk.hang_up, caller)
        else:
            self._time.after(caller.talk_s, asterisk.agent_hangs_up, caller, dial)

    def talk_over(self, agent_id: AgentId) -> None:
        person = self.persons[agent_id]
        person.talks = False
        self.phone(agent_id)

    def _phone_trouble(self, person: Person) -> None:
        """Now and then a phone is away for a while, or its agent makes a call of its own."""
        self._time.after(self._dice.expovariate(self._lively / 7_200), self._phone_trouble, person)
        if self._dice.random() < 0.3:
            person.asleep_until = self._time.now + self._dice.uniform(60, 900)
        elif not person.talks and not person.rings and person.reachable and not person.private:
            if self._dice.random() < 0.5:
                person.reachable = False
            else:
                person.private, person.private_since = True, self._time.now
            self.phone(person.agent_id)
            self._time.after(self._dice.uniform(3, 60), self._phone_well, person)

    def _phone_well(self, person: Person) -> None:
        person.reachable, person.private = True, False
        person.reachable_since = self._time.now
        self.phone(person.agent_id)

    # -- pages

    def _shift_begins(self, person: Person) -> None:
        self._wants(person, AgentState.READY)
        self._time.after(self._dice.uniform(600, 10_000) / self._lively, self._pause, person)

    def _pause(self, person: Person) -> None:
        ends = self._dice.random() < 0.3
        self._wants(person, AgentState.LOGGED_OUT if ends else AgentState.NOT_READY)
        self._time.after(self._dice.uniform(60, 1_200), self._shift_begins, person)

    def _leaves(self, person: Person) -> None:
        """Signs out while the phone rings, and is back soon."""
        self._wants(person, AgentState.LOGGED_OUT)
        self._time.after(self._dice.uniform(20, 120), self._wants, person, AgentState.READY)

    def _wants(self, person: Person, state: AgentState) -> None:
        person.wants = state
        self._world.click(self._say, person, state)

    def _look(self, person: Person) -> None:
        """Whoever sees a page that shows something else than was asked for asks again."""
        self._time.after(LOOKS_EVERY_S * self._dice.uniform(0.8, 1.2), self._look, person)
        engine = self._world.engine
        if engine is None or not engine.accepting:
            return
        agent = engine.acd._floor.agents.get(person.agent_id)
        seen = AgentState.LOGGED_OUT if agent is None else agent.state
        resting = seen in (AgentState.LOGGED_OUT, AgentState.NOT_READY, AgentState.READY)
        if (resting and seen is not person.wants) or (
            seen is AgentState.WRAP_UP and self._dice.random() < 0.4
        ):
            self._world.click(self._say, person, person.wants)

    def _say(self, person: Person, state: AgentState) -> None:
        """On the engine's own loop: the page's request has arrived."""
        engine = self._world.engine
        if engine is None or person.wants is not state:
            return
        door, agent_id = engine.door, person.agent_id
        person.said, person.said_at = state, self._time.now
        self._world.checks.fairness.clicked(agent_id)
        match state:
            case AgentState.READY:
                door.sign_in(agent_id)
                door.ready(agent_id)
            case AgentState.NOT_READY:
                door.sign_in(agent_id)
                door.not_ready(agent_id, "lunch")
            case _:
                door.sign_out(agent_id)
