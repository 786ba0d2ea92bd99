"""How agents take offers, by what was seen of them."""

from __future__ import annotations

from collections import defaultdict

from ccengine.ids import AgentId, OfferId
from ccengine.journal.facts import CallAnswered, OfferEnded, OfferMade, OfferResult
from ccengine.plan.survival import Seen, survival
from ccengine.plan.traffic import Habit, Ring

ENOUGH_SEEN = 5
"""Offers below which an agent is taken for an average one."""

ANYBODY = AgentId("")
"""Whose habit is that of all agents together."""


class Habits:
    """Grows while facts are read."""

    def __init__(self) -> None:
        self._made: dict[OfferId, float] = {}
        self._rings: dict[AgentId, list[Ring]] = defaultdict(list)
        self._answers: dict[AgentId, list[Seen]] = defaultdict(list)

    def offered(self, fact: OfferMade) -> None:
        self._made[fact.offer_id] = fact.at

    def answered(self, fact: CallAnswered) -> None:
        made = self._made.pop(fact.offer_id, None)
        if made is not None:
            rang_s = max(0.0, fact.at - made)
            self._rings[fact.agent_id].append(Ring(result=None, rang_s=rang_s))
            self._answers[fact.agent_id].append(Seen(lasted_s=rang_s, ended=True))

    def ended(self, fact: OfferEnded) -> None:
        """A leg withdrawn says only that no answer had come by then."""
        if fact.result is OfferResult.WITHDRAWN:
            self._answers[fact.agent_id].append(Seen(lasted_s=fact.rang_s, ended=False))
        else:
            self._rings[fact.agent_id].append(Ring(result=fact.result, rang_s=fact.rang_s))

    def all(self) -> dict[AgentId, Habit]:
        """Each agent of whom enough was seen, and ``ANYBODY``."""
        everyone = Habit(
            rings=tuple(ring for rings in self._rings.values() for ring in rings),
            answers=survival(case for cases in self._answers.values() for case in cases),
        )
        found = {
            agent: Habit(rings=tuple(rings), answers=survival(self._answers[agent]))
            for agent, rings in self._rings.items()
            if len(rings) >= ENOUGH_SEEN
        }
        return {ANYBODY: everyone, **found}
