"""What is drawn for calls and agents, each from dice of its own.

The same call has the same patience and the same talk under both site files: what differs between
the two is the files' doing.
"""

from __future__ import annotations

from random import Random

from ccengine.acd.rules import SkillRequirement, WrapUpMode
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.plan.casting import Cast
from ccengine.plan.traffic import Handling, PastStay, Ring, Traffic

SAME_S = 0.5
"""Two wrap-ups that differ by less took the same time."""

RETURN_S = 60.0
"""After how long an agent comes back whom missed offers set not ready, if none was seen."""

UNSEEN_TALK = Handling(talk_s=180.0, hold_s=0.0, wrap_up_s=None)
"""When no talk was seen anywhere: the field's usual three minutes."""

UNSEEN_ANSWER_S = 5.0
"""When no offer was seen anywhere."""


class Draws:
    def __init__(self, traffic: Traffic, cast: Cast, seed: int) -> None:
        self._traffic = traffic
        self._cast = cast
        self._seed = seed
        self._talks = tuple(talk for seen in traffic.handlings.values() for talk in seen)

    def _dice(self, *names: object) -> Random:
        return Random(f"{self._seed} {' '.join(map(str, names))}")

    def patience_s(self, call_id: CallId, index: int, stay: PastStay) -> float:
        """Exact for who gave up; for all others longer than they were seen to wait."""
        if stay.gave_up:
            return stay.waited_s
        seen = self._traffic.patience[stay.queue]
        if not seen.times:
            seen = self._traffic.any_patience
        chance = self._dice("patience", call_id, index).random()
        return seen.draw(chance, longer_than=stay.waited_s)

    def handling(self, call_id: CallId, index: int, stay: PastStay) -> Handling:
        """Exact for who was answered; for all others one that was seen in the queue."""
        if stay.handling is not None:
            return stay.handling
        seen = self._traffic.handlings.get(stay.queue) or self._talks
        return self._dice("talk", call_id, index).choice(seen) if seen else UNSEEN_TALK

    def requires(self, stay: PastStay) -> tuple[SkillRequirement, ...]:
        """What the flow asked for: the queue's own needs of the time are left out."""
        queue = self._cast.before.queues.get(stay.queue)
        own = {} if queue is None else queue.skills
        return tuple(need for need in stay.requires if own.get(need.skill) != need.level)

    def ring(self, call_id: CallId, agent: AgentId, tries: int) -> Ring:
        """How the agent takes this offer."""
        habit = self._cast.habit(agent)
        dice = self._dice("ring", call_id, agent, tries)
        if not habit.rings:
            return Ring(result=None, rang_s=UNSEEN_ANSWER_S)
        ring = dice.choice(habit.rings)
        if ring.result is not None or not habit.answers.times:
            return ring
        return Ring(result=None, rang_s=habit.answers.draw(dice.random()))

    def accepts_callback(self, call_id: CallId) -> bool:
        return self._dice("callback", call_id).random() < self._traffic.callback_share

    def return_s(self, agent: AgentId, at: float) -> float:
        seen = self._traffic.returns_s
        return self._dice("return", agent, at).choice(seen) if seen else RETURN_S

    def wrap_up_by_hand_s(self, handling: Handling, past: QueueId, queue: QueueId) -> float | None:
        """When the agent says ready; None: the wrap-up's own time runs out before.

        Who let the time run out at the time, lets it run out now, however long it is now.
        """
        rules, seen_s = self._cast.rules.queues.get(queue), handling.wrap_up_s
        if rules is None:
            return None
        if rules.wrap_up_mode is WrapUpMode.UNTIL_DONE:
            return rules.wrap_up_s if seen_s is None else seen_s
        was = self._cast.before.queues.get(past)
        ran_out = seen_s is None or (was is not None and abs(seen_s - was.wrap_up) < SAME_S)
        return None if ran_out or seen_s is None or seen_s >= rules.wrap_up_s else seen_s

    def wrap_up_ends_by_hand(self, queue: QueueId) -> bool:
        """Whether nothing else would ever end it."""
        rules = self._cast.rules.queues.get(queue)
        return rules is not None and rules.wrap_up_mode is WrapUpMode.UNTIL_DONE
