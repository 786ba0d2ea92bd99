"""One call through a flow on virtual time: the very run that the phone carries out.

At every wait the run is laid down as JSON and taken up again from it, as an engine that was
restarted just then would do; the call goes on in the run that was taken up.
"""

from __future__ import annotations

import json
from dataclasses import replace

from ccengine.flowtest.arrival import Arrival, Calendar, context_of
from ccengine.ivr.answers import Answer
from ccengine.ivr.engine import FlowRun, Turn
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import (
    CollectWait,
    EndWait,
    KnowledgeWait,
    ListenWait,
    LookupWait,
    PlayWait,
    RouteWait,
    Wait,
)
from ccengine.journal.facts import CallFact, FlowEnded, FlowStepped
from ccengine.site.model import Site

_ASKED_AGAIN = (KnowledgeWait, LookupWait, RouteWait)
"""What a restored call may do instead of where it stood: ask the outside once more."""


class RestartDiffersError(Exception):
    """A restart at this wait would change the call: a mistake in a step's code."""

    def __init__(self, step: str, was: object, became: object) -> None:
        super().__init__(f"a restart at {step} would change the call: from {was!r} to {became!r}")


class Call:
    """From its arrival to its ``EndWait``; whoever plays the world answers its waits."""

    def __init__(self, flow: Flow, arrival: Arrival, site: Site | None) -> None:
        self.flow = flow
        self.arrival = arrival
        self.calendar = Calendar(site, arrival.hours)
        self.began = self.now = self.calendar.clock(arrival.at)
        self.run = FlowRun(flow, context_of(arrival, self.calendar))
        self.facts: list[CallFact] = []
        self.stood: set[tuple[str, str]] = set()
        """(flow, step) of all places at which the call has waited."""
        self.error: Exception | None = None
        """What broke in a step, or in taking it up again: the caller hears an apology."""
        self.wait: Wait = EndWait(result="")
        self._take(self.run.start(self.now))

    @property
    def over(self) -> bool:
        return isinstance(self.wait, EndWait)

    @property
    def elapsed_s(self) -> float:
        return self.now - self.began

    @property
    def way(self) -> list[tuple[str, str]]:
        """(step, result) of all finished steps, as in the journal."""
        return [(fact.step, fact.result) for fact in self.facts if isinstance(fact, FlowStepped)]

    @property
    def end(self) -> FlowEnded | None:
        return next((fact for fact in self.facts if isinstance(fact, FlowEnded)), None)

    def answer(self, answer: Answer, took_s: float = 0.0) -> None:
        """The wait was carried out, and it took so long."""
        self.now += took_s
        self._take(self.run.resume(answer, self.now))

    def _take(self, turn: Turn) -> None:
        self.facts += turn.facts
        self.wait = turn.wait
        self.error = self.error or turn.error
        self._restart()

    def _restart(self) -> None:
        """Raises RestartDiffersError."""
        saved = json.loads(json.dumps(self.run.save()))
        self.stood |= {(frame["flow"], frame["step"]) for frame in saved["frames"]}
        again = FlowRun.restore(
            self.flow,
            saved,
            self.calendar.is_open,
            self.calendar.is_holiday,
            time_zone=self.calendar.zone.key,
        )
        if again.save() != self.run.save():
            raise RestartDiffersError(self.run.step, self.run.save(), again.save())
        if any(frame["secrets"] for frame in saved["frames"]):
            return  # forgotten on purpose: whoever is taken up is asked for them again
        if _same(again.wait, self.wait):
            self.run = again
        elif not isinstance(again.wait, _ASKED_AGAIN):
            raise RestartDiffersError(self.run.step, self.wait, again.wait)


def _same(restored: Wait, wait: Wait) -> bool:
    """But for ``fresh``: after a restart there are no keys from before it anyway."""
    return _not_fresh(restored) == _not_fresh(wait)


def _not_fresh(wait: Wait) -> Wait:
    if isinstance(wait, PlayWait | CollectWait | ListenWait):
        return replace(wait, fresh=False)
    return wait
