"""Every path of a flow walked by itself: all keys, silence, all that the outside can answer.

Calls that stand at the same wait and know the same go on as one, so that a flow with rounds has an
end; names that decide about no way count as one whatever their value. Opening hours are
asked both ways, whatever the clock says.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

from ccengine.flowtest.arrival import Arrival, Calendar, Opening, context_of
from ccengine.flowtest.coverage import Coverage
from ccengine.flowtest.deciding import Deciding
from ccengine.flowtest.literals import literals_of
from ccengine.flowtest.recorder import Written
from ccengine.flowtest.spoken_time import SpokenTime, estimated
from ccengine.flowtest.worth_trying import Known, Try, worth_trying
from ccengine.ids import FlowId
from ccengine.ivr.answers import Answer
from ccengine.ivr.engine import FlowRun, Turn
from ccengine.ivr.model import Flow, FlowContext
from ccengine.ivr.waits import (
    CallbackWait,
    ConferenceWait,
    EndWait,
    QueueWait,
    TransferWait,
    Wait,
)
from ccengine.site.model import Site

MOST_STATES = 4_000
"""So many different situations are looked at; then the walk says that it is not whole."""
_PERSON = (QueueWait, TransferWait, ConferenceWait, CallbackWait)
"""Where a caller waits for a person, or arranges to be called by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One answer, and the situation after it."""

    tried: Try
    to: int


@dataclass(slots=True, kw_only=True)
class State:
    """A situation in which calls can stand. ``inputs``: the shortest way to it."""

    flow: FlowId
    step: str
    wait: Wait
    run: FlowRun
    arrival: Arrival
    inputs: tuple[Written, ...]
    met: bool
    """The caller has been led to a person before."""
    error: Exception | None = None
    edges: list[Edge] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return isinstance(self.wait, EndWait)

    @property
    def person(self) -> bool:
        return isinstance(self.wait, _PERSON)

    @property
    def choice(self) -> bool:
        """The caller is asked for something."""
        return any(edge.tried.chosen for edge in self.edges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """``starts``: places in ``states`` of calls that have just arrived."""

    flow: Flow
    states: tuple[State, ...]
    starts: tuple[int, ...]
    coverage: Coverage
    whole: bool


class _Assumed(Calendar):
    """Opening hours as they are taken to be; notes which were asked for and not yet decided."""

    def __init__(self, site: Site | None) -> None:
        super().__init__(site, {})
        self.hours: Mapping[str, Opening] = {}
        self.open_question: str | None = None

    def is_open(self, hours: str, now: float) -> bool:
        return self._assumed(hours) == "open"

    def is_holiday(self, hours: str, now: float) -> bool:
        return self._assumed(hours) == "holiday"

    def _assumed(self, hours: str) -> Opening:
        if hours not in self.hours:
            self.open_question = self.open_question or hours
        return self.hours.get(hours, "open")


class Explorer:
    """Walks one flow; ``explore`` is called once."""

    def __init__(self, flow: Flow, site: Site | None, spoken_time: SpokenTime = estimated) -> None:
        self._flow = flow
        self._flows = {**flow.others, flow.id: flow}
        self._calendar = _Assumed(site)
        self._states: list[State] = []
        self._numbers: dict[object, int] = {}
        self._to_visit: deque[int] = deque()
        self._coverage = Coverage(flows=self._flows)
        self._openings: tuple[Opening, ...] = ("open", "closed")
        steps = [step for one in self._flows.values() for step in one.steps.values()]
        if any(getattr(step, "holiday", None) for step in steps):
            self._openings = ("open", "closed", "holiday")
        self._names = {use.name for step in steps for use in step.reads()}
        self._deciding = Deciding(self._flows)
        self._known = Known(
            literals=literals_of(self._flows.values()),
            queues=tuple(site.queues) if site else (),
            flows=tuple(flow.others),
            now=self._calendar.clock(Arrival().at),
            time_zone=self._calendar.zone.key,
            spoken_time=spoken_time,
        )

    def explore(self) -> Explored:
        starts = [place for arrival in self._arrivals() for place in self._start(arrival)]
        whole = True
        while self._to_visit:
            if len(self._states) > MOST_STATES:
                whole = False
                break
            self._visit(self._states[self._to_visit.popleft()])
        return Explored(
            flow=self._flow,
            states=tuple(self._states),
            starts=tuple(dict.fromkeys(starts)),
            coverage=self._coverage,
            whole=whole,
        )

    def _arrivals(self) -> list[Arrival]:
        """One caller, and others where the flow makes a difference between them."""
        arrivals = [Arrival()]
        if any(name.startswith("customer.") for name in self._names):
            known = {"name": "王小明", "id": "1", "last_agent": "1001"}
            arrivals += [replace(arrival, customer=known) for arrival in arrivals]
        if "caller.verified" in self._names:
            arrivals += [replace(arrival, verified=False) for arrival in arrivals]
        words = [value for value in self._known.literals if isinstance(value, str) and value]
        if "call.vip_level" in self._names:
            arrivals += [replace(arrivals[0], vip=word) for word in words]
        if "caller.number" in self._names:
            arrivals += [replace(arrivals[0], ani=word) for word in words if word.isdecimal()]
        if "call.number" in self._names:
            arrivals += [replace(arrivals[0], dnis=word) for word in words if word.isdecimal()]
        if "call.language" in self._names:
            arrivals.append(replace(arrivals[0], language="en"))
        return arrivals

    def _start(self, arrival: Arrival) -> list[int]:
        context = context_of(arrival, self._calendar)
        return [
            self._add(run, turn, arrival=replace(arrival, hours=hours), inputs=(), met=False)
            for run, turn, hours in self._turns({}, partial(self._begun, context))
        ]

    def _begun(self, context: FlowContext) -> tuple[FlowRun, Turn]:
        run = FlowRun(self._flow, context)
        return run, run.start(self._known.now)

    def _visit(self, state: State) -> None:
        step = state.run.flow_now.steps[state.step]
        for tried in worth_trying(state.wait, step, self._known):
            inputs = state.inputs if tried.step is None else (*state.inputs, tried.step)
            for run, turn, hours in self._turns(
                state.arrival.hours, partial(self._resumed, state.run, tried.answer)
            ):
                to = self._add(
                    run,
                    turn,
                    arrival=replace(state.arrival, hours=hours),
                    inputs=inputs,
                    met=state.met or state.person,
                )
                state.edges.append(Edge(tried=tried, to=to))

    def _resumed(self, run: FlowRun, answer: Answer) -> tuple[FlowRun, Turn]:
        again = run.fork()
        return again, again.resume(answer, self._known.now)

    def _turns(
        self, hours: Mapping[str, Opening], move: Callable[[], tuple[FlowRun, Turn]]
    ) -> list[tuple[FlowRun, Turn, Mapping[str, Opening]]]:
        """The move under each assumption on opening hours that it makes necessary."""
        to_do: list[Mapping[str, Opening]] = [hours]
        done: list[tuple[FlowRun, Turn, Mapping[str, Opening]]] = []
        while to_do:
            self._calendar.hours = to_do.pop()
            self._calendar.open_question = None
            run, turn = move()
            asked = self._calendar.open_question
            if asked is None:
                done.append((run, turn, self._calendar.hours))
            else:
                before = self._calendar.hours
                to_do += [{**before, asked: opening} for opening in reversed(self._openings)]
        return done

    def _place(self, frame: dict[str, Any]) -> object:
        flow, step = frame["flow"], frame["step"]
        return flow, step, self._deciding.situation(flow, step, frame["data"]), frame["secrets"]

    def _add(
        self,
        run: FlowRun,
        turn: Turn,
        *,
        arrival: Arrival,
        inputs: tuple[Written, ...],
        met: bool,
    ) -> int:
        saved = run.save()
        frames = cast("list[dict[str, Any]]", saved["frames"])
        stood = [(frame["flow"], frame["step"]) for frame in frames]
        self._coverage.add_facts(turn.facts, stood, now_at=run.step)
        over = isinstance(turn.wait, EndWait)
        known = {name: saved[name] for name in ("language", "phase", "end")}
        known["step"] = f"{run.flow_now.id}.{run.step}"
        known["frames"] = [] if over else [self._place(frame) for frame in frames]
        key = (
            json.dumps(known, sort_keys=True),
            type(turn.wait),
            getattr(turn.wait, "keys", ""),
            repr(sorted(arrival.hours.items())),
            repr((arrival.vip, arrival.verified, arrival.ani, arrival.dnis, arrival.customer)),
            met,
            "" if over else repr(sorted(run.memory.items())),
        )
        if key in self._numbers:
            return self._numbers[key]
        place = self._numbers[key] = len(self._states)
        state = State(
            flow=run.flow_now.id,
            step=run.step,
            wait=turn.wait,
            run=run,
            arrival=arrival,
            inputs=inputs,
            met=met,
            error=turn.error,
        )
        self._states.append(state)
        if not state.over:
            self._to_visit.append(place)
        return place
