"""The world on virtual time: it owns the clock, the dice, Asterisk, the people and the faults."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest import mock

import structlog

from ccengine.asterisk import snapshot
from tests.simulation import engine as engines
from tests.simulation.asterisk import Asterisk
from tests.simulation.callers import Where
from tests.simulation.clockwork import START, Timeline
from tests.simulation.engine import SimEngine
from tests.simulation.faults import CALM, Faults, Trouble, Wire
from tests.simulation.invariants import Checks
from tests.simulation.journal import SimJournal
from tests.simulation.people import People
from tests.simulation.sites import site_of

SETTLES_S = 3_600.0
"""After the last arrival: longest wait and talk, and the checks' own delays."""
SITES = (("", 0), ("returns", 0), ("", 2))


class World:
    """One run. The same seed and faults give the same run."""

    def __init__(
        self,
        *,
        seed: int,
        hours: float,
        faults: Faults = CALM,
        agents: int = 50,
        calls_per_hour: float = 1_000.0,
        lively: float = 1.0,
        stop_at_first: bool = False,
    ) -> None:
        self.seed, self.faults = seed, faults
        self.dice = Random(seed)
        self.time = Timeline()
        self.loaded = site_of(agents)
        self._agents = agents
        self._site = 0
        self.arrivals_until = START + hours * 3600.0
        self.stop_at_first = stop_at_first
        self.wall_offset = 0.0
        self.hung_until = 0.0
        self.calm_since = START
        """Since when the engine is up, not hung, and hears Asterisk."""
        self.up_since = START
        self.engine: SimEngine | None = None
        self._boots = 0
        self.happened: dict[str, int] = {}
        self.checks = Checks(self)
        self.wire = Wire(self)
        self.journal = SimJournal(self.time)
        self.asterisk = Asterisk(self)
        self.people = People(self, agents, calls_per_hour, lively)

    def wall(self) -> float:
        """The machine's clock, which may be set."""
        return self.time.now + self.wall_offset

    # -- the run

    def run(self) -> Checks:
        """To the end of the hours, and on until each call is accounted for."""
        with _quiet_logs(self.checks), _virtual_time(self):
            self._start_engine()
            self.time.after(0.0, Trouble, self)
            self.time.after(5.0, self.checks.look)
            self._turn_until(self.arrivals_until)
            last = self.arrivals_until + SETTLES_S
            while self.checks.unsettled and self.time.now < last:
                self._turn_until(self.time.now + 60.0)
            self.checks.close()
            self.end()
        return self.checks

    def end(self) -> None:
        """The engine's coroutines end before the world does."""
        if self.engine is not None:
            self.engine.fall()
            self.engine = None

    def _turn_until(self, end: float) -> None:
        time = self.time
        while not (self.stop_at_first and self.checks.violations):
            engine, outside = self.engine, time.next_at()
            if engine is not None:
                inside = max(engine.loop.next_at(), self.hung_until)
                if inside <= outside:
                    if inside > end:
                        break
                    time.now = max(inside, time.now)
                    engine.loop.turn()
                    continue
            if outside > end:
                break
            time.step()
        time.now = max(time.now, end)

    @property
    def hung(self) -> bool:
        return self.time.now < self.hung_until

    def click(self, act: Callable[..., None], *what: object) -> None:
        """A page's request; lost while there is no engine."""
        if self.engine is not None and self.engine.accepting:
            self.engine.loop.call_soon(act, *what)

    # -- faults

    def _count(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1

    def _start_engine(self) -> None:
        self._boots += 1
        self.engine = SimEngine(self, self._boots)
        self.up_since = self.calm_since = self.time.now

    def kill(self) -> None:
        """Killed now; another one starts a little later."""
        engine = self.engine
        if engine is None:
            return
        self._count("kills")
        engine.alive = False
        for call_id in self.journal.fall():
            self.checks.hurt(call_id)
        self.checks.engine_fell()
        for person in self.people.persons.values():
            if person.said_at > self.time.now - 0.1 or self.hung:
                person.said = None
        self.engine = None
        self.hung_until = 0.0
        for caller in self.asterisk.callers.values():
            caller.outlived = True
        held = [caller for caller in self.asterisk.callers.values() if caller.agi is not None]
        for caller in held:
            if caller.agi is not None:
                caller.agi.lose()
            caller.agi = None
        engine.fall()
        for caller in held:
            self.asterisk.connection_closed(caller)
        self.time.after(self.dice.uniform(0.5, self.faults.dead_s), self._start_engine)

    def hang(self) -> None:
        if self.engine is None or self.hung:
            return
        self._count("hangs")
        self.hung_until = self.time.now + self.dice.uniform(1.0, self.faults.hang_s)
        self.time.at(self.hung_until, self._awake)

    def _awake(self) -> None:
        self.up_since = self.calm_since = self.time.now

    def cut_link(self) -> None:
        if self.wire.broken:
            return
        self._count("cuts")
        self.wire.broken = True
        noticed = self.dice.uniform(0.0, 5.0)
        self.time.after(noticed, self._link, False)
        self.time.after(noticed + self.dice.uniform(0.5, self.faults.link_down_s), self._link, True)

    def _link(self, up: bool) -> None:
        if up:
            self.wire.broken = False
            self.calm_since = self.time.now
        if self.engine is not None:
            self.engine.link_changed(up)

    def step_clock(self) -> None:
        self._count("clock steps")
        far = 3_600.0 if self.dice.random() < 0.2 else 5.0
        self.wall_offset += self.dice.uniform(-far, far)

    def next_site(self) -> None:
        self._count("site files")
        self._site = (self._site + 1) % len(SITES)
        without, gone = SITES[self._site]
        self.loaded = site_of(self._agents, without, gone)
        if self.engine is not None:
            self.engine.new_site(self.loaded)

    def waiting(self) -> Iterator[Any]:
        return (c for c in self.asterisk.callers.values() if c.where is Where.ENGINE)


@contextmanager
def _quiet_logs(checks: Checks) -> Iterator[None]:
    """Only what the engine itself calls an error is heard, and counts as one."""
    before = structlog.get_config()

    def hear(_: object, __: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        checks.logged(entry)
        raise structlog.DropEvent

    structlog.configure(
        processors=[structlog.processors.format_exc_info, hear],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _virtual_time(world: World) -> Iterator[None]:
    """The engine's clock reads the world's; the snapshot is asked of the world."""
    watch = mock.Mock(spec=["time", "monotonic"])
    watch.time = world.wall
    watch.monotonic = lambda: world.time.now - START
    with (
        mock.patch("ccengine.clock.time", watch),
        mock.patch.object(snapshot, "take", engines.take),
    ):
        yield
