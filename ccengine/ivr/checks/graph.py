"""Where a call can get to from a step, through all flows that lead to one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ccengine.ids import FlowId
from ccengine.ivr.draft import Draft

Place = tuple[FlowId, str]
"""A step of a flow."""


class Graph:
    """The ways between places. Generous: a flow that is entered may come back by any way of the
    step that entered it, so what cannot be reached here cannot be reached at all."""

    def __init__(self, drafts: Mapping[FlowId, Draft]) -> None:
        self._drafts = drafts
        self._callers: dict[FlowId, list[Place]] = {}
        self._taken: dict[FlowId, set[str]] = {}
        for place in self.places():
            for use in drafts[place[0]].steps[place[1]].flows():
                self._taken.setdefault(use.flow, set()).update(use.takes)
                if use.comes_back:
                    self._callers.setdefault(use.flow, []).append(place)

    def places(self) -> Iterator[Place]:
        for draft in self._drafts.values():
            for name in draft.steps:
                yield draft.id, name

    def entered(self, flow: FlowId) -> bool:
        """Whether some step enters this flow and waits for its return."""
        return flow in self._callers

    def taken(self, flow: FlowId) -> set[str]:
        """The names that steps of other flows keep of what this one learnt."""
        return self._taken.get(flow, set())

    def after(self, place: Place) -> Iterator[Place]:
        """All places to which one step leads."""
        flow, name = place
        step = self._drafts[flow].steps[name]
        for branch in step.ways():
            yield flow, branch.to
        for use in step.flows():
            if use.flow in self._drafts:
                yield use.flow, self._drafts[use.flow].start
        if step.returns() is not None:
            for caller in self._callers.get(flow, ()):
                for branch in self._drafts[caller[0]].steps[caller[1]].ways():
                    yield caller[0], branch.to

    def leading_to(self, goals: Iterable[Place]) -> set[Place]:
        """All places from which one of the goals can be reached, themselves among them.

        A step that cannot be read may lead anywhere: it counts as a goal.
        """
        before: dict[Place, list[Place]] = {}
        unread: set[Place] = set()
        for place in self.places():
            for to in self.after(place):
                before.setdefault(to, []).append(place)
                if to[1] not in self._drafts[to[0]].steps:
                    unread.add(to)
        found: set[Place] = set()
        to_visit = [*goals, *unread]
        while to_visit:
            place = to_visit.pop()
            if place not in found:
                found.add(place)
                to_visit += before.get(place, ())
        return found
